import { Command, CommanderError } from "commander";
import { UsageError } from "../core/errors.ts";
import { build } from "./commands/build.ts";
import { cancel } from "./commands/cancel.ts";
import { help } from "./commands/help.ts";
import { history } from "./commands/history.ts";
import { log } from "./commands/log.ts";
import { metrics } from "./commands/metrics.ts";
import { prolong } from "./commands/prolong.ts";
import { release } from "./commands/release.ts";
import { run as runCommand } from "./commands/run.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { builderExitCodes } from "./errors.ts";
import { print } from "./terminal.ts";

/** The command tree of copr-builder. `setExitCode` takes the exit status of commands that have one. */
export function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command("copr-builder")
    .usage("[--config <path>] <command> [options]")
    .helpCommand(false)
    .enablePositionalOptions()
    .option("--config <path>", "configuration of commands that take one")
    .option("--version", "print the version")
    .hook("preSubcommand", (parent, command) => handDownConfig(parent, command));
  const tasks = [runCommand(setExitCode), build(setExitCode), status(setExitCode), log(), cancel(), history(), metrics()];
  const machine = [help(() => program), show(), prolong(setExitCode), release()];
  for (const command of [...tasks, ...machine]) program.addCommand(command.allowExcessArguments(false));
  for (const one of [program, ...program.commands]) {
    one.exitOverride().configureOutput({ writeOut: print, outputError: () => undefined, writeErr: () => undefined });
  }
  return program;
}

/** Before the command is where the option stood in the program's first form; after it, it means the same and wins. */
function handDownConfig(program: Command, command: Command): void {
  const { config } = program.opts<{ config?: string }>();
  const isTaken = command.options.some((option) => option.attributeName() === "config");
  if (config !== undefined && isTaken) command.setOptionValueWithSource("config", config, "config");
}

/** Runs one command line; resolves to the exit status. Throws UsageError for a wrong one. */
export async function run(words: readonly string[]): Promise<number> {
  let exitCode: number = builderExitCodes.ok;
  const program = createProgram((code) => {
    exitCode = code;
  });
  if (words.length === 0) {
    print(program.helpInformation());
    return exitCode;
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0)
      throw new UsageError(error.message.replace(/^error: /, ""), { cause: error, hint: "See 'copr-builder --help'." });
  }
  return exitCode;
}
