import { writeSync } from "node:fs";

/**
 * Everything copr-builder prints goes through here. Its readers are logs: never colour, never a cursor, whatever isTTY
 * says. Returns whether there is still a reader.
 */
export function print(text: string | Uint8Array): boolean {
  return write(1, text);
}

/** Prints to standard error. */
export function printError(text: string): void {
  write(2, text);
}

/** A reader that went away must not end a build, so its absence is ignored. */
function write(fd: 1 | 2, text: string | Uint8Array): boolean {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  try {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(fd, bytes, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EPIPE" && code !== "EIO" && code !== "ECONNRESET") throw error;
    return false;
  }
}
