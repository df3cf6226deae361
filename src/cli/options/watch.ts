import { InvalidArgumentError, Option } from "commander";
import { added } from "../arguments.ts";

/** What every command that may wait for builds takes. */
export interface WatchCommandOptions {
  pollInterval?: number;
}

/** How often the states are asked for while waiting. */
export function pollIntervalOption(defaultSeconds = 30): Option {
  const description = `ask for the state this often while waiting (default: ${defaultSeconds}, a courtesy to the server)`;
  return added(new Option("--poll-interval <seconds>", description).argParser(seconds));
}

function seconds(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) === 0) throw new InvalidArgumentError("It is no number of seconds.");
  return Number(value);
}
