import { Command, InvalidArgumentError } from "commander";
import { followLog, waitForLog } from "../log/log-follower.ts";
import { addHostOptions, addSlotOption, type HostOptions, readHostOptions } from "../options.ts";
import { print } from "../terminal.ts";

interface LogOptions extends HostOptions {
  follow?: boolean;
  fromOffset: number;
}

/** A follower may be started together with the task. */
const PATIENCE_MS = 10_000;

/** `log`: prints the live log, from any offset, to its end. */
export function log(): Command {
  return addSlotOption(addHostOptions(new Command("log")))
    .summary("print the log of the task")
    .option("--follow", "go on until the task ends")
    .option("--from-offset <bytes>", "leave out what comes before this offset", offset, 0)
    .addHelpText("after", "\nExample:\n  copr-builder log --follow --from-offset 4096")
    .action(async ({ follow = false, fromOffset, ...options }: LogOptions) => {
      const { directory } = await readHostOptions(options);
      if (follow) await waitForLog(directory, { forMs: PATIENCE_MS, everyMs: 100 });
      await followLog({ directory, fromOffset, isFollowing: follow, write: print });
    });
}

function offset(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is no number of bytes.");
  return Number(text);
}
