import { Command } from "commander";
import { deletePackage as requestDeletion } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { packageNameOption } from "../options/package.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { packageShape } from "../output/shapes/package.ts";

const printed = printing(packageShape, { formats: formatsOfActs });

/** `delete-package`: a package with its builds. */
export function deletePackage(context: Context): Command {
  const command = new Command("delete-package")
    .helpGroup("Packages:")
    .summary("delete a package with its builds")
    .addArgument(projectArgument())
    .addOption(packageNameOption());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli delete-package my-project --name hello")
    .action(async (text: string, options: OutputOptions & { name: string }) => {
      const output = printed.open(context.terminal, options);
      const ref = { ...(await context.project(text)), package_name: options.name };
      const answer = await requestDeletion(await context.transport(), ref);
      await output.record(answer, `Package ${options.name} was successfully deleted.\n`);
    });
}
