import { read } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describeFileError, errorCode } from "../../core/errors.ts";
import { cleanOutput } from "./clean-output.ts";
import { print, printError } from "../terminal.ts";

const CHUNK_BYTES = 256 * 1024;
const RETRY_MS = 10;

const readFrom = promisify(read);

/**
 * Runs copr-rpmbuild-loggify: standard input to standard output, without terminal control. Arguments are ignored, as
 * upstream's are. Each write waits for the reader, so memory is bounded; without a reader the work is done.
 */
export async function main(): Promise<void> {
  let hasReader = true;
  try {
    const output = cleanOutput((bytes) => {
      if (bytes.length > 0 && hasReader) hasReader = print(bytes);
    });
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    while (hasReader) {
      const length = await readSome(buffer);
      if (length === 0) break;
      output.push(buffer.subarray(0, length));
    }
    output.end();
  } catch (error) {
    printError(`copr-rpmbuild-loggify: Cannot filter the log: ${describeFileError(error)}\n`);
    process.exitCode = 1;
  }
}

/** What is there of standard input, at once; 0 at its end. */
async function readSome(buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      return (await readFrom(0, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      if (errorCode(error) === "EIO") return 0;
      // Others may have left it in non-blocking mode.
      if (errorCode(error) !== "EAGAIN") throw error;
      await sleep(RETRY_MS);
    }
  }
}
