import type { HistoryEntry } from "../history/history-record.ts";
import { knownOf } from "../history/task-notes.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { type EndedStatus, endedStatus, readStatus, type TaskStatus } from "../state/status.ts";
import { fillPlace, readPlace, type SpooledTask, takeOver } from "./hook-spool.ts";

/** What hooks read: the status of a task that has ended, as `copr-builder status --json` tells it, and where and for whom it was. */
export type HookDocument = EndedStatus & HookSurroundings;

/** What a status does not say. */
interface HookSurroundings {
  /** Counted from 1. */
  slot: number;
  state_directory: string;
  /** Directory with what the task made; the next task of the slot empties it. */
  results: string;
  /** `owner/name`; null where the definition was not read. */
  project: string | null;
  /** Null where the definition does not tell it. */
  package: string | null;
}

/** The document of a task that does not run any more; `known` is what the history has of it. */
export function hookDocument(directory: StateDirectory, status: Readonly<TaskStatus>, known: HistoryEntry | undefined): HookDocument {
  const { slot, path, results } = directory;
  return {
    ...endedStatus(status),
    slot,
    state_directory: path,
    results,
    project: known?.project ?? null,
    package: known?.package ?? null,
  };
}

/**
 * Writes the end of a task whose builder was killed into its place; resolves to undefined where another process does that.
 * `before` is the slot's status where that is about to be replaced.
 */
export async function concludeKilled(
  directory: StateDirectory,
  task: SpooledTask,
  before?: Readonly<TaskStatus>,
): Promise<SpooledTask | undefined> {
  const last = before ?? (await readStatus(directory).catch(() => undefined));
  const status = last?.mark === task.mark ? last : undefined;
  const known = await knownOf(directory, task.mark);
  const held = await takeOver(directory, task);
  if (held === undefined) return undefined;
  if (status !== undefined) return fillPlace(directory, held, hookDocument(directory, status, known));
  // Another task has begun since: all there is is how it began, and what the history has.
  const begun = (await readPlace(held).catch(() => ({ mark: task.mark }))) as unknown as TaskStatus;
  const told = Object.entries(known ?? {}).filter(([name]) => ofStatus.has(name));
  const { project = null, package: packageName = null } = known ?? {};
  return fillPlace(directory, held, { ...endedStatus(begun), ...Object.fromEntries(told), project, package: packageName });
}

/** What the history has of a status. */
const ofStatus: ReadonlySet<string> = new Set(["task_id", "state", "ended_on", "exit_code", "reason", "timings"]);
