import { type Command, CommanderError } from "commander";
import { UsageError } from "../../core/errors.ts";
import { print } from "../terminal.ts";

/** Reads a command line; false when it asked for help, which is printed. Throws UsageError for a wrong one. */
export function parseWords(program: Command, words: readonly string[]): boolean {
  program.exitOverride().configureOutput({ writeOut: print, outputError: () => undefined, writeErr: () => undefined });
  try {
    program.parse(words, { from: "user" });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UsageError(error.message.replace(/^error: /, ""), { cause: error, hint: `See '${program.name()} --help'.` });
  }
}
