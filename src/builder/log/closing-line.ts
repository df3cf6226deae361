import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { StateDirectory } from "../state/state-directory.ts";
import { isFinal, readStatus, type TaskStatus } from "../state/status.ts";
import { journalLine } from "./log-journal.ts";

/** Why the builder process of a task has to be killed. */
export const killedReason = "The task was canceled, and its builder process had to be killed";

/**
 * Ends the log of a task whose own process can't do it any more. Only a plain file of the task's own is written to.
 * What can't be written is left: the status tells the same.
 */
export async function closeLogOf(directory: StateDirectory, { mark }: Pick<TaskStatus, "mark">, reason: string): Promise<void> {
  const file = await openOwn(directory.liveLog);
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
    const start = isAtLineStart ? "" : "\n";
    await note(directory, status, info.size + start.length);
    await file.appendFile(`${start}Copr build error: ${reason}\n`);
  } catch {
    // A full disk, or a log that goes away under our hands.
  } finally {
    await file.close();
  }
}

function openOwn(path: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return open(path, flags).catch(() => undefined);
}

/** Notes beside the log when its last line was written. */
async function note({ logJournal }: StateDirectory, { state }: TaskStatus, offset: number): Promise<void> {
  const file = isFinal(state) ? undefined : await openOwn(logJournal);
  if (file === undefined || isFinal(state)) return;
  try {
    const info = await file.stat();
    if (info.isFile() && info.nlink === 1) {
      await file.appendFile(`\n${journalLine({ offset, timeMs: Date.now(), stream: "builder", phase: state })}\n`);
    }
  } finally {
    await file.close();
  }
}
