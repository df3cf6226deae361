import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import { endRunningTask } from "../task/end-task.ts";
import { builderExitCodes } from "../errors.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { print, printError } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

/** The command line of `copr-rpmbuild-cancel`. Upstream's has no options. */
export function createProgram(): Command {
  return addSlotOption(addHostOptions(new Command("copr-rpmbuild-cancel")))
    .summary("end the running build task")
    .description("Ends the build task that runs on this machine. It is no failure if none does.")
    .option("--version", "print the version")
    .allowExcessArguments();
}

/** `copr-rpmbuild-cancel`: upstream's name and words for `copr-builder cancel`. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  const { directory } = await readHostOptions(program.opts<HostOptions>());
  const { outcome, pid } = await endRunningTask(directory, (text) => printError(`copr-rpmbuild-cancel: ${cleanText(text)}\n`));
  if (outcome === "stuck") {
    printError(`copr-rpmbuild-cancel: the task of process ${pid} could not be ended\n`);
    return builderExitCodes.failed;
  }
  if (outcome === "ended") print("success\n");
  else print(pid === undefined ? "No task is running\n" : `PID ${pid} not found\n`);
  return builderExitCodes.ok;
}
