import { Command } from "commander";
import { listBuildsAtOnce, listPackages as walkPackages } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { listedPackage } from "../format/package.ts";
import { printRecords, type ShownFields } from "../format/records.ts";
import { addPackageViewOptions, type PackageViewOptions, readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";

/** `list-packages`: all packages of a project. */
export function listPackages(context: Context): Command {
  const command = new Command("list-packages")
    .helpGroup("Packages:")
    .summary("list the packages of a project")
    .addArgument(projectArgument());
  return addPackageViewOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli list-packages @copr/copr-dev --with-latest-build | jq '.[].name'")
    .action(async (name: string, options: PackageViewOptions) => {
      await printRecords(context.terminal, shown(context, name, options), options.outputFormat);
    });
}

async function* shown(context: Context, name: string, options: PackageViewOptions): AsyncIterable<ShownFields> {
  const project = await context.project(name);
  const transport = await context.transport();
  for await (const item of walkPackages(transport, project, readWithBuilds(options))) {
    yield listedPackage(item, options.withAllBuilds ? await listBuildsAtOnce(transport, project, item.name) : undefined);
  }
}
