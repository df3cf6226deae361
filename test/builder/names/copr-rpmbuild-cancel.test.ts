import { spawn } from "node:child_process";
import { chmod, chown, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readHistory } from "../../../src/builder/history/host-history.ts";
import { slotsAt } from "../../../src/builder/state/state-directory.ts";
import { readProcess } from "../../../src/core/process/table.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../../support/builder-host.ts";
import { nobody } from "../../support/private-machine.ts";
import { eventually, isAlive, processesMentioning } from "../../support/processes.ts";
import { nameOfBuilder, type Outcome, output, runProgram } from "../../support/program.ts";

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
  await output(["mkdir", "-p", host.stateDirectory]);
});
afterEach(() => host.close());

const cancel = (): Promise<Outcome> => runProgram([...nameOfBuilder("copr-rpmbuild-cancel"), "--state-dir", host.stateDirectory]);
const pidFile = (): string => join(host.stateDirectory, "pid");
const slow = async (build = "for i in $(seq 100); do echo step $i; sleep 0.2; done"): Promise<number> => {
  const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", build) });
  await host.runTask(rpmTask(repository), "--detached");
  await eventually("a build", () => host.log().then((text) => text.includes("\nstep 2\n")));
  return Number(await readFile(pidFile(), "utf8"));
};

describe("our own task", () => {
  test("is ended soon, told in log and status, and so is that none runs", async () => {
    expect(await cancel()).toEqual({ exitCode: 0, stdout: "No task is running\n", stderr: "" });
    const pid = await slow();
    const follower = host.builder("log", "--follow");
    expect(await cancel()).toEqual({ exitCode: 0, stdout: "success\n", stderr: "" });
    expect(await host.log()).not.toContain("sending TERM");
    expect(await host.status()).toMatchObject({ state: "canceled", exit_code: 4 });
    expect((await follower).stdout).toMatch(/Copr build error: The task was canceled\n$/);
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
    expect(await cancel()).toEqual({ exitCode: 0, stdout: `PID ${pid} not found\n`, stderr: "" });
  });

  test("whose builder does not answer is killed within a minute", async () => {
    const pid = await slow();
    process.kill(pid, "SIGSTOP");
    const follower = host.builder("log", "--follow");
    const began = Date.now();
    const canceled = cancel();
    let isOver = false;
    canceled.finally(() => (isOver = true)).catch(() => undefined);
    // What is counted as a death once would have to be taken back.
    const counted = new Set<string>();
    while (!isOver) {
      for (const name of Object.keys((await readHistory(slotsAt(host.stateDirectory, 1))).tally.tasks)) counted.add(name);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { exitCode, stdout, stderr } = await canceled;
    expect([...counted]).toEqual([]);
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      "success\n",
      `copr-rpmbuild-cancel: The builder process ${pid} does not end, so it is killed\n`,
    ]);
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(await host.status()).toMatchObject({ state: "canceled", exit_code: 4 });
    expect((await follower).stdout).toMatch(/Copr build error: The task was canceled, and its builder process had to be killed\n$/);
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
  });

  test("whose builder was killed: what it left is ended", async () => {
    const pid = await slow("echo step 2; trap '' INT TERM; while :; do sleep 1; done");
    process.kill(pid, "SIGKILL");
    const { exitCode, stdout } = await cancel();
    // On a busy machine the keeper may have been quicker.
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^(success|PID \d+ not found)\n$/)]);
    await eventually("no process of the task", async () => (await processesMentioning(host.directory)).length === 0);
  });
});

describe("numbers that mean other processes by now", () => {
  async function leavesAlone(
    startTimeShift: number,
    { owner, end = cancel }: { owner?: number; end?: () => Promise<Outcome> } = {},
  ): Promise<Outcome> {
    const stranger = spawn("sleep", ["300"], { detached: true });
    const pid = stranger.pid as number;
    const start = (readProcess(pid)?.startTime ?? 0) + startTimeShift;
    const program = { process_group: pid, start_time: start };
    const path = join(host.stateDirectory, "status.json");
    await writeFile(path, JSON.stringify({ state: "building", pid, pid_start_time: start, ended_on: null, mark: "x", program }));
    if (owner !== undefined) await chown(path, owner, owner);
    const outcome = await end();
    expect(await isAlive(pid)).toBe(true);
    stranger.kill("SIGKILL");
    return outcome;
  }

  test.each([1, -1])("a process that began at another time is left alone (%d)", async (shift) => {
    expect(await leavesAlone(shift)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PID \d+ not found\n$/) });
  });

  test("the next task leaves it alone, too", async () => {
    const repository = await makeRepository(host.directory, "quick", { "quick.spec": specText("quick", "true") });
    expect(await leavesAlone(-1, { end: () => host.runTask(rpmTask(repository)) })).toMatchObject({ exitCode: 0 });
  });

  test.skipIf(process.getuid?.() !== 0)("root ends nobody else's process on the word of a user (needs root)", async () => {
    expect(await leavesAlone(0, { owner: nobody })).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test.each(["", "x", "0", "1", "-1", "99999999999"])("a pid file with '%s' ends nobody", async (text) => {
    await writeFile(pidFile(), text);
    const { exitCode, stdout, stderr } = await cancel();
    expect([exitCode, stdout]).toEqual([0, "No task is running\n"]);
    expect(stderr).toMatch(/^copr-rpmbuild-cancel: The pid file '.*' holds no number of a process\n$/);
  });
});

describe("what upstream's copr-rpmbuild left: nothing but a pid file", () => {
  /** A program of this name in a group of its own. */
  async function start(name: string): Promise<number> {
    const path = join(host.directory, name);
    await writeFile(path, `#!/bin/bash\ntrap 'echo INT > ${host.directory}/seen; exit' INT\nwhile :; do sleep 0.1; done\n`);
    await chmod(path, 0o755);
    const child = spawn(path, [], { detached: true, stdio: "ignore" });
    await writeFile(pidFile(), String(child.pid));
    await eventually("its start", () => isAlive(child.pid as number));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return child.pid as number;
  }

  test("its group gets INT", async () => {
    const pid = await start("copr-rpmbuild");
    expect(await cancel()).toEqual({ exitCode: 0, stdout: "success\n", stderr: "" });
    expect(await isAlive(pid)).toBe(false);
    expect(await readFile(join(host.directory, "seen"), "utf8")).toBe("INT\n");
    expect(await cancel()).toEqual({ exitCode: 0, stdout: `PID ${pid} not found\n`, stderr: "" });
  });

  test("another program's group is left alone", async () => {
    const pid = await start("something");
    const stderr = `copr-rpmbuild-cancel: The process group ${pid} is not one of copr-rpmbuild, so it is left alone\n`;
    expect(await cancel()).toEqual({ exitCode: 0, stdout: `PID ${pid} not found\n`, stderr });
    expect(await isAlive(pid)).toBe(true);
    process.kill(-pid, "SIGKILL");
  });

  test("a group that is younger than the file is left alone", async () => {
    const pid = await start("copr-rpmbuild");
    await utimes(pidFile(), 1_000_000_000, 1_000_000_000);
    expect((await cancel()).stdout).toBe(`PID ${pid} not found\n`);
    expect(await isAlive(pid)).toBe(true);
    process.kill(-pid, "SIGKILL");
  });
});
