import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BuilderHost, makeRepository, rpmTask, specText } from "./builder-host.ts";
import { type StartedBuilder, startBuilder } from "./dead-task.ts";
import type { MockStandIn } from "./mock-stand-in/stand-in.ts";
import { eventually, isAlive, processesMentioning } from "./processes.ts";
import { nameOfBuilder, type Outcome, runProgram } from "./program.ts";

/** A host with two slots and the stand-in for mock. */
export interface SoakedHost {
  host: BuilderHost;
  mock: MockStandIn;
  /** PATH of all programs. */
  path: string;
}

/** A host, and how long a build takes on it now, in milliseconds: moments are parts of that. */
type TimedHost = SoakedHost & { buildMs: number };

export interface SoakOptions {
  rounds: number;
  /** Gives numbers from 0 to 1. */
  random: () => number;
  /** Told what came when in a round that went well. */
  onRound?: (round: number, events: readonly string[]) => void;
}

/** What happened in a round, for a failure's message. */
interface Round {
  events: string[];
  tasks: { name: string; builder: StartedBuilder; isKilled: boolean }[];
}

/** A build that takes some seconds, with a child in a session of its own. */
const build = "setsid sleep 300 &\nfor i in 1 2 3 4 5 6 7 8; do echo step $i; sleep 0.1; done";

/**
 * Lets tasks begin, end and be killed at moments taken from `random`, while what dead ones have left is removed. Tasks
 * that nobody kills must succeed, and in the end nothing may be left. Throws an Error that tells what came when.
 */
export async function soakOrphans(
  soaked: SoakedHost,
  { rounds, random, onRound = () => undefined }: SoakOptions,
): Promise<{ killed: number; sweeps: number }> {
  const { host } = soaked;
  const repository = await makeRepository(host.directory, "soak", { "soak.spec": specText("soak", build) });
  await writeFile(join(host.directory, "soak.json"), JSON.stringify(rpmTask(repository)));
  const counts = { killed: 0, sweeps: 0 };
  const began = Date.now();
  await playTask({ ...soaked, buildMs: 0 }, [], { name: "undisturbed", isKilled: false, afterMs: 0, withKeeper: false }, () => undefined);
  const timed = { ...soaked, buildMs: Date.now() - began };
  for (let round = 0; round < rounds; round += 1) {
    const record: Round = { events: [], tasks: [] };
    try {
      await playRound(timed, random, record, counts);
    } catch (error) {
      throw new Error(`round ${round}: ${(error as Error).message}\n${record.events.join("\n")}`, { cause: error });
    }
    onRound(round, record.events);
  }
  return counts;
}

async function playRound(
  soaked: TimedHost,
  random: () => number,
  { events, tasks }: Round,
  counts: { killed: number; sweeps: number },
): Promise<void> {
  const began = Date.now();
  const note = (text: string): void => void events.push(`${Date.now() - began} ms: ${text}`);
  const at = (work: () => Promise<void>, part = random()): Promise<void> => sleep(part * soaked.buildMs).then(work);
  const sweeps: Outcome[] = [];
  const sweepThen = async (): Promise<void> => {
    note("a clean-up begins");
    const outcome = await cleanUp(soaked);
    note(`a clean-up has ended: ${outcome.stdout.trimEnd().split("\n").at(-1)}`);
    sweeps.push(outcome);
  };
  // Drawn at once, so that the same seed gives the same round whatever takes how long.
  const plan = (name: string): Plan => ({
    name,
    isKilled: random() < 0.6,
    // Not before the other one has its slot, as it would take this one's and clean it up.
    afterMs: (0.2 + 0.8 * random()) * soaked.buildMs,
    withKeeper: random() < 0.5,
  });
  const [first, second, third] = [plan("first"), plan("second"), plan("third")];
  // No more tasks than there are slots: the third comes when both have gone, which may have left something.
  const play = (one: Plan, part: number): Promise<void> => at(() => playTask(soaked, tasks, one, note), part);
  await Promise.all([play(first, 0), play(second, random() / 8), at(sweepThen, 0.3 + random()), at(sweepThen, 0.3 + random())]);
  await Promise.all([play(third, random() / 4), at(sweepThen, random() / 4)]);
  counts.killed += tasks.filter(({ isKilled }) => isKilled).length;
  counts.sweeps += sweeps.length;
  for (const { exitCode, stderr } of sweeps) {
    if (exitCode !== 0 || stderr !== "") throw new Error(`a clean-up ended with ${exitCode}: ${stderr}`);
  }
  await requireNothingLeft(soaked, note);
}

interface Plan {
  name: string;
  isKilled: boolean;
  afterMs: number;
  withKeeper: boolean;
}

async function playTask(
  { host, path }: TimedHost,
  tasks: Round["tasks"],
  { name, isKilled, afterMs, withKeeper }: Plan,
  note: (text: string) => void,
): Promise<void> {
  const words = ["--config", host.config, "--task-file", join(host.directory, "soak.json")];
  const builder = startBuilder(words, { PATH: path });
  const task = { name, builder, isKilled };
  tasks.push(task);
  note(`the ${name} task begins, process ${builder.pid}`);
  if (isKilled) {
    await Promise.race([sleep(afterMs), builder.ended]);
    task.isKilled = await isAlive(builder.pid);
    if (task.isKilled) await builder.kill({ withKeeper });
    note(`the ${name} task is ${task.isKilled ? `killed${withKeeper ? " with its keeper" : ""}` : "over before it is killed"}`);
    if (task.isKilled) return;
  }
  const exitCode = await builder.ended;
  note(`the ${name} task ends with ${exitCode}`);
  if (exitCode !== 0) throw new Error(`the ${name} task, which nobody killed, ended with ${exitCode}:\n${builder.output()}`);
}

function cleanUp({ host, path }: SoakedHost): Promise<Outcome> {
  return runProgram([...nameOfBuilder("copr-builder-cleanup"), "--orphans", "--config", host.config], {
    env: { PATH: path, TMPDIR: host.directory },
    timeoutMs: 240_000,
  });
}

/** After one more clean-up, when the keepers of killed tasks have done their part. */
async function requireNothingLeft(soaked: SoakedHost, note: (text: string) => void): Promise<void> {
  const { host, mock } = soaked;
  await eventually("all keepers have gone", async () => {
    const keepers = await processesMentioning("copr-builder-keeper.cjs");
    return !keepers.some((line) => line.includes(host.directory));
  });
  const slots = [host.stateDirectory, join(host.stateDirectory, "slots/2")];
  const names = async (path: string): Promise<string[]> => (await readdir(path).catch(() => [])).map((name) => join(path, name));
  // A kill in the middle of a write: such a file counts from its second minute on.
  for (const path of (await Promise.all(slots.map(names))).flat().filter((one) => one.endsWith(".tmp"))) await utimes(path, 0, 0);
  const last = await cleanUp(soaked);
  note(`the last clean-up said: ${last.stdout.trimEnd()}${last.stderr}`);
  if (last.exitCode !== 0) throw new Error(`the last clean-up ended with ${last.exitCode}: ${last.stderr}`);
  const left = [
    ...(await processesMentioning(host.directory)),
    ...(await mock.chroots()),
    ...(await Promise.all(slots.map((slot) => names(join(slot, "workspace"))))).flat(),
    ...(await Promise.all(slots.map(names))).flat().filter((path) => /\/(pid|logger_pid|build\.running|chroot\.cfg|.*\.tmp)$/.test(path)),
    ...(await names(host.directory)).filter((path) => path.includes("copr-scrub-")),
  ];
  if (left.length > 0) throw new Error(`this is left:\n${left.join("\n")}`);
}
