import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../../support/builder-host.ts";
import { makeMockStandIn, type MockStandIn } from "../../support/mock-stand-in/stand-in.ts";
import { type Outcome, output, runProgram } from "../../support/program.ts";

const path = process.env["PATH"] ?? "";

let host: BuilderHost;
let mock: MockStandIn;
let config: string;
beforeEach(async () => {
  host = await startBuilderHost();
  mock = await makeMockStandIn(host.directory);
  process.env["PATH"] = `${mock.binDirectory}:${path}`;
  config = join(host.directory, "mock.ini");
  await writeFile(
    config,
    `[main]\nfrontend_url = ${host.url}\nfetch_attempts = 1\nmock_config_directory = ${mock.configDirectory}\nrules_file = /nonexistent/rules.yml\n`,
  );
});
afterEach(async () => {
  await host.close();
  process.env["PATH"] = path;
});

const run = (task: unknown): Promise<Outcome> => host.runTask(task, "--config", config);
const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const reason = async (): Promise<unknown> => (await host.status())["reason"];
const modes = async (): Promise<string[]> => (await mock.calls()).map(({ mode, scrub }) => [mode, ...scrub].join(" "));

describe("make_srpm", () => {
  const build = 'rpmbuild -bs --nodeps --define \'_sourcedir .\' --define "_srcrpmdir $(outdir)" "$(spec)"';

  /** A repository with a Makefile of this recipe, and its task. */
  async function make(recipe: string, { directory = "", ...changes }: { directory?: string; timeout?: number } = {}): Promise<Outcome> {
    const clone = join(host.directory, "my-package.git");
    const files = {
      [join(directory, "small.spec")]: specText("small", "true"),
      ".copr/Makefile": `srpm:\n${recipe.replace(/^/gm, "\t")}\n`,
    };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(clone, file)), { recursive: true });
      await writeFile(join(clone, file), text);
    }
    await output(["git", "init", "--quiet", clone]);
    await output(["git", "-C", clone, "add", "--all"]);
    await output(["git", "-C", clone, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message=x"]);
    const source = { clone_url: `file://${clone}`, srpm_build_method: "make_srpm", spec: "small.spec", subdirectory: directory };
    return run(srpmTask("", { source_type: 8, source_json: JSON.stringify(source), ...changes }));
  }

  test("runs in a chroot that sees the clone under its own name, and is gone afterwards", async () => {
    const { exitCode, stdout } = await make(`@echo in $$(pwd)\n@cat ~/.gitconfig\n${build}`);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(
      /\nin \S+\/mnt\/workdir-\w+\/my-package\n\[safe\]\ndirectory = \S+\/my-package\ndirectory = \S+\/my-package\/\*\n/,
    );
    expect(await results()).toEqual(["mock-source-build.cfg", "results.json", "small-1-1.src.rpm", "small.spec", "success"]);
    expect(await modes()).toEqual(["chroot", "clean bootstrap chroot"]);
    const [call, scrub] = await mock.calls();
    expect(call?.unique).toBe(scrub?.unique);
    expect(call?.config).toMatchObject({ use_bootstrap: false, rpmbuild_networking: true, chroot_additional_packages: "make dnf" });
    expect(await mock.chroots()).toEqual([]);
  });

  test("C14, C15: a subdirectory with quotes and commands in its name stays one path", async () => {
    const { exitCode, stdout } = await make(build.replace("$(spec)", "small.spec"), {
      directory: 'it\'s "a" $(touch owned) `touch owned`',
    });
    expect(exitCode, stdout).toBe(0);
    expect(await readdir(host.directory)).not.toContain("owned");
  });

  test("C15: a state directory with quotes in its name stays one path", async () => {
    const directory = join(host.directory, `it's "here"`);
    await mkdir(directory);
    await symlink(directory, host.stateDirectory);
    const { exitCode, stdout } = await make(build);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain(`Cloning into '${directory}/workspace/`);
  });

  test("a failure leaves neither results nor a chroot", async () => {
    expect((await make(`${build}\ntouch $(outdir)/success\nexit 3`)).exitCode).toBe(1);
    expect(await reason()).toBe("The source package could not be made: mock ended with 2");
    expect(await results()).toEqual(["mock-source-build.cfg"]);
    expect(await mock.chroots()).toEqual([]);
  });

  test("C19, C22: of what it leaves only a regular source package is taken", async () => {
    await make("ln -s /etc/passwd $(outdir)/x.src.rpm");
    expect(await reason()).toBe("Cannot take the source package 'x.src.rpm': is a symbolic link");
    expect(await mock.chroots()).toEqual([]);
  });

  test("the deadline removes the chroot, too", async () => {
    const { exitCode, stdout } = await make("sleep 600", { timeout: 8 });
    expect(exitCode, stdout).toBe(5);
    expect((await modes()).at(-1)).toBe("clean bootstrap chroot");
    expect(await mock.chroots()).toEqual([]);
    expect((await host.status())["chroot"]).toBeNull();
  });
});

const spec = (name: string): string => `cat > ${name}.spec <<'E'\n${specText(name, "true", "Source0: a.txt")}E\necho a > a.txt\n`;

describe("a script", () => {
  const custom = (script: string, source: Record<string, unknown> = {}, changes: Record<string, unknown> = {}) =>
    run(srpmTask("", { source_type: 9, source_json: JSON.stringify({ script, chroot: "fedora-43-x86_64", ...source }), ...changes }));

  test("takes the calls of mock that upstream makes, all of one chroot", async () => {
    host.pages.set("/tmp/t/hook_payload", { body: "from the hook" });
    const url = await mock.addRepository("mine", ["unzip"]);
    const script = `#!/bin/sh -e\ncat hook_payload\necho "$COPR_OWNER $COPR_PROJECT '$COPR_PACKAGE'"\nmkdir out; cd out\n${spec("made")}`;
    const { exitCode, stdout } = await custom(
      script,
      { tmp: "t", hook_data: 1, builddeps: "unzip patch", resultdir: "out/" },
      { repos: [{ id: "mine", name: "Mine", baseurl: url, priority: null }] },
    );
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("from the hookalice prj ''\n");
    const calls = await mock.calls();
    expect(await modes()).toEqual([
      "init",
      "install",
      "copyin",
      "chroot",
      "copyin",
      "shell",
      "chroot",
      "chroot",
      "copyout",
      "buildsrpm",
      "clean bootstrap chroot",
    ]);
    expect(calls[1]?.words).toEqual(["unzip", "patch"]);
    expect(calls[6]?.words).toEqual([
      "set -xe ; cd /workdir ; COPR_OWNER=alice COPR_PROJECT=prj COPR_PACKAGE='' COPR_RESULTDIR=/workdir/out /script",
    ]);
    expect(new Set(calls.map(({ unique }) => unique)).size).toBe(1);
    expect(calls[0]?.repositories["mine"]).toMatchObject({ baseurl: url, skip_if_unavailable: "0" });
    expect(calls[0]?.config).toMatchObject({
      root: "copr-custom-fedora-43-x86_64",
      rpmbuild_networking: true,
      bootstrap_image_ready: true,
    });
    expect(await mock.chroots()).toEqual([]);
    expect(await results()).toEqual(["hook_payload", "made-1-1.src.rpm", "made.spec", "mock-config.cfg", "results.json", "success"]);
  });

  test("C35: its spec file runs no command on the builder", async () => {
    const name = join(host.directory, "owned");
    const text = specText("made", "true", `%{?!inside:%(test -e /nonexistent || echo "$HOME" > ${name})}`);
    const { exitCode, stdout } = await custom(`cat > made.spec <<'E'\n${text}E\n`);
    expect(exitCode, stdout).toBe(0);
    // Only rpmbuild inside of mock has read it: the stand-in's home is the chroot's.
    expect(await readFile(name, "utf8")).toMatch(/copr-custom-fedora-43-x86_64\S*\/root\/builddir\n$/);
  });

  test.each([
    [
      "C35: a result directory that is a link",
      "ln -s /etc out",
      { resultdir: "out" },
      /^The script has left no directory '\/workdir\/out', or it is a link$/,
    ],
    [
      "a result directory that is a pattern",
      "mkdir 'o*'",
      { resultdir: "o*" },
      /^The result directory '\/workdir\/o\*' of the script has a name/,
    ],
    ["a failing script", "exit 3", {}, /^Build failed: mock ended with 3/],
    ["a package nobody has", "true", { builddeps: "nothing-has-it" }, /^Build failed: mock ended with 30/],
    ["no chroot", "true", { chroot: "fedora-1-x86_64" }, /^Chroot config .*\/fedora-1-x86_64\.cfg not found$/],
  ])("%s", async (_name, script, source, message) => {
    expect((await custom(script, source)).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
    expect(await mock.chroots()).toEqual([]);
    expect(await results()).not.toContain("success");
  });

  test("its own limit ends it, and the chroot goes", async () => {
    const { exitCode, stdout } = await custom("sleep 600", { timeout: 8 });
    expect(exitCode, stdout).toBe(5);
    expect(await reason()).toBe("The script took longer than its limit of 8 s");
    expect(await mock.chroots()).toEqual([]);
  });
});

describe("copr-sources-custom", () => {
  const program = fileURLToPath(new URL("../../../bin/copr-sources-custom.js", import.meta.url));
  const sources = (...words: string[]): Promise<Outcome> => runProgram([process.execPath, program, ...words], { cwd: host.directory });
  const chroot = (): string => join(mock.configDirectory, "fedora-43-x86_64.cfg");

  beforeEach(() => writeFile(join(host.directory, "script"), '#!/bin/sh\necho "$A|$B|$COPR_RESULTDIR"\n[ -z "$FAIL" ]\n'));

  test("runs a script; values of variables are one quoted word", async () => {
    const words = ["--root", chroot(), "--script", "script", "--workdir", "/workdir/", "--resultdir", "out"];
    const { exitCode, stdout, stderr } = await sources(...words, "--env", "A='a b'", `B="$(id) \\"x\\""`, "--env", "C=");
    expect([exitCode, stdout.includes('\na b|$(id) "x"|')], stderr).toEqual([0, true]);
    expect(stderr).toContain(
      "INFO:__main__:Working in '/workdir'\nINFO:__main__:Results should be created in '/workdir/out'\nINFO:__main__:running command: mock -r ",
    );
    expect(await modes()).toEqual(["init", "copyin", "chroot", "chroot"]);
  });

  test("no variables are needed; packages and the payload", async () => {
    await writeFile(join(host.directory, "payload"), "x");
    const words = [
      "-r",
      chroot(),
      "--script=script",
      "--workdir=/workdir",
      "--builddeps",
      " bzip2  patch ",
      "--hook-payload-file",
      "payload",
    ];
    expect((await sources(...words)).exitCode).toBe(0);
    expect(await modes()).toEqual(["init", "install", "copyin", "chroot", "copyin", "shell", "chroot"]);
  });

  test("a script that fails is exit 1, without a trace", async () => {
    const { exitCode, stderr } = await sources("-r", chroot(), "--script", "script", "--workdir", "/workdir", "--env", "FAIL=1");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\ncopr-sources-custom: 'mock -r .* --unpriv --chroot .*' ended with 1\n$/);
  });

  test.each([
    [["--script", "script"], /required option '-r, --mock-config <config>' not specified/],
    [["-r", "x", "--script", "gone"], /Cannot read the script/],
    [["-r", "x", "--script", "script", "--env", "A=a b"], /--env is not NAME=value with one quoted word: A=a b/],
    [["-r", "x", "--script", "script", "--env", "A;id=1"], /--env is not NAME=value/],
    [["-r", "x", "--script", "script", "--builddeps", "gcc -rother"], /'-rother' is not the name of a package/],
  ])("C16: %j is a wrong command line", async (words, message) => {
    const { exitCode, stderr } = await sources(...words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(await mock.calls()).toEqual([]);
  });
});
