import { Command, InvalidArgumentError } from "commander";
import { builderExitCodes } from "../errors.ts";
import { followLog, waitForLog } from "../log/log-follower.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { print } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

interface Options extends HostOptions {
  timeout: number;
}

const RETRY_MS = 5000;

/** The command line of `copr-rpmbuild-log`. Upstream's has no options. */
export function createProgram(): Command {
  return addSlotOption(addHostOptions(new Command("copr-rpmbuild-log")))
    .summary("print the log of the build task until its end")
    .description("Prints the log of the build task from its first byte until the task ends; afterwards that of the last task.")
    .option("--timeout <seconds>", "how long to wait for a log", seconds, 120)
    .option("--version", "print the version")
    .allowExcessArguments();
}

/** `copr-rpmbuild-log`: what copr-backend shows as builder-live.log. Resolves to 1 only when there never was a task. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  const { timeout, ...options } = program.opts<Options>();
  const { directory } = await readHostOptions(options);
  const onMissing = (): void => void print(`File ${directory.mainLog} doesn't exist, yet\n`);
  if (await waitForLog(directory, { forMs: timeout * 1000, everyMs: RETRY_MS, onMissing })) {
    await followLog({ directory, isFollowing: true, write: print });
    return builderExitCodes.ok;
  }
  print("Unable to wait for copr-rpmbuild process, exit.\n");
  return builderExitCodes.failed;
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is no number of seconds.");
  return Number(text);
}
