import { type Command, InvalidArgumentError, Option } from "commander";
import { added } from "../arguments.ts";
import { ciOption } from "../ci/system.ts";

/** Seconds between two questions while waiting. */
export const DEFAULT_POLL_INTERVAL = 30;

/** What every command that may wait for builds takes. */
export interface WatchCommandOptions {
  pollInterval?: number;
  /** Lines, also on a terminal. */
  plain?: boolean;
  /** On a terminal, the last line of each log. */
  logs?: boolean;
  /** Seconds between lines of life; they are for who has no terminal. */
  heartbeat?: number;
}

/** Adds what every command that may wait for builds takes. */
export function addWatchOptions(command: Command): Command {
  return command
    .addOption(pollIntervalOption())
    .addOption(added(new Option("--logs", "on a terminal, show the last line of each running chroot's log")))
    .addOption(added(new Option("--plain", "print lines while waiting, also on a terminal: nothing is drawn in place")))
    .addOption(
      added(new Option("--heartbeat <seconds>", "say this often that it still waits, where there is no terminal").argParser(seconds)),
    )
    .addOption(ciOption());
}

/** How often the states are asked for while waiting. */
export function pollIntervalOption(defaultSeconds = DEFAULT_POLL_INTERVAL): Option {
  const description = `ask for the state this often while waiting (default: ${defaultSeconds}, a courtesy to the server)`;
  return added(new Option("--poll-interval <seconds>", description).argParser(seconds));
}

function seconds(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) === 0) throw new InvalidArgumentError("It is no number of seconds.");
  return Number(value);
}
