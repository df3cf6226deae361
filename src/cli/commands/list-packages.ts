import { Command } from "commander";
import { listBuildsAtOnce, listPackages as walkPackages } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { addPackageViewOptions, type PackageViewOptions, readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";
import { printing } from "../output/output.ts";
import { listedPackageShape, type ShownPackage, shownPackage } from "../output/shapes/package.ts";

const printed = printing(listedPackageShape, { preset: "json", isUpstreams: true });

/** `list-packages`: all packages of a project. */
export function listPackages(context: Context): Command {
  const command = new Command("list-packages")
    .helpGroup("Packages:")
    .summary("list the packages of a project")
    .addArgument(projectArgument());
  return printed
    .addOptions(addPackageViewOptions(command))
    .addHelpText("after", "\nExample:\n  copr-cli list-packages @copr/copr-dev --with-latest-build | jq '.[].name'")
    .action(async (name: string, options: PackageViewOptions) => {
      const output = printed.open(context.terminal, options);
      await output.records(shown(context, name, options));
    });
}

async function* shown(context: Context, name: string, options: PackageViewOptions): AsyncIterable<ShownPackage> {
  const project = await context.project(name);
  const transport = await context.transport();
  for await (const item of walkPackages(transport, project, readWithBuilds(options))) {
    yield shownPackage(item, options.withAllBuilds ? await listBuildsAtOnce(transport, project, item.name) : undefined);
  }
}
