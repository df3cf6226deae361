import { Command } from "commander";
import { resetPackage as requestReset } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { packageNameOption } from "../options/package.ts";
import { projectArgument } from "../options/targets.ts";

/** `reset-package`: forgets where a package is built from. */
export function resetPackage(context: Context): Command {
  return new Command("reset-package")
    .helpGroup("Packages:")
    .summary("forget the default source of a package")
    .addArgument(projectArgument())
    .addOption(packageNameOption())
    .addHelpText("after", "\nExample:\n  copr-cli reset-package my-project --name hello")
    .action(async (text: string, options: { name: string }) => {
      const ref = { ...(await context.project(text)), package_name: options.name };
      await requestReset(await context.transport(), ref);
      // The spelling is upstream's, and what scripts look for.
      context.terminal.out("Package's default source was successfully reseted.\n");
    });
}
