import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { CostMeter } from "../src/builder/cost/cost-meter.ts";
import { markVariable } from "../src/builder/task/environment.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 5;
const ROUND_MS = 10_000;
const PROCESSES = 500;

/** How much of a core it takes to measure what a task of many processes costs. */
export async function cost(): Promise<Finding[]> {
  const mark = "bench";
  const crowd = startCrowd(mark);
  const meter = new CostMeter({ mark, state: "building", places: [], cgroup: undefined });
  try {
    await sleep(3000);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [cpu, began] = [process.cpuUsage(), performance.now()];
      await sleep(ROUND_MS);
      const { user, system } = process.cpuUsage(cpu);
      rounds.push(((user + system) / 1000 / (performance.now() - began)) * 100);
    }
    const largest = meter.finish().largest.map(({ name }) => name);
    if (!largest.includes("sleep")) throw new Error(`the crowd was not seen, only ${largest.join(", ")}`);
    return [{ what: `watching ${PROCESSES} processes of a task`, rounds, atMost: 1, unit: " % of a core", detail: "10 s a round" }];
  } finally {
    await meter.dispose();
    process.kill(-(crowd.pid as number), "SIGKILL");
  }
}

function startCrowd(mark: string): ChildProcess {
  const script = `i=0; while [ $i -lt ${PROCESSES} ]; do sleep 120 & i=$((i+1)); done; wait`;
  return spawn("sh", ["-c", script], { detached: true, stdio: "ignore", env: { ...process.env, [markVariable]: mark } });
}
