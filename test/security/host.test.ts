import { access, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { withoutSecrets } from "../../src/core/text/without-secrets.ts";
import { HiddenTexts } from "../../src/builder/log/hidden-texts.ts";
import { GitOutput } from "../../src/builder/sources/git-output.ts";
import { exists } from "../../src/core/files/directories.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { bin, output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { webServer } from "../support/web-server.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterAll(() => host.close());

const repositories = { count: 0 };
/** Builds a package on the host whose %build is a script. */
async function build(script: string, env: Record<string, string | undefined> = {}): Promise<{ exitCode: number | string; stdout: string }> {
  repositories.count += 1;
  const name = `p${repositories.count}`;
  const repository = await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, `set +x\n${script}`) });
  const task = join(host.directory, "hostile.json");
  await writeFile(task, JSON.stringify(rpmTask(repository)));
  const words = ["run", "--config", join(host.directory, "main.ini"), "--task-file", task, "--state-dir", host.stateDirectory];
  return runProgram([...bin.builder, ...words], { env, cwd: host.directory });
}

describe("C29: the caller's environment", () => {
  const names = (
    "GIT_SSH_COMMAND GIT_DIR GIT_EXEC_PATH GIT_ASKPASS SSH_ASKPASS SSH_AUTH_SOCK LD_LIBRARY_PATH BASH_ENV ENV SHELLOPTS PYTHONPATH PYTHONSTARTUP " +
    "PERL5LIB PERL5OPT RUBYOPT RUBYLIB RPM_CONFIGDIR LUA_PATH LUA_INIT XDG_CONFIG_HOME MAKEFLAGS TAR_OPTIONS GZIP POSIXLY_CORRECT CDPATH IFS " +
    "EDITOR PAGER AWS_SECRET_ACCESS_KEY COPR_LOGIN MOCK_CONFIG NODE_PATH"
  ).split(" ");

  test("C29: does not reach the programs of a task", async () => {
    const evil = join(host.directory, "evil");
    await mkdir(evil);
    await writeFile(join(evil, ".rpmmacros"), `%evil %(touch ${evil}/PWNED)\n%_build_id_links none\n%copr_username evil\n`);
    await writeFile(join(evil, "script"), `touch ${evil}/PWNED\n`, { mode: 0o755 });
    const hostile = Object.fromEntries(names.map((name) => [name, join(evil, "script")]));
    const env = { ...hostile, HOME: evil, SHELLOPTS: undefined, SECRET_MARK: "do-not-show" };
    const { exitCode, stdout } = await build("env; rpm --eval 'user=%{copr_username} %{?evil}'", env);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("user=alice \n");
    expect(stdout).not.toMatch(/do-not-show|\/evil/);
    const environment = /^(?:PATH|HOME)=.*$/gm;
    expect(stdout.match(environment)).toEqual(expect.arrayContaining([expect.stringMatching(/^HOME=.*\/workspace\/workdir-\w+\/home$/)]));
    expect(await exists(join(evil, "PWNED"))).toBe(false);
  });

  test("C29: keeps what is documented", async () => {
    const { stdout } = await build("env", { http_proxy: "http://proxy.example:1", no_proxy: "127.0.0.1", TMPDIR: host.directory });
    expect(stdout).toMatch(/^http_proxy=http:\/\/proxy\.example:1$/m);
    expect(stdout).toMatch(new RegExp(`^TMPDIR=${host.directory}$`, "m"));
  });

  test("C29: no open file of the builder is the build's", async () => {
    const { exitCode, stdout } = await build("ls -l /proc/self/fd | grep -v 'self\\|total\\|/proc/' || true");
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/ -> .*\/(lockfile|live-log|status\.json|keeper)/);
    expect(stdout).not.toMatch(/ -> socket:/);
  });
});

describe("C27: the working directory", () => {
  test("C27: no configuration or template is taken from it", async () => {
    const directory = await temporaryDirectory();
    const state = join(directory, "state");
    for (const name of ["main.ini", "copr-rpmbuild.conf", "mock.cfg.j2", "copr"]) {
      await writeFile(join(directory, name), `[main]\nbuildroot = host\nfrontend_url = ${host.url}/evil\nstate_dir = ${directory}/evil\n`);
    }
    const home = join(directory, "home");
    await mkdir(home);
    const { exitCode, stdout } = await runProgram([...bin.builder, "run", "7", "--state-dir", state], {
      cwd: directory,
      env: { HOME: home },
    });
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain("evil");
    expect(await exists(join(directory, "evil"))).toBe(false);
  });
});

describe("C28: secrets in addresses", () => {
  const secret = "geheim";

  test.each([
    ["--task-url", `http://bob:${secret}@127.0.0.1:1/x`],
    ["--task-url", `http://${secret}@127.0.0.1:1/x`],
  ])("C28: %s is refused with one: everybody sees the list of processes", async (...words) => {
    const { exitCode, stdout, stderr } = await host.builder("run", ...words);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/holds a user name or password/);
    expect(stderr).not.toContain(secret);
  });

  test("C28: that of a source or a frontend is in no log, status or result", async () => {
    const withSecret = host.url.replace("//", `//bob:${secret}@`);
    const config = join(host.directory, "secret.ini");
    await writeFile(config, `[main]\nfrontend_url = ${withSecret}\nbuildroot = host\nfetch_attempts = 1\n`);
    const source = await host.runTask(srpmTask(`${withSecret}/gone.src.rpm`));
    const clone = await host.runTask(srpmTask("", { source_type: 10, source_json: { clone_url: `${withSecret}/git/none.git` } }));
    const words = ["run", "8", "--config", config, "--state-dir", host.stateDirectory];
    const frontend = await runProgram([...bin.builder, ...words]);
    for (const { exitCode, stdout, stderr } of [source, clone, frontend]) {
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/127\.0\.0\.1/);
      expect(stdout + stderr).not.toMatch(/geheim|bob/);
    }
    expect(await readFile(join(host.stateDirectory, "status.json"), "utf8")).not.toMatch(/geheim|bob/);
  });

  test("C28: that of a query is in no log, status or result, also not in what programs say; the server gets it", async () => {
    const query = "?token=geheim-1/2&X-Amz-Signature=geheim%2B3";
    const server = await webServer((response) => response.writeHead(404).end());
    const address = (path: string): string => `${server.url}/${path}${query}`;
    const outcomes = [
      await host.runTask(srpmTask(address("gone.src.rpm"))),
      await host.runTask(srpmTask("", { source_type: 2, source_json: { url: address("gone.src.rpm") } })),
      await host.runTask(srpmTask("", { source_type: 10, source_json: { clone_url: address("none") } })),
      await host.runTask(srpmTask("", { source_type: 8, source_json: { clone_url: address("none"), srpm_build_method: "make_srpm" } })),
      await host.runTask(rpmTask({ url: address("none"), hash: "HEAD" })),
      await host.builder("run", `--task-url=${address("task")}`),
    ];
    expect((await host.builder("run", `--task-url=${server.url}/task?t=abc`)).stdout).not.toContain("t=abc");
    const status = await readFile(join(host.stateDirectory, "status.json"), "utf8");
    for (const { exitCode, stdout, stderr } of outcomes) {
      expect(exitCode).toBe(1);
      expect(stdout).toContain("?token=***&X-Amz-Signature=***");
      expect(stdout + stderr + status).not.toContain("geheim");
    }
    expect(server.requests.filter(({ url }) => url.includes("geheim-1/2&X-Amz-Signature=geheim%2B3")).length).toBeGreaterThanOrEqual(6);
  });

  test("C28: that of an address that no field of sources names is in no log or status either", async () => {
    const server = await webServer((response) => response.writeHead(404).end());
    const login = `${server.url.replace("//", "//bob:geheim@")}/x?token=geheim#t=geheim`;
    const inner = await makeRepository(host.directory, "inner", { file: "x" });
    const outer = await makeRepository(host.directory, "outer", { ".gitmodules": `[submodule "s"]\n\tpath = s\n\turl = ${login}\n` });
    const git = (...words: string[]): Promise<string> => output(["git", "-C", join(host.directory, "outer"), ...words]);
    await git("update-index", "--add", "--cacheinfo", `160000,${inner.hash},s`);
    await git("-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", "With a submodule");
    const repository = { id: "x", name: `{{ ${login}`, baseurl: "http://h/x" };
    const tasks = [
      srpmTask("", { source_type: 10, source_json: { clone_url: outer.url } }),
      srpmTask(` ${login}`),
      rpmTask(inner, { repos: [repository] }),
      rpmTask(inner, { repos: [{ ...repository, name: "x", baseurl: `${login} ${login}` }] }),
    ];
    for (const task of tasks) {
      const { exitCode, stdout, stderr } = await host.runTask(task);
      expect([exitCode, stdout.includes(`${server.url}/x`)]).toEqual([1, true]);
      expect(stdout + stderr + (await readFile(join(host.stateDirectory, "status.json"), "utf8"))).not.toMatch(/geheim|bob/);
    }
    // The logs of the results have what programs print as it is; the status quotes them.
    const failing = `echo "x.c:1:2: error: ${login} is missing" >&2; exit 1`;
    const broken = await makeRepository(host.directory, "broken", { "broken.spec": specText("broken", failing) });
    await host.runTask(rpmTask(broken, { repos: [{ ...repository, name: "x", baseurl: login }] }));
    expect(await readFile(join(host.stateDirectory, "results", "build.log"), "utf8")).toContain("geheim");
    const { cause } = (await host.status()) as { cause: { lines: { text: string }[] } };
    expect(cause.lines[0]?.text).toContain("x.c:1:2: error: http");
    expect((await host.log()) + JSON.stringify(cause)).not.toContain("geheim");
  });

  test("C28: what a program says of a secret is hidden wherever it stands in its output", async () => {
    const hidden = new HiddenTexts();
    hidden.add(["geheim", "geheim/2", "ö?ö"]);
    const bytes = Buffer.concat([Buffer.from("a geheim/2 ö?ö geheim"), Buffer.of(0xff, 0xc3)]);
    expect(hidden.inBytes(bytes)).toEqual(Buffer.concat([Buffer.from("a *** *** ***"), Buffer.of(0xff, 0xc3)]));
    expect(hidden.inText("geheim/2")).toBe("***");
    const plain = Buffer.from("nothing of it");
    expect(hidden.inBytes(plain)).toBe(plain);
  });

  test("C28: the addresses that git tells are hidden wherever its output is cut", () => {
    const text = "fatal: ö 'http://bob:pw@h/x?a=b'\rssh://bob@h/x\n\u0000https://h/#t=";
    for (const size of [1, 7, 1000]) {
      const shown: Buffer[] = [];
      const git = new GitOutput();
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) git.push(bytes.subarray(at, at + size), (some) => shown.push(some));
      git.end((some) => shown.push(some));
      expect(Buffer.concat(shown).toString()).toBe("fatal: ö 'http://h/x?a=***'\rssh://h/x\n\u0000https://h/#t=");
    }
  });

  test.each([
    ["https://bob:ge@heim@h/x?y=1", "https://h/x?y=***"],
    ["ssh://git@h/x", "ssh://h/x"],
    ["https://h/a@b", "https://h/a@b"],
  ])("C28: %s is shown as %s", (address, shown) => {
    expect(withoutSecrets(address)).toBe(shown);
  });
});

describe("C31: cleaning up", () => {
  let precious: string;
  beforeEach(async () => {
    precious = await temporaryDirectory();
    await writeFile(join(precious, "file"), "precious");
  });

  test("C31: what lies behind links in the state directory stays", async () => {
    await host.runTask("null");
    for (const name of ["results", "workspace", "build.running", "pid", "logger_pid", "live-log", "main.log", "results.kept"]) {
      await runProgram(["rm", "-rf", join(host.stateDirectory, name)]);
      await symlink(
        name.includes(".") || name.includes("pid") || name.includes("log") ? join(precious, "file") : precious,
        join(host.stateDirectory, name),
      );
    }
    await host.runTask("null");
    expect(await readdir(precious)).toEqual(["file"]);
    expect(await readFile(join(precious, "file"), "utf8")).toBe("precious");
    expect((await readdir(join(host.stateDirectory, "results"))).length).toBe(0);
  });

  test("C31: what lies behind links that a build leaves stays", async () => {
    const script = `ln -s ${precious} link; ln -s ${precious} %{_topdir}/../link; mkdir -p a/b; ln -s / a/b/root; mkdir closed; touch closed/x; chmod 0 closed`;
    const { exitCode, stdout } = await build(script);
    expect(exitCode, stdout).toBe(0);
    expect(await readFile(join(precious, "file"), "utf8")).toBe("precious");
    await access("/etc/passwd");
    expect(await exists(join(host.stateDirectory, "workspace"))).toBe(false);
  });
});

test("C27, C29: a program of the working directory is not run in place of the system's", async () => {
  onTestFinished(async () => {
    await runProgram(["rm", "-f", join(host.directory, "git"), join(host.directory, "rpmbuild")]);
  });
  for (const name of ["git", "rpmbuild"]) {
    await writeFile(join(host.directory, name), `#!/bin/sh\ntouch ${host.directory}/PWNED\nexit 1\n`, { mode: 0o755 });
  }
  expect((await build("true")).exitCode).toBe(0);
  expect(await exists(join(host.directory, "PWNED"))).toBe(false);
});
