import { open } from "node:fs/promises";
import { CoprError, errorCode } from "../../core/errors.ts";
import type { Category, LogLine, Phase } from "../../core/explain/explanation.ts";
import type { TaskPhase } from "../../core/text/phase-heading.ts";
import { exists } from "../../core/files/directories.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { writeFileAtomic } from "../../core/files/atomic-file.ts";
import { isRunning, readProcess } from "../../core/process/table.ts";
import { builderExitCodes } from "../errors.ts";
import type { TaskCost } from "../cost/task-cost.ts";
import type { StateDirectory } from "./state-directory.ts";

/** The state of a task that runs is the phase it is in. */
export type RunningState = TaskPhase;

/** How a task ended. */
export type FinalState = "succeeded" | "failed" | "canceled" | "timed-out";

/** Content of `status.json`. Times are epoch seconds. */
export interface TaskStatus {
  schema_version: 1;
  /** Null until the definition told it. */
  task_id: string | null;
  state: RunningState | FinalState;
  pid: number;
  /** Clock ticks since boot at which the process began: pids are used again. */
  pid_start_time: number;
  process_group: number;
  started_on: number;
  updated_on: number;
  ended_on: number | null;
  exit_code: number | null;
  /** One sentence: why it failed, or what it does. */
  reason: string | null;
  /** Why it failed, as its logs tell; null when they do not, and while it runs. */
  cause: TaskCause | null;
  /** Seconds spent in each phase so far. */
  timings: Partial<Record<RunningState, number>>;
  /** What it has cost, up to the phase that runs; null before that is measured. */
  cost: TaskCost | null;
  /** The program that runs now: mock's environment can't be read, so its mark does not show. */
  program: RunningProgram | null;
  /** mock's chroot that may be there: its configuration, and the value of --uniqueext. The next task removes what a killed one left. */
  chroot: { config: string; unique: string } | null;
  /** Directory of the task's cgroup; null where the host allows none, and when it is gone. The next task removes what a killed one left. */
  cgroup: string | null;
  /** Value of COPR_BUILDER_TASK in the environment of everything the task started. */
  mark: string;
}

/** What the logs of a failed task tell of the reason. */
export interface TaskCause {
  /** The phase that failed; null when the logs do not tell it. */
  phase: Phase | null;
  category: Category;
  /** The name of the rule that found the cause. */
  rule: string;
  /** The cause, the best line first, at most five, each cut at 500 characters. */
  lines: LogLine[];
  /** What to do, one sentence. */
  advice: string | null;
}

/** A program of a task: its process group, the clock tick at which it began, and whether it can be interrupted by a terminal of its own. */
interface RunningProgram {
  process_group: number;
  start_time: number;
  has_terminal: boolean;
}

/** The status of a task that does not run any more. */
export type EndedStatus = Omit<TaskStatus, "state"> & { state: FinalState | "died" };

/** What `copr-builder status` reports; `idle` and `died` are conclusions, never written. */
export type ReportedStatus = (Omit<TaskStatus, "state"> & { state: TaskStatus["state"] | "died" }) | { schema_version: 1; state: "idle" };

const exitCodeOf: Readonly<Record<FinalState, number>> = {
  succeeded: builderExitCodes.ok,
  failed: builderExitCodes.failed,
  canceled: builderExitCodes.canceled,
  "timed-out": builderExitCodes.timedOut,
};

/** Measures what the task costs. */
interface Meter {
  /** Directory of the task's cgroup, if it has one. */
  readonly cgroup: string | null;
  /** A phase begins; returns what those before it have cost. */
  enter(state: RunningState): TaskCost;
  /** Returns what all has cost. */
  finish(): TaskCost;
}

/** Keeps `status.json` true while a task runs. */
export interface StatusWriter {
  readonly current: Readonly<TaskStatus>;
  setTaskId(taskId: string): Promise<void>;
  /** From the next phase on the status tells what the task costs. */
  measureBy(meter: Meter): void;
  /** The task has done its work, which costs no more. */
  endMeasuring(): void;
  /** The one place where a phase begins. */
  enter(state: RunningState): Promise<void>;
  /** Tells the listener each phase when it begins, before anything else is done in it; `atMs` in epoch milliseconds. */
  onEnter(listener: (phase: RunningState, atMs: number) => void): void;
  /** A program was started, with this pid as its group, or (null) has ended. */
  setProgram(pid: number | null, hasTerminal?: boolean): Promise<void>;
  /** A chroot is about to be made, or (null) is gone. */
  setChroot(chroot: TaskStatus["chroot"]): Promise<void>;
  finish(state: FinalState, reason: string | null, cause?: TaskCause): Promise<void>;
}

/** Begins the status of a new task and writes it. */
export async function beginStatus(directory: StateDirectory, mark: string): Promise<StatusWriter> {
  const self = readProcess(process.pid);
  const now = epochSeconds();
  const status: TaskStatus = {
    schema_version: 1,
    task_id: null,
    state: "starting",
    pid: process.pid,
    pid_start_time: self?.startTime ?? 0,
    process_group: self?.processGroup ?? process.pid,
    started_on: now,
    updated_on: now,
    ended_on: null,
    exit_code: null,
    reason: null,
    cause: null,
    timings: {},
    cost: null,
    program: null,
    chroot: null,
    cgroup: null,
    mark,
  };
  let entered = now;
  let meter: Meter | undefined;
  const account = (): void => {
    const time = epochSeconds();
    const { state } = status;
    if (!isFinal(state)) status.timings[state] = round((status.timings[state] ?? 0) + time - entered);
    entered = time;
    status.updated_on = time;
  };
  const listeners: Parameters<StatusWriter["onEnter"]>[0][] = [];
  // One write at a time, of what is true when it begins: the last one must win, and it tells all that was to be told.
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  const write = (): Promise<void> => {
    waiting ??= writing
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        writing = writeStatus(directory.status, status);
        return writing;
      });
    return waiting;
  };
  await write();
  return {
    current: status,
    async setTaskId(taskId) {
      status.task_id = taskId;
      await write();
    },
    measureBy(some) {
      meter = some;
      status.cgroup = some.cgroup;
    },
    endMeasuring() {
      status.cost = meter?.finish() ?? null;
      meter = undefined;
    },
    async enter(state) {
      account();
      status.state = state;
      for (const listener of listeners) listener(state, Math.round(entered * 1000));
      status.cost = meter?.enter(state) ?? null;
      await write();
    },
    onEnter: (listener) => void listeners.push(listener),
    async setProgram(pid, hasTerminal = false) {
      status.program =
        pid === null ? null : { process_group: pid, start_time: readProcess(pid)?.startTime ?? 0, has_terminal: hasTerminal };
      await write();
    },
    async setChroot(chroot) {
      status.chroot = chroot;
      await write();
    },
    async finish(state, reason, cause) {
      account();
      status.state = state;
      status.reason = reason;
      status.cause = cause ?? null;
      status.ended_on = status.updated_on;
      status.program = null;
      status.cgroup = null;
      status.exit_code = exitCodeOf[state];
      await write();
    },
  };
}

/** Writes the end of a task whose own process can't. */
export async function finishStatus(directory: StateDirectory, status: TaskStatus, state: FinalState, reason: string): Promise<void> {
  const now = epochSeconds();
  const ending = { state, reason, updated_on: now, ended_on: now, exit_code: exitCodeOf[state], program: null };
  await writeStatus(directory.status, { ...status, ...ending });
}

/** Reads what was last written; undefined when there never was a task here. */
export async function readStatus(directory: StateDirectory): Promise<TaskStatus | undefined> {
  if (!(await exists(directory.status))) return undefined;
  const text = (await readRegularFile(directory.status, { maxBytes: 1024 * 1024, label: "status file" })).toString();
  const damaged = (cause?: unknown) => new CoprError(`The status file '${directory.status}' is damaged`, { cause });
  let status: Partial<TaskStatus> | null;
  try {
    status = JSON.parse(text) as Partial<TaskStatus> | null;
  } catch (cause) {
    throw damaged(cause);
  }
  if (typeof status?.state !== "string" || typeof status.pid !== "number" || typeof status.mark !== "string") throw damaged();
  return status as TaskStatus;
}

/** The truth about the last task: an unfinished one whose process is gone has died. */
export async function reportStatus(directory: StateDirectory): Promise<ReportedStatus> {
  const status = await readStatus(directory);
  if (!status) return { schema_version: 1, state: "idle" };
  if (isFinal(status.state) || isBuilderRunning(status)) return status;
  // It may have ended between our reading and looking.
  const again = await readStatus(directory);
  if (again && isFinal(again.state)) return again;
  return endedStatus(status);
}

/** What the status of a task comes to that does not run any more: one that has no end has died. */
export function endedStatus(status: Readonly<TaskStatus>): EndedStatus {
  const { state } = status;
  if (isFinal(state)) return { ...status, state };
  return { ...status, state: "died", exit_code: builderExitCodes.died, reason: reasonOfDeath(status) };
}

/** One sentence about a task that its builder did not bring to an end. */
export function reasonOfDeath({ state }: Pick<TaskStatus, "state">): string {
  const doing: Partial<Record<TaskStatus["state"], string>> = { sources: "getting the sources", chroot: "setting up the chroot" };
  return `The builder process died while it was ${doing[state] ?? state}`;
}

/** Whether the process that wrote this status still runs. */
export function isBuilderRunning(status: Pick<TaskStatus, "pid" | "pid_start_time">): boolean {
  return isRunning({ pid: status.pid, startTime: status.pid_start_time });
}

export function isFinal(state: string): state is FinalState {
  return Object.hasOwn(exitCodeOf, state);
}

async function writeStatus(path: string, status: TaskStatus): Promise<void> {
  const text = `${JSON.stringify(status, null, 2)}\n`;
  try {
    await writeFileAtomic(path, text);
  } catch (error) {
    if (!["ENOSPC", "EDQUOT"].includes(errorCode((error as Error).cause) ?? "")) throw error;
    // On a full disk there is no room for a second file, but the old one's block can be used again.
    const file = await open(path, "r+").catch(() => {
      throw error;
    });
    try {
      await file.write(text, 0);
      await file.truncate(Buffer.byteLength(text));
    } finally {
      await file.close();
    }
  }
}

function epochSeconds(): number {
  return round(Date.now() / 1000);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
