import { Command } from "commander";
import { getPackage as requestPackage, listBuildsAtOnce } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { packageNameOption } from "../options/package.ts";
import { addPackageViewOptions, type PackageViewOptions, readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";
import { printing } from "../output/output.ts";
import { singlePackageShape, shownPackage } from "../output/shapes/package.ts";

const printed = printing(singlePackageShape, { preset: "json", isUpstreams: true });

/** `get-package`: one package. */
export function getPackage(context: Context): Command {
  const command = new Command("get-package")
    .helpGroup("Packages:")
    .summary("show a package of a project")
    .addArgument(projectArgument())
    .addOption(packageNameOption());
  return printed
    .addOptions(addPackageViewOptions(command))
    .addHelpText("after", "\nExample:\n  copr-cli get-package @copr/copr-dev --name copr-cli --with-all-builds")
    .action(async (text: string, options: PackageViewOptions & { name: string }) => {
      const output = printed.open(context.terminal, options);
      const project = await context.project(text);
      const transport = await context.transport();
      const found = await requestPackage(transport, project, options.name, readWithBuilds(options));
      const builds = options.withAllBuilds ? await listBuildsAtOnce(transport, project, options.name) : undefined;
      await output.record(shownPackage(found, builds));
    });
}
