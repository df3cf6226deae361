import { Command } from "commander";
import { listPackages, type Package } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { readWithBuilds } from "../options/package-view.ts";
import { projectArgument } from "../options/targets.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A package, of which no more than the name is told. */
export interface NamedPackage {
  name: string;
}

const shape: Shape<NamedPackage> = { fields: { name: "shown" }, needs: ["name"], text: ({ name }) => cleanText(`${name}\n`) };
const printed = printing(shape);

/** `list-package-names`: one name a line. */
export function listPackageNames(context: Context): Command {
  const command = new Command("list-package-names")
    .helpGroup("Packages:")
    .summary("list the names of a project's packages")
    .addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli list-package-names @copr/copr-dev")
    .action(async (text: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const project = await context.project(text);
      await output.records(names(listPackages(await context.transport(), project, readWithBuilds({}))));
    });
}

async function* names(packages: AsyncIterable<Package>): AsyncIterable<NamedPackage> {
  for await (const { name } of packages) yield { name };
}
