import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { print } from "../terminal.ts";

/** The log on standard output, for a person or program that watches. */
export interface Echo {
  write(bytes: Uint8Array): void;
  /** Gives a slow reader the time to take the rest; a reader that takes nothing any more is left. */
  end(): Promise<void>;
}

/** So much may wait for a slow reader; what comes until half of it is read is left out, as the log file has it all. */
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
  const waiting = new ByteQueue();
  let leftOutBytes = 0;
  let isAtLineStart = true;
  let isGone = false;
  let timer: NodeJS.Timeout | undefined;
  let progressAt = Date.now();

  const flush = (): void => {
    timer = undefined;
    while (waiting.length > 0) {
      const written = writeSome(fd, waiting.first());
      if (written === "gone") {
        isGone = true;
        waiting.clear();
        return;
      }
      if (written === 0) {
        timer = setTimeout(flush, RETRY_MS);
        return;
      }
      progressAt = Date.now();
      waiting.drop(written);
    }
  };
  const add = (bytes: Uint8Array): void => {
    waiting.push(bytes);
    isAtLineStart = bytes.at(-1) === 0x0a;
    if (timer === undefined) flush();
  };
  const tellGap = (): void => {
    if (leftOutBytes === 0) return;
    const line = `[${leftOutBytes} bytes are left out here: the reader was too slow. The log file has them.]`;
    leftOutBytes = 0;
    add(Buffer.from(`${isAtLineStart ? "" : "\n"}${line}\n`));
  };
  return {
    write(bytes) {
      if (bytes.length === 0 || isGone) return;
      const room = (leftOutBytes > 0 ? MAX_WAITING_BYTES / 2 : MAX_WAITING_BYTES) - waiting.length;
      if (bytes.length > room) {
        leftOutBytes += bytes.length;
        return;
      }
      tellGap();
      add(bytes);
    },
    async end() {
      tellGap();
      progressAt = Date.now();
      while (waiting.length > 0 && Date.now() - progressAt < PATIENCE_MS) await sleep(RETRY_MS);
      clearTimeout(timer);
      closeSync(fd);
    },
  };
}

const BLOCK_BYTES = 64 * 1024;

/** Bytes that wait, in blocks: a log may come in millions of small pieces. */
class ByteQueue {
  #blocks: { bytes: Buffer; start: number; end: number }[] = [];
  length = 0;

  push(bytes: Uint8Array): void {
    this.length += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      let last = this.#blocks.at(-1);
      if (last === undefined || last.end === BLOCK_BYTES) {
        last = { bytes: Buffer.allocUnsafe(BLOCK_BYTES), start: 0, end: 0 };
        this.#blocks.push(last);
      }
      const part = bytes.subarray(at, at + BLOCK_BYTES - last.end);
      last.bytes.set(part, last.end);
      last.end += part.length;
      at += part.length;
    }
  }

  first(): Buffer {
    const block = this.#blocks[0];
    return block ? block.bytes.subarray(block.start, block.end) : Buffer.alloc(0);
  }

  /** Takes bytes of the first block away. */
  drop(count: number): void {
    const block = this.#blocks[0];
    if (!block) return;
    this.length -= count;
    block.start += count;
    if (block.start < block.end) return;
    if (block.end === BLOCK_BYTES) this.#blocks.shift();
    else block.start = block.end = 0;
  }

  clear(): void {
    this.#blocks = [];
    this.length = 0;
  }
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
