import { type Command, CommanderError } from "commander";
import { UsageError } from "../../core/errors.ts";
import { version } from "../../core/version.ts";
import { print } from "../terminal.ts";

/**
 * Reads a command line; false when it asked for help or the version, which is printed. Long options may be shortened,
 * as upstream's may. Throws UsageError for a wrong one.
 */
export function parseWords(program: Command, words: readonly string[]): boolean {
  program.exitOverride().configureOutput({ writeOut: print, outputError: () => undefined, writeErr: () => undefined });
  program.on("option:version", () => {
    print(`${program.name()} version ${version}\n`);
    throw new CommanderError(0, "version", "");
  });
  try {
    program.parse(spelledOut(program, words), { from: "user" });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UsageError(error.message.replace(/^error: /, ""), { cause: error, hint: `See '${program.name()} --help'.` });
  }
}

/** What could be several options is left as it is, and refused later. */
function spelledOut(program: Command, words: readonly string[]): string[] {
  const known = ["--help", ...program.options.flatMap(({ long }) => long ?? [])];
  const end = words.indexOf("--");
  return words.map((word, index) => {
    const [name] = word.split("=", 1) as [string];
    if (!/^--./.test(name) || known.includes(name) || (end !== -1 && index > end)) return word;
    const [meant, ...others] = known.filter((one) => one.startsWith(name));
    return meant === undefined || others.length > 0 ? word : meant + word.slice(name.length);
  });
}
