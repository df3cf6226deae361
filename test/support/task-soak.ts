import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask } from "./builder-host.ts";
import { addHook, documentsOf, hookLog, keepingLines } from "./hooks.ts";
import { eventually, isAlive, processesMentioning } from "./processes.ts";

/** How a task ended, as its own status told it. */
interface Ended {
  mark: string;
  state: string;
}

/** What a row of tasks came to. */
export interface SoakFigures {
  tasks: number;
  /** How many ended in each state. */
  states: Record<string, number>;
  /** Signals that were sent. */
  kills: number;
  /** Tasks that a hook was not told of to its end, since who ran it was killed meanwhile; the host's log has a line for each. */
  interrupted: number;
  /** Entries of the state directory after the first tenth, and at the end. */
  files: [early: number, late: number];
  /** KiB of memory that a builder had at the highest: medians of the first and the last fifth. */
  memory: [early: number, late: number];
  /** Bytes. */
  journal: number;
}

type Victim = "builder" | "builder softly" | "builder and keeper" | "runner of hooks";
const victims: readonly Victim[] = ["builder", "builder softly", "builder and keeper", "runner of hooks"];
/** So late a kill comes at most. */
const LONGEST_MS = 900;

/**
 * Does tasks of all kinds in a row, each with hooks, and kills builders, keepers and runners of hooks among them at moments taken
 * from `random`. Throws an Error where the history, the metrics or the hooks do not have exactly what ran, or anything is left.
 */
export async function soakTasks(
  host: BuilderHost,
  { tasks, random, onCheck }: { tasks: number; random: () => number; onCheck?: (done: number) => void },
): Promise<SoakFigures> {
  const definitions = await makeDefinitions(host);
  await addHook(host, "10-told", keepingLines(host));
  await addHook(host, "20-metrics", "exit 0");
  const ended: Ended[] = [];
  const memory: number[] = [];
  const files: number[] = [];
  let kills = 0;
  const checkEvery = Math.max(6, Math.floor(tasks / 10));
  while (ended.length < tasks) {
    const definition = definitions[Math.floor(random() * definitions.length)];
    const victim = random() < 0.4 ? victims[Math.floor(random() * victims.length)] : undefined;
    const { exitCode, stderr } = await host.runTask(definition, "--detached");
    if (exitCode !== 0) throw new Error(`task ${ended.length}: it does not start: ${stderr}`);
    const { pid, mark } = (await host.status()) as { pid: number; mark: string };
    if (victim !== undefined) kills += await kill(host, victim, pid, mark, random() * LONGEST_MS);
    memory.push(await peakUntilEnd(pid));
    const status = (await host.status()) as unknown as Ended & { ended_on: number | null };
    if (status.mark !== mark) throw new Error(`task ${ended.length}: the status is of another task`);
    ended.push({ mark, state: status.ended_on === null ? "died" : status.state });
    if (ended.length % checkEvery !== 0 && ended.length !== tasks) continue;
    await check(host, ended);
    files.push(await countFiles(host));
    onCheck?.(ended.length);
  }
  const fifth = Math.ceil(tasks / 5);
  return {
    tasks,
    kills,
    states: Object.fromEntries(
      [...new Set(ended.map(({ state }) => state))].map((state) => [state, ended.filter((one) => one.state === state).length]),
    ),
    interrupted: (await interruptedHooks(host)).length,
    files: [files[0] as number, files.at(-1) as number],
    memory: [median(memory.slice(0, fifth)), median(memory.slice(-fifth))],
    journal: (await readFile(join(host.stateDirectory, "history.jsonl"))).length,
  };
}

/** One that succeeds, one whose source is missing, one that is none, and builds that take long enough to be killed in them. */
async function makeDefinitions(host: BuilderHost): Promise<unknown[]> {
  host.pages.set("/good.src.rpm", { body: await readFile(await makeSrpm(host.directory, "good")) });
  const repository = await makeRepository(host.directory, "build", { "build.spec": specText("build", "setsid sleep 60 & sleep 0.5") });
  const broken = await makeRepository(host.directory, "broken", { "broken.spec": specText("broken", "exit 1") });
  return [srpmTask(`${host.url}/good.src.rpm`), srpmTask(`${host.url}/missing.src.rpm`), "none", rpmTask(repository), rpmTask(broken)];
}

/** Resolves to how many signals were sent. */
async function kill(host: BuilderHost, victim: Victim, builder: number, mark: string, afterMs: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const found = async (what: string, text: string): Promise<number[]> =>
    (await processesMentioning(text)).filter((line) => line.includes(what)).map((line) => Number.parseInt(line, 10));
  const pids =
    victim === "runner of hooks"
      ? await found("copr-builder-hooks", host.stateDirectory)
      : victim === "builder and keeper"
        ? [...(await found("copr-builder-keeper", mark)), builder]
        : [builder];
  let sent = 0;
  for (const pid of pids) {
    try {
      process.kill(pid, victim === "builder softly" ? "SIGTERM" : "SIGKILL");
      sent += 1;
    } catch {
      // It was quicker.
    }
  }
  return sent;
}

/** Waits for a process to end; resolves to the KiB it had at the highest. */
async function peakUntilEnd(pid: number): Promise<number> {
  let peak = 0;
  await eventually(
    `the end of process ${pid}`,
    async () => {
      const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
      return !(await isAlive(pid));
    },
    60_000,
  );
  return peak;
}

/** The history, the metrics and the hooks have exactly what ran, and nothing runs any more. */
async function check(host: BuilderHost, ended: readonly Ended[]): Promise<void> {
  const where = `after ${ended.length} tasks`;
  const { stdout } = await host.builder("history", "--limit", "0", "--json");
  const told = (JSON.parse(stdout) as Ended[]).map(({ mark, state }) => `${mark} ${state}`).toReversed();
  const ran = ended.map(({ mark, state }) => `${mark} ${state}`).slice(-Math.max(told.length, Math.min(ended.length, 500)));
  const wrong = ran.findIndex((one, index) => one !== told[index]);
  if (wrong !== -1 || told.length !== ran.length)
    throw new Error(`${where}: the history has ${told.length} tasks of ${ran.length}, and '${told[wrong]}' for '${ran[wrong]}'`);
  const metrics = (await host.builder("metrics")).stdout;
  const counted = [...metrics.matchAll(/^copr_builder_tasks_total\{.*\} (\d+)$/gm)].reduce((sum, [, number]) => sum + Number(number), 0);
  if (counted !== ended.length) throw new Error(`${where}: the metrics have ${counted} tasks`);
  await checkHooks(host, ended, where);
}

async function checkHooks(host: BuilderHost, ended: readonly Ended[], where: string): Promise<void> {
  const left = async (): Promise<string[]> =>
    (await processesMentioning(host.stateDirectory)).filter((line) => !line.includes("copr-builder-keeper"));
  await eventually(`${where}: nothing runs`, async () => (await left()).length === 0).catch(async (error: unknown) => {
    throw new Error(`${(error as Error).message}: ${(await left()).join("; ")}`, { cause: error });
  });
  // What waits in the spool, because who ran the hooks was killed, is for the next task.
  const waiting = await readdir(join(host.stateDirectory, "hooks-pending"));
  const told = (await documentsOf(host)).map(({ mark, state }) => `${String(mark)} ${String(state)}`);
  const twice = told.filter((one, index) => told.indexOf(one) !== index);
  if (twice.length > 0) throw new Error(`${where}: told twice: ${twice.join("; ")}`);
  const untold = ended.filter(({ mark, state }) => !told.includes(`${mark} ${state}`) && !waiting.some((name) => name.includes(mark)));
  const interrupted = await interruptedHooks(host);
  if (untold.length > interrupted.length || told.length > ended.length)
    throw new Error(`${where}: ${untold.length} tasks are not told as they ended, and ${interrupted.length} hooks were interrupted`);
}

async function interruptedHooks(host: BuilderHost): Promise<string[]> {
  return (await hookLog(host)).filter((line) => line.includes("may not have come to its end"));
}

async function countFiles(host: BuilderHost): Promise<number> {
  const names = await readdir(host.stateDirectory, { recursive: true });
  // Those of the last task, which may be of any kind, and what waits for hooks.
  return names.filter((name) => !/^(results|workspace|hooks-pending)\//.test(name)).length;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] as number;
}
