import { Command } from "commander";
import { getPackage as requestPackage, listBuildsAtOnce } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { singlePackage } from "../format/package.ts";
import { printRecord } from "../format/records.ts";
import { packageNameOption } from "../options/package.ts";
import { addPackageViewOptions, type PackageViewOptions, readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";

/** `get-package`: one package. */
export function getPackage(context: Context): Command {
  const command = new Command("get-package")
    .helpGroup("Packages:")
    .summary("show a package of a project")
    .addArgument(projectArgument())
    .addOption(packageNameOption());
  return addPackageViewOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli get-package @copr/copr-dev --name copr-cli --with-all-builds")
    .action(async (text: string, options: PackageViewOptions & { name: string }) => {
      const project = await context.project(text);
      const transport = await context.transport();
      const found = await requestPackage(transport, project, options.name, readWithBuilds(options));
      const builds = options.withAllBuilds ? await listBuildsAtOnce(transport, project, options.name) : undefined;
      printRecord(context.terminal, singlePackage(found, builds), options.outputFormat);
    });
}
