import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { CoprError, describeFileError } from "../../core/errors.ts";
import { addHostOptions, type HostOptions, readHostOptions } from "../options.ts";
import type { StateDirectory } from "../state-directory.ts";
import { isBuilderRunning, readStatus } from "../status.ts";
import { print } from "../terminal.ts";

interface LogOptions extends HostOptions {
  follow?: boolean;
  fromOffset: number;
}

const POLL_MS = 100;
const CHUNK_BYTES = 256 * 1024;

/** `log`: prints the live log, from any offset, to its end. */
export function log(): Command {
  return addHostOptions(new Command("log"))
    .summary("print the log of the task")
    .option("--follow", "go on until the task ends")
    .option("--from-offset <bytes>", "leave out what comes before this offset", offset, 0)
    .addHelpText("after", "\nExample:\n  copr-builder log --follow --from-offset 4096")
    .action(async (options: LogOptions) => {
      const { directory } = await readHostOptions(options);
      await printLog(directory, options.fromOffset, options.follow ?? false);
    });
}

function offset(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is no number of bytes.");
  return Number(text);
}

async function printLog(directory: StateDirectory, fromOffset: number, isFollowing: boolean): Promise<void> {
  let file: number;
  try {
    file = openSync(directory.liveLog, "r");
  } catch (error) {
    throw new CoprError(`There is no log at '${directory.liveLog}': ${describeFileError(error)}`, { cause: error });
  }
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = fromOffset;
  const printRest = (): void => {
    for (
      let bytes = readSync(file, buffer, 0, buffer.length, position);
      bytes > 0;
      bytes = readSync(file, buffer, 0, buffer.length, position)
    ) {
      print(buffer.subarray(0, bytes));
      position += bytes;
    }
  };
  try {
    while (isFollowing && (await isGrowing(directory, file))) {
      printRest();
      await sleep(POLL_MS);
    }
    printRest();
  } finally {
    closeSync(file);
  }
}

/** A task runs, and this is still its log: the next task has a new one. */
async function isGrowing(directory: StateDirectory, file: number): Promise<boolean> {
  const status = await readStatus(directory);
  if (!status || status.ended_on !== null || !isBuilderRunning(status)) return false;
  try {
    return statSync(directory.liveLog).ino === fstatSync(file).ino;
  } catch {
    return false;
  }
}
