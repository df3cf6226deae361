import type { BuildTask } from "../../core/task/build-task.ts";
import { endedStatus, type ReportedStatus, type TaskStatus } from "../state/status.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { type HistoryEntry, hasEnded } from "./history-record.ts";
import { appendToJournal, readLateEntry } from "./journal.ts";
import { rootCacheUse } from "./root-cache-use.ts";

/**
 * What a task tells the history of its host. It is an extra: a history that can't be written is no reason for a task to fail,
 * and what is missing is made up for by the next task, from `status.json`. All of this is for who holds the slot's lock.
 */

/** A longer reason is cut: `status.json` and the log have it whole. */
const MAX_REASON = 500;

/** A task begins. */
export function noteBegin(directory: StateDirectory, { mark, started_on }: TaskStatus): Promise<void> {
  return note(directory, { mark, state: "starting", started_on });
}

/** Its definition is known. */
export function noteDefinition(directory: StateDirectory, mark: string, task: BuildTask): Promise<void> {
  const { task_id, project_owner, project_name, package_name } = task;
  return note(directory, { mark, task_id, project: `${project_owner}/${project_name}`, package: package_name ?? null });
}

/** It has ended, as its status tells. */
export async function noteEnd(directory: StateDirectory, status: Readonly<TaskStatus>): Promise<void> {
  await note(directory, { ...endOf(status), root_cache: await rootCacheUse(directory.results, status.started_on) });
}

/** The task before may have been killed, or have found no room to tell its end. To be called before its status is replaced. */
export async function settle(directory: StateDirectory, before: Readonly<TaskStatus> | undefined): Promise<void> {
  if (!before?.mark) return;
  const known = await knownOf(directory, before.mark);
  if (known === undefined || !hasEnded(known)) await note(directory, endOf(before));
}

/** What the journal tells of one of the last tasks; undefined where it does not. */
export function knownOf({ history }: StateDirectory, mark: string): Promise<HistoryEntry | undefined> {
  return readLateEntry(history, mark).catch(() => undefined);
}

/** The entry for a status whose task does not run any more: without an end of its own, its builder died. */
function endOf(status: Readonly<TaskStatus>): HistoryEntry {
  return entryOf(endedStatus(status));
}

/** The entry for a status as it is. */
export function entryOf(status: Readonly<Exclude<ReportedStatus, { state: "idle" }>>): HistoryEntry {
  const { mark, task_id, state, started_on, ended_on, exit_code, reason, cause, timings, cost } = status;
  return {
    mark,
    ...(task_id === null ? {} : { task_id }),
    state,
    started_on,
    ended_on,
    exit_code,
    reason: reason === null ? null : reason.slice(0, MAX_REASON),
    category: cause?.category ?? null,
    timings,
    // A builder that knew no costs wrote no such field.
    peak_memory: cost?.peak_memory ?? null,
  };
}

async function note({ history }: StateDirectory, entry: HistoryEntry): Promise<void> {
  await appendToJournal(history, entry).catch(() => undefined);
}
