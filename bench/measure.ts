import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one run of a program took. */
export interface Usage {
  wallSeconds: number;
  /** User and system time of the program and all its children. */
  cpuSeconds: number;
  /** Highest resident memory that was seen, bytes. */
  peakBytes: number;
  exitCode: number;
}

export interface RunOptions {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

/** Runs a program once and takes its measures from /proc. Runs must not overlap. */
export async function measure(argv: readonly string[], { env = {}, cwd }: RunOptions = {}): Promise<Usage> {
  const [file, ...rest] = argv as [string, ...string[]];
  const cpuBefore = childrenCpuSeconds();
  const started = performance.now();
  const child = spawn(file, rest, { cwd, env: { ...process.env, ...env }, stdio: "ignore" });
  let peakBytes = 0;
  const timer = setInterval(() => (peakBytes = Math.max(peakBytes, residentPeak(child.pid))), 20);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? -1));
  });
  clearInterval(timer);
  return { wallSeconds: (performance.now() - started) / 1000, cpuSeconds: childrenCpuSeconds() - cpuBefore, peakBytes, exitCode };
}

/** Runs two programs in turn, A B A B …, so that a machine whose speed drifts treats both alike. */
export async function inTurn(first: () => Promise<Usage>, second: () => Promise<Usage>, rounds: number): Promise<[Usage[], Usage[]]> {
  const results: [Usage[], Usage[]] = [[], []];
  await first();
  await second();
  for (let round = 0; round < rounds; round += 1) {
    results[0].push(await first());
    results[1].push(await second());
  }
  return results;
}

/** A run whose program must have succeeded. */
export async function succeeding(run: Promise<Usage>): Promise<Usage> {
  const usage = await run;
  if (usage.exitCode !== 0) throw new Error(`a benchmarked program ended with ${usage.exitCode}`);
  return usage;
}

/** How much faster the first was than the second, pair by pair. */
export function speedRatios(first: readonly Usage[], second: readonly Usage[]): number[] {
  return first.map((usage, round) => (second[round] as Usage).wallSeconds / usage.wallSeconds);
}

export function sum(usages: readonly Usage[], key: "wallSeconds" | "cpuSeconds"): number {
  return usages.reduce((total, usage) => total + usage[key], 0);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const TICKS_PER_SECOND = 100;

/** CPU time of all children that have ended, as the kernel counts it for their parent. */
function childrenCpuSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

function residentPeak(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
