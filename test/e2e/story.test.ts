import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHelloSrpm } from "../sandbox/hello-package.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { specText } from "../support/builder-host.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { bin, type Outcome, output, runProgram } from "../support/program.ts";

// One user, one Copr, real programs all the way: copr-cli, the sandbox frontend, copr-builder, git, rpmbuild, gcc.

const CHROOT = "fedora-43-x86_64";
let directory: string;
let sandbox: Sandbox;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-story-"));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  await mkdir(join(directory, ".config"));
  await writeFile(join(directory, ".config", "copr"), sandbox.configText);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const copr = (...words: string[]): Promise<Outcome> => runProgram([...bin.cli, ...words], { cwd: directory, env: { HOME: directory } });
const stateOf = async (id: number): Promise<string> => (await copr("status", String(id))).stdout.trim();
const results = (id: string): string => join(sandbox.resultsDirectory, "demo", "hello", CHROOT, id);

test("a project is made, a package is built, and its packages are fetched", async () => {
  expect(await copr("whoami")).toMatchObject({ exitCode: 0, stdout: "demo\n", stderr: "" });
  expect(await copr("create", "hello", "--chroot", CHROOT)).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: `New project was successfully created: ${sandbox.url}/coprs/demo/hello/\n`,
  });
  const srpm = await makeHelloSrpm(join(directory, "hello"));
  const built = await copr("build", "hello", srpm, "--poll-interval", "1");
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  const head = `Uploading package ${srpm}\nBuild was added to hello:\n  ${sandbox.url}/coprs/build/1\nCreated builds: 1\nWatching build(s): (this may be safely interrupted)\n`;
  expect(built.stdout.startsWith(head)).toBe(true);
  expect(built.stdout).toMatch(/ {2}\d\d:\d\d:\d\d Build 1: succeeded\n$/);
  expect(built.stderr).toBe("");

  expect(await copr("download-build", "1", "--dest", "out")).toMatchObject({ exitCode: 0 });
  const files = await readdir(join(directory, "out", CHROOT));
  expect(files).toEqual(
    expect.arrayContaining([
      "hello-1.0-1.fc43.x86_64.rpm",
      "hello-1.0-1.fc43.src.rpm",
      "hello.spec",
      "builder-live.log.gz",
      "results.json",
      "success",
    ]),
  );
  const rpm = join(directory, "out", CHROOT, "hello-1.0-1.fc43.x86_64.rpm");
  expect(await output(["rpm", "-qp", "--qf", "%{NAME} %{VERSION}-%{RELEASE} %{ARCH} %{VENDOR}", rpm])).toBe(
    "hello 1.0-1.fc43 x86_64 Unknown Copr - user demo",
  );
  expect(await output(["rpm", "-qpl", rpm])).toContain("/usr/bin/hello\n");
});

test("what the builder leaves is complete", async () => {
  const state = sandbox.builderStateDirectory;
  const log = await readFile(join(state, "live-log"), "utf8");
  expect(log).toMatch(/^\nYou can reproduce this build on your computer by running:\n/);
  expect(log).toContain("test-greeting: 70 checks, 0 failed\n");
  expect(JSON.parse(await readFile(join(state, "status.json"), "utf8"))).toMatchObject({
    task_id: `1-${CHROOT}`,
    state: "succeeded",
    exit_code: 0,
  });
  expect(await readdir(join(state, "results"))).toContain("success");
});

test("a failed build is told: exit status 4, the reason in the published log", async () => {
  await writeFile(join(directory, "broken.spec"), specText("broken", "echo before; exit 7"));
  const { exitCode, stderr } = await copr("build", "hello", "broken.spec", "--poll-interval", "1");
  expect(exitCode).toBe(4);
  expect(stderr).toBe("\nBuild error: Build(s) 2 failed.\n");
  const names = await readdir(results("00000002-broken"));
  expect(names).not.toContain("success");
  expect(names).toEqual(expect.arrayContaining(["builder-live.log.gz", "broken.spec"]));
  const log = await output(["gzip", "-dc", join(results("00000002-broken"), "builder-live.log.gz")]);
  expect(log).toMatch(/\nbefore\n[\s\S]*Copr build error: Build failed: rpmbuild ended with 1\n$/);
});

test("several at once, from files and addresses, without waiting", async () => {
  await writeFile(join(directory, "one.spec"), specText("one", "true"));
  const url = `${sandbox.url}/results/demo/hello/${CHROOT}/00000001-hello/hello.spec`;
  const { exitCode, stdout } = await copr("build", "hello", "one.spec", url, "--nowait", "--timeout", "300", "-r", CHROOT);
  expect([exitCode, stdout.split("\n").at(-2)]).toEqual([0, "Created builds: 3 4"]);
  await eventually("both have ended", async () => (await stateOf(3)) === "succeeded" && (await stateOf(4)) === "failed");
});

test("a canceled build leaves the builder free", async () => {
  await writeFile(join(directory, "slow.spec"), specText("slow", "for i in $(seq 300); do echo step $i; sleep 0.1; done"));
  expect((await copr("build", "hello", "slow.spec", "--nowait")).exitCode).toBe(0);
  await eventually(
    "it builds",
    async () => (await readFile(join(sandbox.builderStateDirectory, "live-log"), "utf8")).includes("\nstep 3\n"),
    60_000,
  );
  expect((await copr("cancel", "5")).exitCode).toBe(0);
  await eventually("it is canceled", async () => (await stateOf(5)) === "canceled");
  await eventually("nothing of it runs", async () => (await processesMentioning(join(directory, "sandbox", "builder"))).length === 0);
  expect(JSON.parse(await readFile(join(sandbox.builderStateDirectory, "status.json"), "utf8"))).toMatchObject({ state: "canceled" });
});

test("mistakes get one sentence", async () => {
  expect(await copr("build", "hello", "nothing.src.rpm")).toMatchObject({
    exitCode: 3,
    stderr: "\nError: File nothing.src.rpm not found\n",
  });
  expect(await copr("status", "999")).toMatchObject({ exitCode: 1, stderr: "\nSomething went wrong:\nError: Build 999 does not exist.\n" });
  expect((await copr("create", "hello", "--chroot", CHROOT)).stderr).toMatch(/You already have a project named 'hello'/);
  expect((await copr("get", "demo/nothing")).stderr).toBe("\nSomething went wrong:\nError: Project demo/nothing does not exist.\n");
});
