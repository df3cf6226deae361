import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHelloSrpm } from "../sandbox/hello-package.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeRepository, specText } from "../support/builder-host.ts";
import { bin, type Outcome, output, runProgram } from "../support/program.ts";

// A packager in a checkout: `copr-cli build PROJECT` makes the source package itself.

const CHROOT = "fedora-43-x86_64";
let directory: string;
let sandbox: Sandbox;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-checkout-"));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  for (const name of [".config", "tmp"]) await mkdir(join(directory, name));
  await writeFile(join(directory, ".config", "copr"), sandbox.configText);
  const { exitCode, stderr } = await copr(directory, "create", "hello", "--chroot", CHROOT);
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const copr = (cwd: string, ...words: string[]): Promise<Outcome> => {
  const path = `${join(directory, "bin")}:${process.env["PATH"]}`;
  return runProgram([...bin.cli, ...words], {
    cwd,
    env: { HOME: directory, TMPDIR: join(directory, "tmp"), PATH: path, COPR_DISTGIT_CLIENT_CONFDIR: sandbox.distGitConfigDirectory },
  });
};
/** What copr-cli has left. */
const leftovers = (): Promise<string[]> => readdir(join(directory, "tmp"));

test("dist-git: the sources come from the lookaside cache, checked, and the package builds", async () => {
  const srpm = await makeHelloSrpm(join(directory, "hello"));
  expect((await copr(directory, "build", "hello", srpm, "--poll-interval", "1")).exitCode).toBe(0);
  const clone = join(directory, "clone");
  await output(["git", "clone", "--quiet", `${sandbox.url}/git/demo/hello/hello`, clone]);
  expect(await readdir(clone)).not.toContain("hello-1.0.tar.gz");

  const { exitCode, stdout, stderr } = await copr(clone, "build", "hello", "--poll-interval", "1");
  expect([exitCode, stderr], stdout).toEqual([0, ""]);
  expect(stdout).toMatch(/^Uploading package .*\/hello-1\.0-1\.src\.rpm\nBuild was added to hello:\n[\s\S]*Build 2: succeeded\n$/);
  expect(await leftovers()).toEqual([]);
});

test("dist-git: a source that was tampered with is refused, and nothing is submitted", async () => {
  const clone = join(directory, "tampered");
  await output(["git", "clone", "--quiet", `${sandbox.url}/git/demo/hello/hello`, clone]);
  const list = await readFile(join(clone, "sources"), "utf8");
  await writeFile(join(clone, "sources"), list.replace(/= [0-9a-f]{8}/, "= 00000000"));
  const { exitCode, stdout, stderr } = await copr(clone, "build", "hello", "--nowait");
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^\nSomething went wrong:\nError: The server answered 404 for /);
});

test("Packit's layout: the spec file where it is configured, the tarball of the checkout itself", async () => {
  const spec = specText("packed", "true", "Source0: https://example.org/%{name}-%{version}.tar.gz").replace(
    "%build",
    "%prep\n%autosetup\n%build",
  );
  const files = { ".packit.yaml": "specfile_path: packed.rpm.spec\n", "packed.rpm.spec": spec, "main.c": "int main(void) { return 0; }\n" };
  await makeRepository(directory, "packed", files);
  const { exitCode, stdout, stderr } = await copr(directory, "build", "hello", "packed", "--poll-interval", "1");
  expect([exitCode, stderr], stdout).toEqual([0, ""]);
  expect(stdout).toMatch(/Uploading package .*\/packed-1-1\.src\.rpm\n/);
});

test("tito's layout, and tito itself when asked", async () => {
  const spec = specText("titled", "true", "Source0: %{name}-%{version}.tar.gz").replace("%build", "%prep\n%autosetup\n%build");
  await makeRepository(directory, "titled", { "tito.props": "[buildconfig]\n", "titled.spec": spec, "main.c": "int x;\n" });
  expect(await copr(join(directory, "titled"), "build", "hello", "--nowait")).toMatchObject({ exitCode: 0, stderr: "" });

  // The tool on PATH, as a user has it: it gets its own options and leaves a package where it is told.
  await mkdir(join(directory, "bin"));
  const tito = join(directory, "bin", "tito");
  await writeFile(tito, `#!/bin/sh\nprintf '%s\\n' "$@" >'${directory}/tito-words'\ncp '${directory}'/hello/*.src.rpm "$4"\n`);
  await chmod(tito, 0o755);
  const { exitCode, stdout } = await copr(join(directory, "titled"), "build", "hello", "--with", "tito", "--nowait");
  expect(exitCode, stdout).toBe(0);
  expect((await readFile(join(directory, "tito-words"), "utf8")).split("\n").slice(0, 3)).toEqual(["build", "--srpm", "--output"]);
  expect(stdout).toMatch(/^Uploading package .*\/hello-1\.0-1\.src\.rpm\n/);
});

test("a checkout that git does not read is told, before another source is taken for its own", async () => {
  const spec = specText("foreign", "true", "Source0: https://example.org/%{name}-%{version}.tar.gz");
  await makeRepository(directory, "foreign", { "foreign.spec": spec, "main.c": "int x;\n" });
  const checkout = join(directory, "foreign");
  await writeFile(join(checkout, ".git", "config"), "[core]\nrepositoryformatversion = 7\n");
  const broken = await copr(checkout, "build", "hello", "--nowait");
  expect([broken.exitCode, broken.stderr]).toEqual([
    3,
    expect.stringMatching(/^\nError: git can't read the checkout '.*foreign': fatal: /),
  ]);
  if (process.getuid?.() !== 0) return;
  await output(["chown", "--recursive", "1234", checkout]);
  const refused = await copr(checkout, "build", "hello", "--nowait");
  const sentences =
    /^\nError: git does not read the checkout '.*foreign', as it belongs to another user\nIf you trust .*--add safe\.directory \S*foreign\n$/;
  expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringMatching(sentences)]);
  await writeFile(join(checkout, "foreign-1.tar.gz"), "what is there needs no git");
  expect(await copr(checkout, "build", "hello", "--nowait")).toMatchObject({ exitCode: 0, stderr: "" });
});

test("what is missing is named, and nothing is left behind", async () => {
  const empty = join(directory, "empty");
  await mkdir(empty);
  expect(await copr(empty, "build", "hello")).toMatchObject({ exitCode: 2 });
  expect(await copr(directory, "build", "hello", "empty")).toMatchObject({
    exitCode: 3,
    stderr: "\nError: There is no spec file in 'empty'\n",
  });
  expect((await copr(join(directory, "titled"), "build", "hello", "--with", "fedpkg")).stderr).toBe(
    "\nError: The program 'fedpkg' is not installed\n",
  );
  await writeFile(join(empty, ".packit.yaml"), "specfile_path: [lone.spec\nname: *nope\n");
  expect(await copr(empty, "build", "hello")).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^\nError: \.packit\.yaml is not YAML: .*line \d+, column \d+\n$/),
  });
  await rm(join(empty, ".packit.yaml"));
  await writeFile(join(empty, "lone.spec"), specText("lone", "true", "Source0: lone.tar.xz"));
  expect((await copr(empty, "build", "hello")).stderr).toBe(
    "\nError: The source 'lone.tar.xz' is not in '.', and there is no address to download it from\n",
  );
  expect(await leftovers()).toEqual([]);
});
