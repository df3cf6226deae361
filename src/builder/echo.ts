import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { print } from "./terminal.ts";

/** The log on standard output, for a person or program that watches. */
export interface Echo {
  write(bytes: Uint8Array): void;
  /** Gives a slow reader the time to take the rest; a reader that takes nothing any more is left. */
  end(): Promise<void>;
}

/** So much may wait for a slow reader; more is left out, as the log file has it all. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 20;
const PATIENCE_MS = 10_000;

/**
 * Opens the echo. A reader that stalls must not stall the task, its deadline least of all, so a pipe or terminal is
 * written to without blocking, through a description of its own: others may share ours.
 */
export function openEcho(): Echo {
  const fd = reopenStandardOutput();
  if (fd === undefined) return { write: print, end: () => Promise.resolve() };
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let progressAt = Date.now();

  const flush = (): void => {
    timer = undefined;
    while (waiting[0] !== undefined) {
      const written = writeSome(fd, waiting[0]);
      if (written === "gone") {
        waiting = [];
        waitingBytes = 0;
        return;
      }
      if (written === 0) {
        timer = setTimeout(flush, RETRY_MS);
        return;
      }
      progressAt = Date.now();
      waitingBytes -= written;
      waiting[0] = waiting[0].subarray(written);
      if (waiting[0].length === 0) waiting.shift();
    }
  };
  return {
    write(bytes) {
      if (bytes.length === 0 || waitingBytes + bytes.length > MAX_WAITING_BYTES) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (timer === undefined) flush();
    },
    async end() {
      progressAt = Date.now();
      while (waitingBytes > 0 && Date.now() - progressAt < PATIENCE_MS) await sleep(RETRY_MS);
      clearTimeout(timer);
      closeSync(fd);
    },
  };
}

/** Undefined for files and sockets: a file never stalls, a socket can't be opened by its name. */
function reopenStandardOutput(): number | undefined {
  try {
    const info = fstatSync(1);
    if (!info.isFIFO() && !info.isCharacterDevice()) return undefined;
    return openSync("/proc/self/fd/1", constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** How many bytes could be written now. */
function writeSome(fd: number, bytes: Uint8Array): number | "gone" {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? 0 : "gone";
  }
}
