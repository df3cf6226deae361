import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { type BuilderHost, makeRepository, rpmTask, specText } from "./builder-host.ts";
import { eventually, processesMentioning } from "./processes.ts";

/** What a builder may get in the middle of a build, and the states it may truthfully tell of afterwards. */
const kills = [
  { signal: "SIGTERM", states: ["canceled", "succeeded"] },
  { signal: "SIGKILL", states: ["died", "succeeded"] },
  // A hang-up must not touch a detached task.
  { signal: "SIGHUP", states: ["succeeded"] },
] as const;

/** One kill and what became of the task. */
interface KillOutcome {
  signal: NodeJS.Signals;
  afterMs: number;
  state: string;
}

/** A build with a compiler, a pipe, and a child that leaves for a session of its own. */
const build = [
  "setsid sleep 300 &",
  "echo 'int main(void) { return 0; }' > main.c",
  "for i in 1 2 3 4 5 6; do gcc -O2 -o main main.c; ./main; echo step $i | cat; sleep 0.1; done",
].join("\n");

export interface SoakOptions {
  rounds: number;
  /** Gives numbers from 0 to 1. */
  random: () => number;
  onKill?: (outcome: KillOutcome) => void;
  /** The directory of mock's chroots, where mock builds: kills then come at any time of a build, not only early. */
  chrootDirectory?: string;
}

/** How late a kill comes where builds are short. */
const LONGEST_MS = 2500;

/**
 * Kills the builder again and again in the middle of a real build, at moments taken from `random`.
 * After each kill the status must be true, nothing of the task may be left, and the next build must succeed; mock's
 * chroot may stay after a builder's violent death, but only until the next start.
 * Throws an Error that tells which kill broke what.
 */
export async function soakKills(host: BuilderHost, { rounds, random, onKill, chrootDirectory }: SoakOptions): Promise<void> {
  const task = rpmTask(await makeRepository(host.directory, "soak", { "soak.spec": specText("soak", build, "BuildRequires: gcc") }));
  const longestMs = chrootDirectory === undefined ? LONGEST_MS : await timeOfBuild(host, task);
  let left: string | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const { signal, states } = kills[round % kills.length] as (typeof kills)[number];
    const afterMs = Math.floor(random() * longestMs);
    const started = await host.runTask(task, "--detached");
    if (started.exitCode !== 0) throw new Error(`round ${round}: the build after a kill does not start: ${started.stderr}`);
    await requireNoChroot(chrootDirectory, left, `round ${round}, after the next start`);
    const { pid } = (await host.status()) as { pid: number };
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    // It may be over already; its number is not used again within a moment.
    if (await stillRuns(host)) process.kill(pid, signal);
    const state = await settledState(host);
    onKill?.({ signal, afterMs, state });
    const where = `round ${round}, ${signal} after ${afterMs} ms, ${state}`;
    if (!(states as readonly string[]).includes(state)) throw new Error(`${where}: an untruthful status`);
    await requireOrder(host, state, where);
    left = ((await host.status())["chroot"] as { unique: string } | null | undefined)?.unique;
    if (state !== "died" && left !== undefined) throw new Error(`${where}: the chroot ${left} is left`);
  }
  await timeOfBuild(host, task);
  await requireNoChroot(chrootDirectory, left, "after the last kill");
}

/** Milliseconds that a build takes; one that fails is an error. */
async function timeOfBuild(host: BuilderHost, task: unknown): Promise<number> {
  const began = Date.now();
  const { exitCode, stdout } = await host.runTask(task);
  if (exitCode !== 0) throw new Error(`an undisturbed build failed:\n${stdout}`);
  return Date.now() - began;
}

/** The chroot of a killed task is gone, what was mounted in it, and what ran there. */
async function requireNoChroot(directory: string | undefined, unique: string | undefined, where: string): Promise<void> {
  if (directory === undefined || unique === undefined) return;
  const left = [
    ...(await readdir(directory)).filter((name) => name.endsWith(`-${unique}`)),
    ...(await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => line.includes(unique)),
    ...(await processesMentioning(unique)),
    ...(await processesInside(unique)),
  ];
  if (left.length > 0) throw new Error(`${where}: the chroot of the task before is left: ${left.join("; ")}`);
}

/** Processes whose root directory has a text in its name. */
async function processesInside(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const root = await readlink(`/proc/${pid}/root`).catch(() => "/");
    if (root.includes(text)) found.push(`${pid} in ${root}`);
  }
  return found;
}

async function stillRuns(host: BuilderHost): Promise<boolean> {
  return (await reportOf(host)).ended_on === null;
}

async function settledState(host: BuilderHost): Promise<string> {
  await host.builder("status", "--wait");
  return (await reportOf(host)).state;
}

async function reportOf(host: BuilderHost): Promise<{ state: string; ended_on?: number | null }> {
  const { exitCode, stdout, stderr } = await host.builder("status", "--json");
  if (stdout === "") throw new Error(`'status' ended with ${exitCode} and said nothing but: ${stderr}`);
  return JSON.parse(stdout) as { state: string; ended_on?: number | null };
}

/** Nothing of the task is left, and its results say what its status says. */
async function requireOrder(host: BuilderHost, state: string, where: string): Promise<void> {
  const left = async (): Promise<string[]> => [
    ...(await processesMentioning(host.stateDirectory)).filter((line) => !/copr-builder-keeper/.test(line)),
    ...(await readdir(host.stateDirectory)).filter((name) => ["pid", "logger_pid", "build.running"].includes(name)),
    ...(await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => line.includes(host.stateDirectory)),
  ];
  await eventually(`${where}: nothing is left`, async () => (await left()).length === 0).catch(async (error: unknown) => {
    throw new Error(`${(error as Error).message}: ${(await left()).join("; ")}`, { cause: error });
  });
  const results = await readdir(join(host.stateDirectory, "results")).catch((): string[] => []);
  const hasSuccess = results.includes("success");
  if (hasSuccess !== (state === "succeeded")) throw new Error(`${where}: ${hasSuccess ? "a" : "no"} file 'success'`);
}
