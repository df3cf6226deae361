import { UsageError } from "../../core/errors.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import type { Terminal } from "../terminal.ts";

/** One of those that may be meant. */
interface Choice {
  name: string;
  state?: string;
}

/**
 * The error of who did not say which one of several is meant. They are listed on standard error, a line each; who asked for data
 * finds them in the error.
 */
export function choiceError(terminal: Terminal, message: string, choices: readonly Choice[]): UsageError {
  if (terminal.isForData) {
    const names = choices.map(({ name, state }) => (state === undefined ? name : `${name} (${state})`));
    return new UsageError(message, { hint: `There are ${names.join(", ")}.` });
  }
  const width = Math.max(...choices.map(({ name }) => cleanLine(name).length));
  const lines = choices.map(({ name, state = "" }) => `  ${cleanLine(name).padEnd(width)}  ${cleanLine(state)}`.trimEnd());
  terminal.error(lines.map((line) => `${line}\n`).join(""));
  return new UsageError(message);
}
