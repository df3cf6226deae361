import { exists } from "../../core/files/directories.ts";
import { knownOf, noteBegin, noteEnd, settle } from "../history/task-notes.ts";
import { concludeKilled, hookDocument } from "../hooks/hook-document.ts";
import { hasHooks } from "../hooks/hook-programs.ts";
import { fillPlace, holdPlace, leaveSpool, ownPlace, waitingTasks } from "../hooks/hook-spool.ts";
import { type HookWork, startHooks } from "../hooks/start-hooks.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskStatus } from "../state/status.ts";
import type { TaskOptions } from "./task-options.ts";

/**
 * Who is told of a task besides those who look at its status: the history of the host, and the administrator's hooks. All of it
 * is an extra: whatever goes wrong here, the task goes on, and its outcome stays. The hooks are run by a process of their own.
 */
type Told = Pick<TaskOptions, "directory" | "settings">;

/** How the hooks of this builder are run; undefined where there are none by configuration. */
export function hooksOf({ directory, settings }: Told): HookWork | undefined {
  const { hooksDirectory, hookLimitSeconds, configPath } = settings;
  return hooksDirectory === undefined ? undefined : { directory, hooksDirectory, limitSeconds: hookLimitSeconds, config: configPath };
}

/** A task begins. To be told as soon as it has a status. */
export async function tellBegin({ directory, settings }: Told, status: Readonly<TaskStatus>): Promise<void> {
  // The place first: a task that the history knows had one.
  if (await hasHooks(settings.hooksDirectory)) await hold(directory, status).catch(() => undefined);
  await noteBegin(directory, status);
}

/** A task has ended: everything that copr-backend or the next task waits for is there already. */
export async function tellEnd(told: Told, status: Readonly<TaskStatus>): Promise<void> {
  await noteEnd(told.directory, status);
  const work = hooksOf(told);
  if (work !== undefined) await tellHooks(work, status).catch(() => undefined);
}

/** The task before, as its status tells, may not have come so far. To be told before its status is replaced. */
export async function tellOfTaskBefore(told: Told, before: Readonly<TaskStatus> | undefined): Promise<void> {
  const { directory, settings } = told;
  const work = (await hasHooks(settings.hooksDirectory)) ? hooksOf(told) : undefined;
  if (work !== undefined && before !== undefined) await holdForgotten(directory, before).catch(() => undefined);
  await settle(directory, before);
  if (work === undefined) for (const task of await waitingTasks(directory)) await leaveSpool(task).catch(() => undefined);
  else await resumeHooks(work, before).catch(() => undefined);
}

function hold(directory: StateDirectory, status: Readonly<TaskStatus>): Promise<void> {
  const { slot, path, results } = directory;
  return holdPlace(directory, status, { ...status, slot, state_directory: path, results });
}

async function tellHooks(work: HookWork, status: Readonly<TaskStatus>): Promise<void> {
  const { directory, hooksDirectory } = work;
  const place = await ownPlace(directory, status.mark);
  if (place === undefined) return;
  if (!(await hasHooks(hooksDirectory))) return leaveSpool(place);
  await fillPlace(directory, place, hookDocument(directory, status, await knownOf(directory, status.mark)));
  await startHooks(work);
}

/** A builder that was killed in its first moments had a status, but neither a place in the spool nor one in the history. */
async function holdForgotten(directory: StateDirectory, before: Readonly<TaskStatus>): Promise<void> {
  const { mark } = before;
  // Without a history, the task may be one of a builder that knew no hooks.
  if (!mark || !(await exists(directory.history)) || (await knownOf(directory, mark)) !== undefined) return;
  if ((await waitingTasks(directory)).some((task) => task.mark === mark)) return;
  await hold(directory, before);
  const place = await ownPlace(directory, mark);
  if (place !== undefined) await fillPlace(directory, place, hookDocument(directory, before, undefined));
}

/** What a builder or a runner of hooks has left that was killed. */
async function resumeHooks(work: HookWork, before: Readonly<TaskStatus> | undefined): Promise<void> {
  const { directory } = work;
  const waiting = await waitingTasks(directory);
  for (const task of waiting) {
    if (task.stage === "held" && task.mark === before?.mark) await concludeKilled(directory, task, before);
  }
  if (waiting.length > 0) await startHooks(work);
}
