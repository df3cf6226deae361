import { Argument, Command } from "commander";
import { deleteBuilds } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { integers } from "../options/values.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** Numbers of builds that were deleted. */
export interface DeletedBuilds {
  builds: number[];
}

const shape: Shape<DeletedBuilds> = { fields: { builds: "shown" } };
const printed = printing(shape, { formats: formatsOfActs });

/** `delete-build`: builds, all or none. */
export function deleteBuild(context: Context): Command {
  const command = new Command("delete-build")
    .helpGroup("Builds:")
    .summary("delete builds")
    .addArgument(new Argument("<build_id...>", "numbers of the builds").argParser(integers));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nDeletes all of them or, if one can't be deleted, none.\n\nExample:\n  copr-cli delete-build 1234567 1234568")
    .action(async (ids: number[], options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { builds } = await deleteBuilds(await context.transport(), ids);
      await output.record({ builds }, `Build(s) ${builds.map(Number).join(", ")} were deleted.\n`);
    });
}
