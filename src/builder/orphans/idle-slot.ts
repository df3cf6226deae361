import { exists } from "../../core/files/directories.ts";
import type { Lock } from "../../core/files/lock.ts";
import type { BuilderHost } from "../options.ts";
import { isOwnPath } from "../state/own-path.ts";
import { lockForCleanUp } from "../state/slot-lock.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { readStatus, type TaskStatus } from "../state/status.ts";
import { hasUpstreamTask } from "../task/upstream-task.ts";
import type { Sweep } from "./orphan.ts";
import { livingKeepers } from "./processes.ts";

/** A slot in which no task runs, and none begins as long as its lock is held. */
export interface IdleSlot {
  slot: StateDirectory;
  host: BuilderHost;
  /** What the last task has told; undefined where there never was one, or its file can't be read. */
  status: TaskStatus | undefined;
}

/**
 * Does something while a slot has no task; resolves to whether it had none. Where nothing is to be removed, a slot that
 * has no lock yet does not get one.
 */
export async function whileIdle(
  slot: StateDirectory,
  host: BuilderHost,
  { isDryRun }: Pick<Sweep, "isDryRun">,
  work: (idle: IdleSlot) => Promise<void>,
): Promise<boolean> {
  if (!(await isOwnPath(slot))) return false;
  const lock = isDryRun && !(await exists(slot.lock)) ? unlocked : await lockForCleanUp(slot);
  if (lock === undefined) return false;
  try {
    const status = await readStatus(slot).catch(() => undefined);
    if ((await hasUpstreamTask(slot)) || isKept(status)) return false;
    await work({ slot, host, status });
    return true;
  } finally {
    await lock.release();
  }
}

const unlocked: Pick<Lock, "release"> = { release: async () => undefined };

/** Whether the keeper of a task that was killed a moment ago still does this work. */
function isKept(status: TaskStatus | undefined): boolean {
  return status !== undefined && status.ended_on === null && livingKeepers().some(({ mark }) => mark === status.mark);
}
