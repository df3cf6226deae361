import { Argument, Command } from "commander";
import type { Context } from "../context.ts";
import { integers } from "../options/values.ts";
import { addWatchOptions } from "../options/watch.ts";
import { waitingPrinting } from "../waiting/printing.ts";
import { waitForBuilds, type WaitingOptions } from "../waiting/wait.ts";

/** `watch-build`: follows builds to their end. */
export function watchBuild(context: Context): Command {
  const command = new Command("watch-build")
    .helpGroup("Builds:")
    .summary("follow builds until they end")
    .addArgument(new Argument("<build_id...>", "numbers of the builds").argParser(integers));
  return waitingPrinting
    .addOptions(addWatchOptions(command))
    .addHelpText(
      "after",
      "\nStops with exit status 4 when a build failed or was canceled.\n\nExample:\n  copr-cli watch-build 1234567 1234568",
    )
    .action(async (ids: number[], options: WaitingOptions) => {
      const output = waitingPrinting.open(context.terminal, options);
      await waitForBuilds(context, output, [...new Set(ids)], options);
    });
}
