import { Command } from "commander";
import { resetPackage as requestReset } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { packageNameOption } from "../options/package.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { packageShape } from "../output/shapes/package.ts";

const printed = printing(packageShape, { formats: formatsOfActs });

/** `reset-package`: forgets where a package is built from. */
export function resetPackage(context: Context): Command {
  const command = new Command("reset-package")
    .helpGroup("Packages:")
    .summary("forget the default source of a package")
    .addArgument(projectArgument())
    .addOption(packageNameOption());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli reset-package my-project --name hello")
    .action(async (text: string, options: OutputOptions & { name: string }) => {
      const output = printed.open(context.terminal, options);
      const ref = { ...(await context.project(text)), package_name: options.name };
      const answer = await requestReset(await context.transport(), ref);
      // The spelling is upstream's, and what scripts look for.
      await output.record(answer, "Package's default source was successfully reseted.\n");
    });
}
