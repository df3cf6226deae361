import { Command } from "commander";
import { deletePackage as requestDeletion } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { packageNameOption } from "../options/package.ts";
import { projectArgument } from "../options/targets.ts";

/** `delete-package`: a package with its builds. */
export function deletePackage(context: Context): Command {
  return new Command("delete-package")
    .helpGroup("Packages:")
    .summary("delete a package with its builds")
    .addArgument(projectArgument())
    .addOption(packageNameOption())
    .addHelpText("after", "\nExample:\n  copr-cli delete-package my-project --name hello")
    .action(async (text: string, options: { name: string }) => {
      const ref = { ...(await context.project(text)), package_name: options.name };
      await requestDeletion(await context.transport(), ref);
      context.terminal.out(`Package ${options.name} was successfully deleted.\n`);
    });
}
