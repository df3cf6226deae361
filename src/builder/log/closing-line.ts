import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { StateDirectory } from "../state/state-directory.ts";
import { readStatus, type TaskStatus } from "../state/status.ts";

/** Why the builder process of a task has to be killed. */
export const killedReason = "The task was canceled, and its builder process had to be killed";

/**
 * Ends the log of a task whose own process can't do it any more. Only a plain file of the task's own is written to.
 * What can't be written is left: the status tells the same.
 */
export async function closeLogOf(directory: StateDirectory, { mark }: Pick<TaskStatus, "mark">, reason: string): Promise<void> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(directory.liveLog, flags).catch(() => undefined);
  if (!file) return;
  try {
    // The status of a task is there before its log, so an old status means that this is not the next task's.
    const status = await readStatus(directory);
    const info = await file.stat();
    if (status?.mark !== mark || status.ended_on !== null || !info.isFile() || info.nlink !== 1) return;
    const killed = Buffer.from(`Copr build error: ${killedReason}\n`);
    const tail = Buffer.alloc(killed.length);
    await file.read(tail, 0, tail.length, Math.max(0, info.size - tail.length));
    // Who has killed it has said so.
    if (tail.equals(killed)) return;
    const isAtLineStart = info.size === 0 || tail[Math.min(info.size, tail.length) - 1] === 0x0a;
    await file.appendFile(`${isAtLineStart ? "" : "\n"}Copr build error: ${reason}\n`);
  } catch {
    // A full disk, or a log that goes away under our hands.
  } finally {
    await file.close();
  }
}
