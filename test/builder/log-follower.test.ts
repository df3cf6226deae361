import { spawn } from "node:child_process";
import { mkdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";

/** Prints a line every 0.2 s for 20 s, unless the test ends it. */
const slowBuild = "for i in $(seq 100); do echo step $i; sleep 0.2; done";

let host: BuilderHost;
let task: Record<string, unknown>;
beforeEach(async () => {
  host = await startBuilderHost();
  task = rpmTask(await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", slowBuild) }));
});
afterEach(() => host.close());

const isBuilding = (): Promise<boolean> => host.log().then((text) => text.includes("\nstep 2\n"));
const follow = (...words: string[]): Promise<Outcome> => host.builder("log", "--follow", ...words);
const killBuilder = async (): Promise<void> => {
  process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), "SIGKILL");
};

/** A follower whose output can be looked at while it runs. */
function startFollower(): { seen: () => string; isRunning: () => boolean; closed: Promise<unknown> } {
  const [file, ...rest] = [...bin.builder, "log", "--follow", "--state-dir", host.stateDirectory] as [string, ...string[]];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  return {
    seen: () => text,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    closed: new Promise((resolve) => child.on("close", resolve)),
  };
}

test("a follower that was started before the first task gets the whole log", async () => {
  const follower = follow();
  await host.runTask({ ...task, timeout: 3 });
  expect(await follower).toMatchObject({ exitCode: 0, stdout: await host.log(), stderr: "" });
});

test("each line is there at once", async () => {
  await host.runTask(task, "--detached");
  await eventually("a log that grows", isBuilding);
  const follower = startFollower();
  await eventually("a line of the build", () => follower.seen().includes("\nstep 3\n"));
  // The build goes on for many seconds, so this was live.
  expect(await host.status()).toMatchObject({ state: "building" });
  await host.builder("cancel");
  await follower.closed;
  expect(follower.seen()).toBe(await host.log());
});

test("an offset beyond the end waits for the log to get there", async () => {
  await host.runTask({ ...task, timeout: 10 }, "--detached");
  await eventually("a log that grows", isBuilding);
  const offset = Buffer.byteLength(await host.log()) + 30;
  const [beyond, far] = await Promise.all([follow("--from-offset", String(offset)), follow("--from-offset", "999999999")]);
  const rest = Buffer.from(await host.log())
    .subarray(offset)
    .toString();
  expect(rest).toMatch(/^.+\n[\s\S]*Copr build error/);
  expect(beyond).toMatchObject({ exitCode: 0, stdout: rest });
  expect(far).toMatchObject({ exitCode: 0, stdout: "" });
});

test("the follower ends when the builder is killed", async () => {
  await host.runTask(task, "--detached");
  await eventually("a build", isBuilding);
  const follower = follow();
  await killBuilder();
  const { exitCode, stdout } = await follower;
  expect([exitCode, stdout]).toEqual([0, await host.log()]);
});

test("the follower of a killed task does not go on with the next one", async () => {
  await host.runTask(task, "--detached");
  await eventually("a build", isBuilding);
  const follower = startFollower();
  await eventually("a follower", () => follower.seen().includes("step 2\n"));
  await killBuilder();
  const good = rpmTask(await makeRepository(host.directory, "good", { "good.spec": specText("good", "echo the next; sleep 2") }));
  expect((await host.runTask(good)).exitCode).toBe(0);
  await follower.closed;
  expect(follower.seen()).toContain("step 2\n");
  expect(follower.seen()).not.toContain("the next");
});

test("a follower that is started with the next task does not mistake it for the one before", async () => {
  for (let round = 0; round < 3; round += 1) {
    await host.runTask("null");
    const before = await host.log();
    const running = host.runTask({ ...task, timeout: 2 });
    while ((await host.log().catch(() => "")) === before) await new Promise((resolve) => setTimeout(resolve, 1));
    const { stdout } = await follow();
    expect((await running).exitCode).toBe(5);
    expect(stdout).toBe(await host.log());
  }
});

test("a clock that is set back does not end the follower", async () => {
  await host.runTask({ ...task, timeout: 12 }, "--detached");
  await eventually("a log that grows", isBuilding);
  const follower = startFollower();
  const longAgo = Date.now() / 1000 - 3600;
  await utimes(join(host.stateDirectory, "status.json"), longAgo, longAgo);
  await follower.closed;
  expect(await host.status()).toMatchObject({ state: "timed-out" });
  expect(follower.seen()).toBe(await host.log());
});

test("a reader that goes away ends the follower", async () => {
  await host.runTask(task, "--detached");
  await eventually("a build", isBuilding);
  const words = [...bin.builder, "log", "--follow", "--state-dir", host.stateDirectory];
  const { exitCode, stderr } = await runProgram(["bash", "-c", 'set -o pipefail; "$@" | head -n 1', "bash", ...words]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(await host.status()).toMatchObject({ state: "building" });
});

test("without any log a follower waits a while, then says so", async () => {
  const { exitCode, stdout, stderr } = await follow();
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^copr-builder: There is no log at '.*': no such file or directory\n$/);
});

test("what is no file is told by its name", async () => {
  await mkdir(join(host.stateDirectory, "live-log"), { recursive: true });
  const { exitCode, stderr } = await host.builder("log");
  expect([exitCode, stderr]).toEqual([1, `copr-builder: The log '${join(host.stateDirectory, "live-log")}' is not a regular file\n`]);
});

test("the log of a task that has ended is printed at once, from any offset", async () => {
  await mkdir(host.stateDirectory, { recursive: true });
  await host.runTask("null");
  const text = await host.log();
  expect((await follow()).stdout).toBe(text);
  expect((await follow("--from-offset", "5")).stdout).toBe(text.slice(5));
});
