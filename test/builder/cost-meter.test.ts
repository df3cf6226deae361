import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism, loadavg, uptime } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Budget } from "../../src/builder/cost/budget.ts";
import { makeTaskCgroup, type TaskCgroup } from "../../src/builder/cost/cgroup.ts";
import { CostMeter } from "../../src/builder/cost/cost-meter.ts";
import { killsInKernelLog } from "../../src/builder/cost/kernel-log.ts";
import type { Usage } from "../../src/builder/cost/task-cost.ts";
import { markVariable } from "../../src/builder/task/environment.ts";
import { findProgram } from "../../src/core/process/find-program.ts";
import { makeSmallMachine, type SmallMachine, whyNoCgroup, whyNoMemoryCgroup, whyNoSmallMachine } from "../support/cgroups.ts";
import { eventually } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const script = fileURLToPath(new URL("../support/measured-job.py", import.meta.url));
const hasCompiler = (await findProgram("gcc", process.env["PATH"] ?? "")) !== undefined;

/** What the kernel says of a job. */
interface Truth {
  cpu: number;
  memory: number;
  written: number;
}

let meter: CostMeter | undefined;
afterEach(async () => {
  await meter?.dispose();
  meter = undefined;
});

/** Does a job as a program of a task; resolves to what was measured of it, and to the truth. */
async function measured(job: string, number: number, withCgroup: boolean): Promise<{ usage: Usage; truth: Truth; one: CostMeter }> {
  const mark = randomUUID();
  const one = new CostMeter({ mark, state: "building", places: [], cgroup: withCgroup ? makeTaskCgroup(mark) : undefined });
  meter = one;
  const child = spawn("python3", [script, job, await temporaryDirectory(), String(number)], {
    env: { ...process.env, [markVariable]: mark },
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  one.admit(child.pid as number);
  const truth = JSON.parse(await text(child.stdout)) as Truth;
  if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  return { usage: one.finish(), truth, one };
}

/**
 * What ends between two looks is not seen at its highest, and on a machine with much else to do the looks are late: there only
 * gross errors are told from bad luck.
 */
function expectNear(found: number | null, truth: number, near = 0.05): void {
  const part = (loadavg()[0] as number) > availableParallelism() ? 0.5 : near;
  expect(found).toBeGreaterThan(truth * (1 - part));
  expect(found).toBeLessThan(truth * (1 + part));
}

const MiB = 1024 ** 2;
const why = whyNoCgroup();
const ways = [
  { name: "by sampling", withCgroup: false, isMissing: false },
  { name: `in a cgroup${why === undefined ? "" : ` (${why})`}`, withCgroup: true, isMissing: why !== undefined },
];

describe.each(ways)("$name", { retry: 3 }, ({ withCgroup, isMissing }) => {
  const countsMemory = withCgroup && whyNoMemoryCgroup() === undefined;

  test.skipIf(isMissing || !hasCompiler)("a compiler with 200 MB: its time and its memory", async () => {
    const { usage, truth } = await measured("compile_large_array", 650_000, withCgroup);
    expect(truth.memory).toBeGreaterThan(150 * MiB);
    expectNear(usage.cpu_seconds, truth.cpu);
    // A cgroup counts cached files as well.
    if (countsMemory) expect(usage.peak_memory).toBeGreaterThan(truth.memory * 0.95);
    else expectNear(usage.peak_memory, truth.memory);
    expect(usage.largest[0]).toMatchObject({ name: "cc1" });
    expect(usage.largest[0]?.memory).toBeGreaterThan(70 * MiB);
  });

  test.skipIf(isMissing)("small processes, many at a time: each shared page once", async () => {
    const { usage, truth } = await measured("many_at_once", 100, withCgroup);
    if (countsMemory) expect(usage.peak_memory).toBeGreaterThan(truth.memory * 0.95);
    else expectNear(usage.peak_memory, truth.memory);
    expect(usage.largest.map(({ name }) => name)).toContain("sleep");
  });

  test.skipIf(isMissing)("small processes, many in turn, none of which is seen: their time", async () => {
    const { usage, truth } = await measured("many_in_turn", 150, withCgroup);
    expectNear(usage.cpu_seconds, truth.cpu);
  });

  test.skipIf(isMissing)("bytes written to a disk", async () => {
    const { usage, truth } = await measured("write", 64, withCgroup);
    expectNear(usage.written, truth.written);
  });

  test.skipIf(isMissing)("a daemon that nobody waits for: its time", async () => {
    const { usage, truth } = await measured("daemon", 2, withCgroup);
    expectNear(usage.cpu_seconds, truth.cpu, 0.08);
  });
});

test("phases have what was used in them", async () => {
  const mark = randomUUID();
  meter = new CostMeter({ mark, state: "fetching", places: [], cgroup: undefined });
  await sleep(100);
  meter.enter("building");
  const env = { ...process.env, [markVariable]: mark };
  const child = spawn(
    "python3",
    ["-c", "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\ntime.sleep(1)"],
    { env },
  );
  await new Promise((resolve) => child.once("exit", resolve));
  const during = meter.enter("collecting");
  expect(Object.keys(during.phases)).toEqual(["fetching", "building"]);
  const { phases, ...all } = meter.finish();
  expect(phases["fetching"]).toMatchObject({ peak_memory: null, largest: [] });
  expect(phases["fetching"]?.cpu_seconds).toBeLessThan(0.1);
  expect(phases["building"]?.cpu_seconds).toBeGreaterThan(0.45);
  expect(phases["building"]?.peak_memory).toBeGreaterThan(3 * MiB);
  expect(all.cpu_seconds).toBeCloseTo(
    Object.values(phases).reduce((sum, { cpu_seconds }) => sum + cpu_seconds, 0),
    2,
  );
  expect(all.peak_memory).toBe(phases["building"]?.peak_memory);
});

const noSmallMachine = whyNoSmallMachine();

test.skipIf(noSmallMachine !== undefined)(
  `a program that the kernel ends between two looks is named all the same${noSmallMachine === undefined ? "" : ` (${noSmallMachine})`}`,
  async () => {
    const machine = makeSmallMachine(50 * MiB) as SmallMachine;
    meter = new CostMeter({ mark: randomUUID(), state: "building", places: [], cgroup: undefined });
    const [shell, ...words] = [...machine.words, "python3", "-c", "bytearray(200 * 1024 * 1024)"];
    // While this waits nobody looks.
    expect(spawnSync(shell, words).signal).toBe("SIGKILL");
    await eventually("the machine is left", machine.isRemoved);
    meter.finish();
    expect(meter.kills({ isSuspected: false, isUnexplained: true })).toEqual({ isSure: false, victims: [] });
    const { isSure, victims } = meter.kills({ isSuspected: true, isUnexplained: false });
    expect(isSure).toBe(true);
    expect(victims.at(-1)?.name).toMatch(/^python3/);
    expect(victims.at(-1)?.residentBytes).toBeGreaterThan(40 * MiB);
    // A builder that is there itself need know nothing of it.
    const cgroup = machine.words.at(-1)?.replace("/sys/fs/cgroup/memory", "");
    const inCgroup = killsInKernelLog({ mark: randomUUID(), cgroup, since: uptime() - 60, isOurs: () => false });
    expect(inCgroup.map(({ name }) => name)).toEqual([expect.stringMatching(/^python3/)]);
    expect(victims.at(-1)?.groupBytes).toBeGreaterThan(45 * MiB);
  },
);

test("what is looked at costs no more than its share, however much it takes", () => {
  const allowance = { share: 0.01, advanceSeconds: 0.02, leastMs: 100 };
  const budget = new Budget(allowance);
  expect(budget.waitMs).toBe(100);
  const before = process.cpuUsage();
  budget.spend(() => {
    while (process.cpuUsage(before).user < 100_000);
  });
  const { user, system } = process.cpuUsage(before);
  const lookMs = (user + system) / 1000;
  // What the look took, and what the next one will.
  expect(budget.waitMs).toBeGreaterThan((2 * 100 - 20) / allowance.share - lookMs);
  expect(budget.waitMs).toBeLessThan((2 * lookMs) / allowance.share);
});

test.skipIf(why !== undefined)(
  `a cgroup goes with its task, and takes along what is in it${why === undefined ? "" : ` (${why})`}`,
  async () => {
    const cgroup = makeTaskCgroup(randomUUID()) as TaskCgroup;
    const child = spawn("sleep", ["60"], { env: {} });
    const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
    cgroup.admit(child.pid as number);
    await expect.poll(() => [...cgroup.processes()]).toEqual([child.pid]);
    await cgroup.remove();
    expect(await ended).toBe("SIGKILL");
    expect(existsSync(join(cgroup.path))).toBe(false);
  },
);
