import { Argument, Command } from "commander";
import { deleteBuilds } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { integers } from "../options/values.ts";

/** `delete-build`: builds, all or none. */
export function deleteBuild(context: Context): Command {
  return new Command("delete-build")
    .helpGroup("Builds:")
    .summary("delete builds")
    .addArgument(new Argument("<build_id...>", "numbers of the builds").argParser(integers))
    .addHelpText("after", "\nDeletes all of them or, if one can't be deleted, none.\n\nExample:\n  copr-cli delete-build 1234567 1234568")
    .action(async (ids: number[]) => {
      const { builds } = await deleteBuilds(await context.transport(), ids);
      context.terminal.out(`Build(s) ${builds.map(Number).join(", ")} were deleted.\n`);
    });
}
