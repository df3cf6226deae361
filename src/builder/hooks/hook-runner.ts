import { tryLock } from "../../core/files/lock.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { concludeKilled, type HookDocument } from "./hook-document.ts";
import { tellHost } from "./hook-log.ts";
import { findHooks, type Hook } from "./hook-programs.ts";
import { beginHook, leaveSpool, readPlace, type SpooledTask, waitingTasks } from "./hook-spool.ts";
import { endHook, runHook } from "./run-hook.ts";
import type { HookWork } from "./start-hooks.ts";

/** More tasks than this do not wait: their hooks take longer than the tasks. */
const MAX_WAITING = 1000;

/**
 * Started by start-hooks.ts; see there. Runs the hooks of all tasks of a slot that wait for it, one after the other, and ends
 * when there are no more. Argument: what is to be done, as JSON.
 */
async function work([text = ""]: readonly string[]): Promise<void> {
  const what = JSON.parse(text) as HookWork;
  const { directory } = what;
  do {
    // One a user: hooks run as the user of their task, so none can do another's.
    const lock = await tryLock(`${directory.hookLock}.${process.getuid?.()}`, 0o600);
    // Who has it looks once more when it has let go.
    if (lock === undefined) return;
    try {
      await doAll(what);
    } finally {
      await lock.release();
    }
  } while ((await waitingTasks(directory)).length > 0);
}

async function doAll(what: HookWork): Promise<void> {
  const { directory } = what;
  for (let waiting = await waitingTasks(directory); waiting.length > 0; waiting = await waitingTasks(directory)) {
    await dropExcess(directory, waiting);
    const [first] = waiting as [SpooledTask];
    const task = first.stage === "held" ? await concludeKilled(directory, first) : first;
    if (task !== undefined) await tellHooks(what, task);
  }
}

async function dropExcess(directory: StateDirectory, waiting: SpooledTask[]): Promise<void> {
  const excess = waiting.splice(0, Math.max(0, waiting.length - MAX_WAITING));
  for (const task of excess) await leaveSpool(task);
  if (excess.length > 0) await tellHost(directory, `The hooks of ${excess.length} tasks are not run: they take longer than the tasks`);
}

/** Tells the hooks that were not told yet, each once. */
async function tellHooks(what: HookWork, task: SpooledTask): Promise<void> {
  const { directory } = what;
  const { hooks, refused } = await findHooks(what.hooksDirectory);
  if (task.lastHook === undefined) for (const sentence of refused) await tellHost(directory, sentence);
  else await endInterrupted(directory, task, task.lastHook);
  const document = await readPlace(task).catch(() => undefined);
  if (document !== undefined) return tellEach(what, task, hooks, document);
  await tellHost(directory, `The hooks of a task are not run: '${task.path}' can't be read`);
  await leaveSpool(task);
}

/** Whoever ran a hook was killed: it may run still. It is not begun again. */
async function endInterrupted(directory: StateDirectory, task: SpooledTask, hook: string): Promise<void> {
  await endHook(markOf(task, hook));
  await tellHost(directory, `The hook '${hook}' may not have come to its end: whoever ran it was killed`);
}

function markOf({ mark }: SpooledTask, hook: string): string {
  return `${mark}/${hook}`;
}

async function tellEach(what: HookWork, task: SpooledTask, hooks: readonly Hook[], document: Record<string, unknown>): Promise<void> {
  const { directory } = what;
  let at = task;
  for (const hook of hooks.filter(({ name }) => task.lastHook === undefined || name > task.lastHook)) {
    const begun = await beginHook(directory, at, hook.name);
    if (begun === undefined) return;
    at = begun;
    const failure = await runHook(hook, `${JSON.stringify(document)}\n`, {
      ...what,
      stateDirectory: directory.host,
      mark: markOf(task, hook.name),
    });
    const { task_id: id } = document as Partial<HookDocument>;
    if (failure !== undefined) await tellHost(directory, `Task ${id ?? "(no definition)"}: the hook '${hook.name}' failed: ${failure}`);
  }
  await leaveSpool(at);
}

// Nobody hears it: whoever started it has other things to do.
work(process.argv.slice(2)).then(
  () => process.exit(0),
  () => process.exit(1),
);
