import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** What the last line of a log that is complete begins with. */
const closings = /^(Copr build error|Network error|Build succeeded)/;
const TAIL_BYTES = 4096;

/**
 * Ends the log of a task whose own process can't do it any more, unless it did. Only a plain file of the task's own is
 * written to. What can't be written is left: the status tells the same.
 */
export async function closeLogOf({ liveLog }: { liveLog: string }, reason: string): Promise<void> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(liveLog, flags).catch(() => undefined);
  if (!file) return;
  try {
    const { size, nlink, isFile } = await file.stat().then((info) => ({ size: info.size, nlink: info.nlink, isFile: info.isFile() }));
    if (!isFile || nlink !== 1) return;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    const tail = buffer.toString("latin1", 0, bytesRead);
    const isAtLineStart = tail === "" || tail.endsWith("\n");
    if (isAtLineStart && closings.test(tail.trimEnd().split("\n").at(-1) ?? "")) return;
    await file.appendFile(`${isAtLineStart ? "" : "\n"}Copr build error: ${reason}\n`);
  } catch {
    // A full disk, or a log that goes away under our hands.
  } finally {
    await file.close();
  }
}
