import { Argument, Command } from "commander";
import type { Context } from "../context.ts";
import { integers } from "../options/values.ts";
import { pollIntervalOption, type WatchCommandOptions } from "../options/watch.ts";
import { watch } from "../watch.ts";

/** `watch-build`: follows builds to their end. */
export function watchBuild(context: Context): Command {
  return new Command("watch-build")
    .helpGroup("Builds:")
    .summary("follow builds until they end")
    .addArgument(new Argument("<build_id...>", "numbers of the builds").argParser(integers))
    .addHelpText(
      "after",
      "\nStops with exit status 4 when a build failed or was canceled.\n\nExample:\n  copr-cli watch-build 1234567 1234568",
    )
    .addOption(pollIntervalOption())
    .action(async (ids: number[], { pollInterval }: WatchCommandOptions) => {
      await watch(context, [...new Set(ids)], pollInterval);
    });
}
