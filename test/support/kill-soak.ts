import { readdir, readFile } from "node:fs/promises";
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

const LONGEST_MS = 2500;

/**
 * Kills the builder again and again in the middle of a real build, at moments taken from `random` (0 to 1).
 * After each kill the status must be true, nothing of the task may be left, and the next build must succeed.
 * Throws an Error that tells which kill broke what.
 */
export async function soakKills(
  host: BuilderHost,
  { rounds, random, onKill }: { rounds: number; random: () => number; onKill?: (outcome: KillOutcome) => void },
): Promise<void> {
  const task = rpmTask(await makeRepository(host.directory, "soak", { "soak.spec": specText("soak", build) }));
  for (let round = 0; round < rounds; round += 1) {
    const { signal, states } = kills[round % kills.length] as (typeof kills)[number];
    const afterMs = Math.floor(random() * LONGEST_MS);
    const started = await host.runTask(task, "--detached");
    if (started.exitCode !== 0) throw new Error(`round ${round}: the build after a kill does not start: ${started.stderr}`);
    const { pid } = (await host.status()) as { pid: number };
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    // It may be over already; its number is not used again within a moment.
    if (await stillRuns(host)) process.kill(pid, signal);
    const state = await settledState(host);
    onKill?.({ signal, afterMs, state });
    const where = `round ${round}, ${signal} after ${afterMs} ms, ${state}`;
    if (!(states as readonly string[]).includes(state)) throw new Error(`${where}: an untruthful status`);
    await requireOrder(host, state, where);
  }
  const { exitCode, stdout } = await host.runTask(task);
  if (exitCode !== 0) throw new Error(`the build after the last kill failed:\n${stdout}`);
}

async function stillRuns(host: BuilderHost): Promise<boolean> {
  const { stdout } = await host.builder("status", "--json");
  return (JSON.parse(stdout) as { ended_on?: number | null }).ended_on === null;
}

async function settledState(host: BuilderHost): Promise<string> {
  await host.builder("status", "--wait");
  const { stdout } = await host.builder("status", "--json");
  return (JSON.parse(stdout) as { state: string }).state;
}

/** Nothing of the task is left, and its results say what its status says. */
async function requireOrder(host: BuilderHost, state: string, where: string): Promise<void> {
  const left = async (): Promise<string[]> => [
    ...(await processesMentioning(host.stateDirectory)).filter((line) => !/copr-builder-keeper/.test(line)),
    ...(await readdir(host.stateDirectory)).filter((name) => ["pid", "logger_pid", "build.running"].includes(name)),
    ...(await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => line.includes(host.stateDirectory)),
  ];
  await eventually(`${where}: nothing is left`, async () => (await left()).length === 0, 40_000).catch(async (error: unknown) => {
    throw new Error(`${(error as Error).message}: ${(await left()).join("; ")}`, { cause: error });
  });
  const results = await readdir(join(host.stateDirectory, "results")).catch((): string[] => []);
  const hasSuccess = results.includes("success");
  if (hasSuccess !== (state === "succeeded")) throw new Error(`${where}: ${hasSuccess ? "a" : "no"} file 'success'`);
}
