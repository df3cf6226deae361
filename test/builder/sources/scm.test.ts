import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../../support/builder-host.ts";
import { installTools } from "../../support/packaging-tools.ts";
import { output } from "../../support/program.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
  host.cleanUps.push(await installTools("rpkg", "tito"));
});
afterAll(() => host.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const reason = async (): Promise<unknown> => (await host.status())["reason"];

/** A new git repository that `fill` puts files into. */
async function repository(name: string, fill: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(host.directory, name);
  await output(["git", "init", "--quiet", "--initial-branch=main", path]);
  await fill(path);
  await commit(path);
  return `file://${path}`;
}

async function commit(path: string): Promise<void> {
  await output(["git", "-C", path, "add", "--all"]);
  await output(["git", "-C", path, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--message=x"]);
}

const scm = (url: string, source: Record<string, unknown> = {}, ...words: string[]) =>
  host.runTask(srpmTask("", { source_type: 8, source_json: JSON.stringify({ clone_url: url, ...source }) }), ...words);

const small = (path: string): Promise<void> => writeFile(join(path, "small.spec"), specText("small", "true"));

describe("rpkg", () => {
  test("is the method when none is named; its configuration is for the repository's server", async () => {
    const { exitCode, stdout } = await scm(await repository("plain.git", small));
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
    expect(stdout).toMatch(/\nRunning: rpkg srpm --outdir \S+\/scm-output --spec \S+\/repo\n/);
    expect(stdout).toContain("\nanon_clone_url is file:///%(repo_path)s\n");
  });

  test("a server of main.ini", async () => {
    const config = join(host.directory, "servers.ini");
    await writeFile(
      config,
      "[main]\nbuildroot = host\n[distgit0]\ndistgit_hostname_pattern = nothing\n[distgit1]\ndistgit_hostname_pattern = (localhost)?\ndistgit_clone_url = /{scheme}://x/%(module)s/\ndistgit_lookaside_url = https://cache/{netloc}/100%\n",
    );
    const { exitCode, stdout } = await scm(await repository("servers", small), { srpm_build_method: "rpkg" }, "--config", config);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("\nanon_clone_url is file://x/%(module)s\ndownload_url is https://cache//100%\n");
  });

  test("a spec file in a subdirectory, at a commit", async () => {
    const url = await repository("sub", async (path) => {
      await mkdir(join(path, "rpm dir"));
      await small(join(path, "rpm dir"));
    });
    const { stdout: hash } = { stdout: await output(["git", "-C", join(host.directory, "sub"), "rev-parse", "HEAD"]) };
    await writeFile(join(host.directory, "sub", "rpm dir", "small.spec"), "broken");
    await commit(join(host.directory, "sub"));
    const { exitCode, stdout } = await scm(url, { committish: hash.trim(), subdirectory: "rpm dir/", spec: "small.spec" });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/--spec '\S+\/repo\/rpm dir\/small.spec'\n/);
  });
});

describe("tito", () => {
  test.each([
    ["tito", "tagged build"],
    ["tito_test", "test build"],
  ])("%s", async (method, said) => {
    const { exitCode, stdout } = await scm(await repository(method, small), { srpm_build_method: method });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain(`\n${said}\n`);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
  });
});

describe("make_srpm on the host", () => {
  const make = (name: string, recipe: string, source: Record<string, unknown> = {}) =>
    repository(name, async (path) => {
      await small(path);
      await mkdir(join(path, ".copr"));
      await writeFile(join(path, ".copr", "Makefile"), `srpm:\n${recipe.replace(/^/gm, "\t")}\n`);
    }).then((url) => scm(url, { srpm_build_method: "make_srpm", spec: "small.spec", ...source }));
  const build = "rpmbuild -bs --nodeps --define '_sourcedir .' --define \"_srcrpmdir $(outdir)\" $(spec)";

  test("the Makefile gets outdir and spec; its output is in the log", async () => {
    const { exitCode, stdout } = await make("make.git", `@echo in $$(git rev-parse --is-inside-work-tree)\n${build}`);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/Buildroot: host[\s\S]*\nin true\n/);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
  });

  test("C22: other files, `success` too, stay behind", async () => {
    const { exitCode } = await make("extra", `${build}\ntouch $(outdir)/success $(outdir)/results.json $(outdir)/evil.rpm\nfalse`);
    expect(exitCode).toBe(1);
    expect(await results()).toEqual([]);
    await make("extra2", `${build}\ntouch $(outdir)/backend.log $(outdir)/evil.rpm`);
    expect(await results()).toEqual(["results.json", "small-1-1.src.rpm", "small.spec", "success"]);
  });

  test.each([
    [
      "link",
      "C19: a link to a file of the host",
      "ln -s /etc/passwd $(outdir)/x.src.rpm",
      /^Cannot take the source package 'x\.src\.rpm': is a symbolic link$/,
    ],
    ["fifo", "C19: a FIFO", "mkfifo $(outdir)/x.src.rpm", /^Refusing the source package 'x\.src\.rpm': it is not a regular file$/],
    ["none", "nothing", "true", /^No source package was made$/],
    [
      "two",
      "two packages",
      "touch $(outdir)/a.src.rpm $(outdir)/b.src.rpm",
      /^Several source packages were made: a\.src\.rpm, b\.src\.rpm$/,
    ],
    ["fails", "a failure", "exit 3", /^The source package could not be made: make ended with 2$/],
  ])("%s: %s", async (name, _title, recipe, message) => {
    expect((await make(`bad-${name}`, recipe)).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
    expect(await results()).toEqual([]);
  });
});

describe("C12: paths stay inside the clone", () => {
  test.each([
    [
      "a subdirectory that is none",
      { subdirectory: "gone" },
      /^The user-defined SCM subdirectory `gone' doesn't exist within this repository file:/,
    ],
    ["a subdirectory that is a file", { subdirectory: "small.spec" }, /^The user-defined SCM subdirectory `small\.spec' doesn't exist/],
    ["..", { subdirectory: "a/../.." }, /subdirectory must stay inside the repository/],
    ["a link to a directory outside", { subdirectory: "out" }, /^Refusing 'out': it leads out of the repository$/],
    ["a link to a spec file outside", { spec: "etc.spec" }, /^Refusing 'etc\.spec': it leads out of the repository$/],
    ["a spec file through a link", { spec: "out/x.spec" }, /^Refusing 'out': it leads out of the repository$/],
    ["a dangling link", { spec: "dangling.spec" }, /^The link 'dangling\.spec' leads nowhere$/],
    ["a missing spec file", { spec: "gone.spec" }, /^The repository has no file 'gone\.spec'$/],
  ])("%s", async (name, source, message) => {
    const url = await repository(`paths-${name.replaceAll(/\W/g, "-")}`, async (path) => {
      await small(path);
      await symlink("/etc", join(path, "out"));
      await symlink("/etc/passwd", join(path, "etc.spec"));
      await symlink("nothing", join(path, "dangling.spec"));
    });
    expect((await scm(url, source)).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
  });
});

describe("what is cloned", () => {
  test("C10: a committish that is an option is refused", async () => {
    const url = await repository("option", small);
    expect((await scm(url, { committish: "--pathspec-from-file=/etc/passwd" })).exitCode).toBe(1);
    expect(await reason()).toMatch(/source_json\.committish is not a commit/);
  });

  test.each(["--upload-pack=touch /tmp/evil", "ext::sh -c x", "/etc", "https://-oProxyCommand=x/y"])(
    "C11: the address %s is refused",
    async (url) => {
      expect((await scm(url)).exitCode).toBe(1);
      expect(await reason()).toMatch(/clone_url must/);
    },
  );

  test.each([
    ["a branch with a file of its name", "topic"],
    ["a tag", "v1"],
    ["a full reference", "refs/heads/topic"],
    ["a pull request's reference", "refs/pull/7/head"],
  ])("%s", async (name, committish) => {
    const url = await repository(`ref-${name.replaceAll(/\W/g, "-")}`, small);
    const path = url.slice("file://".length);
    await output(["git", "-C", path, "checkout", "--quiet", "-b", "topic"]);
    await writeFile(join(path, "small.spec"), specText("other", "true"));
    await writeFile(join(path, "topic"), "");
    await commit(path);
    await output(["git", "-C", path, "tag", "v1"]);
    await output(["git", "-C", path, "update-ref", "refs/pull/7/head", "HEAD"]);
    await output(["git", "-C", path, "checkout", "--quiet", "main"]);
    if (committish.startsWith("refs/pull")) await output(["git", "-C", path, "branch", "-D", "topic"]);
    const { exitCode, stdout } = await scm(url, { committish });
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toContain("other-1-1.src.rpm");
  });

  test("C33: a repository named .config does not become the configuration of git", async () => {
    const url = await repository(".config.git", async (path) => {
      await small(path);
      await mkdir(join(path, "git"));
      await writeFile(join(path, "git", "config"), `[core]\n\tfsmonitor = touch ${host.directory}/owned\n`);
    });
    const { exitCode, stdout } = await scm(url);
    expect(exitCode, stdout).toBe(0);
    expect(await readdir(host.directory)).not.toContain("owned");
  });

  test("submodules, of the commit that is built", async () => {
    const inner = await repository("inner", (path) => writeFile(join(path, "inner.spec"), specText("inner", "true")));
    const url = await repository("outer", async (path) => {
      await output(["git", "-C", path, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "module"]);
    });
    const { exitCode, stdout } = await scm(url, { subdirectory: "module" });
    expect(exitCode, stdout).toBe(0);
    expect(await results()).toContain("inner-1-1.src.rpm");
  });

  test("a reference that is not there is told with the three that are most like it", async () => {
    const url = await repository("named", (path) => writeFile(join(path, "named.spec"), specText("named", "true")));
    const path = fileURLToPath(url);
    for (const name of ["v1.9", "v2.0", "v2.1", "stable"]) await output(["git", "-C", path, "tag", name]);
    await output(["git", "-C", path, "branch", "feature/x"]);
    expect((await scm(url, { committish: "v2.2" })).exitCode).toBe(1);
    expect(await reason()).toMatch(/^The repository has no commit, branch or tag 'v2\.2'\. Its nearest are: 'v2\.0', 'v2\.1', 'v1\.9'$/);
    await scm(url, { committish: "featur/x" });
    expect(await reason()).toMatch(/'featur\/x'\. Its nearest are: 'feature\/x', /);
    await scm(url, { committish: "0123456789abcdef" });
    expect(await reason()).toBe("The repository has no commit, branch or tag '0123456789abcdef'");
  });

  test("a repository that is not there is no reason to try again, a server that is down is", async () => {
    const config = join(host.directory, "patient.ini");
    await writeFile(config, "[main]\nbuildroot = host\nclone_retry_seconds = 2\n");
    const gone = await scm(`file://${host.directory}/gone`, {}, "--config", config);
    expect(gone.stdout).not.toContain("trying again");
    const down = await scm("http://127.0.0.1:1/x.git", {}, "--config", config);
    expect(down.stdout.match(/That failed for a reason that may pass, trying again in 1 s\n/g)?.length).toBeGreaterThan(0);
    expect(await reason()).toMatch(/^Cannot clone http:\/\/127\.0\.0\.1:1\/x\.git: fatal: unable to access/);
  });
});

describe("Subversion", () => {
  const svn = async (name: string): Promise<string> => {
    const path = join(host.directory, name);
    await output(["svnadmin", "create", path]);
    const files = join(host.directory, `${name}-files`);
    await mkdir(files);
    await small(files);
    await output(["svn", "import", "--quiet", "--message=x", files, `file://${path}/trunk`]);
    return `file://${path}/trunk`;
  };

  test("is cloned by git-svn", async () => {
    const { exitCode, stdout } = await scm(await svn("svn"), { type: "svn", srpm_build_method: "tito" });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/\nRunning: git svn clone -- file:\S+ \S+\/repo\n/);
    expect(await results()).toContain("small-1-1.src.rpm");
  });

  test("a committish is one of git's names", async () => {
    const { exitCode, stdout } = await scm(await svn("svn-ref"), { type: "svn", committish: "git-svn" });
    expect(exitCode, stdout).toBe(0);
  });

  test("C11: other protocols are refused", async () => {
    expect((await scm("ssh://example.org/x", { type: "svn" })).exitCode).toBe(1);
    expect(await reason()).toMatch(/^The address of a Subversion repository must begin with/);
    expect((await scm("svn://example.org/x")).exitCode).toBe(1);
    expect(await reason()).toBe("The address of a git repository must not begin with svn:");
  });

  test("a file of this host is for local definitions only", async () => {
    const source = { clone_url: "file:///etc", type: "svn" };
    host.pages.set("/backend/get-srpm-build-task/7", {
      type: "application/json",
      body: JSON.stringify(srpmTask("", { source_type: 8, source_json: JSON.stringify(source) })),
    });
    expect((await host.builder("run", "7")).exitCode).toBe(1);
    expect(await reason()).toMatch(/clone_url must begin with https:, http:, git:, ssh:, svn:/);
  });
});

test("a missing tool is told before anything is cloned", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = path?.slice(path.indexOf(":") + 1);
  const { exitCode, stdout } = await scm(await repository("tool-less", small));
  process.env["PATH"] = path;
  expect(exitCode).toBe(1);
  expect(await reason()).toBe("The program 'rpkg' is not installed on this builder. Install the package rpkg.");
  expect(stdout).not.toContain("git clone");
});

test("the configuration of rpkg that main.ini spoils is told", async () => {
  const config = join(host.directory, "bad-pattern.ini");
  await writeFile(config, "[main]\nbuildroot = host\n[distgit0]\ndistgit_hostname_pattern = (\n");
  const { exitCode, stderr } = await scm("https://example.org/x", {}, "--config", config);
  expect([exitCode, stderr]).toEqual([1, "copr-builder: The distgit_hostname_pattern of [distgit0] is not a regular expression: (\n"]);
  expect(await readFile(config, "utf8")).toContain("distgit0");
});
