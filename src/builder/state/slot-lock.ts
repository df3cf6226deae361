import { setTimeout as sleep } from "node:timers/promises";
import { type Lock, tryLock } from "../../core/files/lock.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { isRunning, readProcess } from "../../core/process/table.ts";
import { BusyError } from "../errors.ts";
import type { StateDirectory } from "./state-directory.ts";
import { isBuilderRunning, readStatus } from "./status.ts";

/** So long a task waits for a clean-up to leave its slot. */
const CLEAN_UP_PATIENCE_MS = 600_000;
/** So long for an owner who does not say what it does, e.g. a task that has just ended. */
const UNKNOWN_PATIENCE_MS = 5000;
const POLL_MS = 100;

/**
 * Takes a slot for a task. A clean-up that holds it is no other task: `waits` says whether it is waited for.
 * Throws BusyError, which is passing where that might help.
 */
export async function lockForTask(directory: StateDirectory, { waits, signal }: { waits: boolean; signal: AbortSignal }): Promise<Lock> {
  let holder = { who: "", since: Date.now() };
  for (;;) {
    signal.throwIfAborted();
    const lock = await tryLock(directory.lock);
    if (lock) return lock;
    const { who, patienceMs } = await ownerOf(directory);
    // Who has just begun to let go of it is not known any more, and has not had its time by then.
    if (who !== holder.who) holder = { who, since: Date.now() };
    if (!waits || Date.now() - holder.since >= patienceMs) {
      throw new BusyError(`This builder is busy: ${who}`, {
        hint: `Wait for it, or end it by 'copr-builder cancel --state-dir ${directory.path}'.`,
        isPassing: patienceMs > 0,
      });
    }
    await sleep(POLL_MS);
  }
}

/** Takes a slot to clean it up, so that no task begins in it; undefined where there is a task, or another clean-up. */
export async function lockForCleanUp(directory: StateDirectory): Promise<Lock | undefined> {
  const lock = await tryLock(directory.lock);
  await lock?.note(`clean-up ${process.pid} ${readProcess(process.pid)?.startTime ?? 0}\n`);
  return lock;
}

async function ownerOf(directory: StateDirectory): Promise<{ who: string; patienceMs: number }> {
  const status = await readStatus(directory).catch(() => undefined);
  if (status && status.ended_on === null && isBuilderRunning(status))
    return { who: `task ${status.task_id ?? "(not known yet)"}, process ${status.pid}`, patienceMs: 0 };
  if (await isCleanedUp(directory)) return { who: "it is being cleaned up", patienceMs: CLEAN_UP_PATIENCE_MS };
  return { who: "another process holds its lock", patienceMs: UNKNOWN_PATIENCE_MS };
}

/** A clean-up that was killed leaves its note, but names no living process with it. */
async function isCleanedUp({ lock }: StateDirectory): Promise<boolean> {
  const note = await readRegularFile(lock, { maxBytes: 1000 }).catch(() => "");
  const [, pid, startTime] = /^clean-up (\d{1,10}) (\d{1,20})\n$/.exec(note.toString()) ?? [];
  return pid !== undefined && isRunning({ pid: Number(pid), startTime: Number(startTime) });
}
