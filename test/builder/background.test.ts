import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { bin, runProgram } from "../support/program.ts";
import { eventually, processesMentioning } from "../support/processes.ts";

/** Prints a line every 0.2 s for 20 s, unless the test ends it; a child of its own session goes on for longer. */
const slowBuild = "setsid sleep 300 &\nfor i in $(seq 100); do echo step $i; sleep 0.2; done";

let host: BuilderHost;
let task: Record<string, unknown>;
beforeEach(async () => {
  host = await startBuilderHost();
  task = rpmTask(await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", slowBuild) }));
});
afterEach(() => host.close());

const isBuilding = (): Promise<boolean> => host.log().then((text) => text.includes("\nstep 2\n"));
const files = (): Promise<string[]> => readdir(host.stateDirectory);

describe("a detached start", () => {
  test("returns when the task runs, and refuses a second one", async () => {
    const { exitCode, stdout, stderr } = await host.runTask(task, "--detached");
    expect([exitCode, stdout, stderr]).toEqual([0, "", ""]);
    expect(await files()).toEqual(
      expect.arrayContaining(["live-log", "main.log", "pid", "logger_pid", "build.running", "status.json", "lockfile"]),
    );
    const pid = await readFile(join(host.stateDirectory, "pid"), "utf8");
    expect(pid).toMatch(/^\d+$/);
    expect(await readFile(join(host.stateDirectory, "logger_pid"), "utf8")).toBe(`${pid}\n`);
    expect(await host.status()).toMatchObject({ pid: Number(pid), process_group: Number(pid) });

    for (const words of [["--detached"], []]) {
      const second = await host.runTask(task, ...words);
      expect(second.exitCode).toBe(3);
      expect(second.stderr).toMatch(/^copr-builder: This builder is busy: task .*, process \d+\n/);
    }
    expect(await readFile(join(host.stateDirectory, "pid"), "utf8")).toBe(pid);
  });

  test("tells why it could not start", async () => {
    const { exitCode, stderr } = await runProgram([...bin.builder, "run", "--detached", "--config", "/nowhere/main.ini", "7"]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("copr-builder: Cannot read the configuration '/nowhere/main.ini': no such file or directory\n");
  });

  test("a failed task is seen by status --wait", async () => {
    expect((await host.runTask("null", "--detached")).exitCode).toBe(0);
    const { exitCode, stdout } = await host.builder("status", "--wait");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed: The frontend has nothing to build/);
  });
});

describe("the log", () => {
  test("is followed from any offset to the end of the task", async () => {
    await host.runTask({ ...task, timeout: 10 }, "--detached");
    await eventually("a log that grows", isBuilding);
    const whole = host.builder("log", "--follow");
    const rest = host.builder("log", "--follow", "--from-offset", "100");
    const now = await host.builder("log");
    const [all, tail] = await Promise.all([whole, rest]);
    const text = await host.log();
    expect(all.exitCode).toBe(0);
    expect(all.stdout).toBe(text);
    expect(tail.stdout).toBe(Buffer.from(text).subarray(100).toString());
    expect(now.stdout.length).toBeLessThan(text.length);
    expect(text.startsWith(now.stdout)).toBe(true);
    expect((await host.builder("log", "--from-offset", "999999")).stdout).toBe("");
  });

  test("without a task is one sentence", async () => {
    const { exitCode, stderr } = await host.builder("log");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^copr-builder: There is no log at .*: no such file or directory\n$/);
  });
});

describe("the end", () => {
  test("cancel ends everything and tells it", async () => {
    await host.runTask(task, "--detached");
    await eventually("a build", isBuilding);
    const follower = host.builder("log", "--follow");
    const { exitCode, stdout } = await host.builder("cancel");
    expect([exitCode, stdout]).toEqual([0, "Task 7-fedora-43-x86_64 was canceled\n"]);
    // The first signal was enough: the next one comes after 10 s.
    expect(await host.log()).not.toContain("sending TERM");
    expect(await host.status()).toMatchObject({ state: "canceled", exit_code: 4, reason: "The task was canceled" });
    expect((await follower).stdout).toMatch(/ !! Canceled => sending INT\n[\s\S]*Copr build error: The task was canceled\n$/);
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
    expect(await files()).toEqual(expect.not.arrayContaining(["build.running", "pid", "logger_pid", "workspace"]));
    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stdout: "No task is running\n" });
  });

  test("the deadline ends the whole task", async () => {
    const { exitCode, stdout } = await host.runTask({ ...task, timeout: 8 });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/ !! Copr timeout => sending INT\n[\s\S]*Copr build error: The task took longer than its limit of 8 s\n$/);
    expect(await host.status()).toMatchObject({ state: "timed-out", exit_code: 5 });
    // The keeper goes a moment later.
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
  });

  test("KILL of the builder: status tells it, nothing stays, the next task starts clean", async () => {
    await host.runTask(task, "--detached");
    await eventually("a build", isBuilding);
    const follower = host.builder("log", "--follow");
    process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), "SIGKILL");
    const { exitCode, stdout } = await host.builder("status");
    expect(exitCode).toBe(6);
    expect((await follower).stdout).toMatch(/\nCopr build error: The builder process died while it was building\n$/);
    expect(stdout).toBe("died (task 7-fedora-43-x86_64): The builder process died while it was building\n");
    expect((await host.builder("status", "--wait", "--json")).stdout).toContain('"state": "died"');
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
    expect(await files()).toEqual(expect.not.arrayContaining(["build.running", "pid", "logger_pid"]));

    const good = rpmTask(await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") }));
    const next = await host.runTask(good);
    expect(next.exitCode, next.stdout).toBe(0);
    expect(next.stdout).not.toContain("step");
    expect(await host.status()).toMatchObject({ state: "succeeded" });
  });

  test("a start right after a KILL ends the first build itself", async () => {
    await host.runTask(task, "--detached");
    await eventually("a build", isBuilding);
    process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), "SIGKILL");
    const good = rpmTask(await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") }));
    const next = await host.runTask(good);
    expect(next.exitCode, next.stdout).toBe(0);
    await eventually("no process of the first task", async () => (await processesMentioning(host.directory)).length === 0);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s to the builder cancels the task in order", async (signal) => {
    await host.runTask(task, "--detached");
    await eventually("a build", isBuilding);
    process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), signal);
    expect((await host.builder("status", "--wait")).exitCode).toBe(4);
    // The keeper goes a moment later.
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
  });

  test("a hang-up does not touch a detached task", async () => {
    await host.runTask({ ...task, timeout: 8 }, "--detached");
    await eventually("a build", isBuilding);
    process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), "SIGHUP");
    expect((await host.builder("status", "--wait")).stdout).toMatch(/^timed-out/);
  });
});

test("a new log has a new inode: readers of the old one keep it", async () => {
  await host.runTask("null");
  const before = await stat(join(host.stateDirectory, "live-log"));
  await host.runTask("null");
  const after = await stat(join(host.stateDirectory, "live-log"));
  expect(after.ino === before.ino && after.birthtimeMs === before.birthtimeMs).toBe(false);
});
