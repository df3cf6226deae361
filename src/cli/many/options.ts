import { type Command, Option } from "commander";
import { added } from "../arguments.ts";

/** How a command that changes many things is to go about it. */
export interface ManyOptions {
  dryRun?: boolean;
  yes?: boolean;
}

/** Adds the options of commands that may change more than one thing. */
export function addManyOptions(command: Command): Command {
  return command
    .addOption(added(new Option("--dry-run", "only say what would be done")))
    .addOption(added(new Option("--yes", "do not ask; needed for more than one thing where nobody can be asked")));
}
