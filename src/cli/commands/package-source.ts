import { Command } from "commander";
import { addPackage, editPackage, type PackageSourceType } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import type { CommandMaker } from "./command-maker.ts";
import { addPackageOptions, type PackageCommandOptions, readPackageOptions } from "../options/package.ts";
import { type SourceCommandOptions, sources } from "../options/sources.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { packageShape } from "../output/shapes/package.ts";

const printed = printing(packageShape, { formats: formatsOfActs });

/** In the order of upstream's help. */
/** `add-package-…`: a package with the source it is built from, one command for each kind of source. */
export function addPackageFrom(type: PackageSourceType): CommandMaker {
  return (context) => addCommand(context, type);
}

/** `edit-package-…`, as `addPackageFrom`. */
export function editPackageFrom(type: PackageSourceType): CommandMaker {
  return (context) => editCommand(context, type);
}

function addCommand(context: Context, type: PackageSourceType): Command {
  return packageCommand(context, type, false, `add-package-${type}`)
    .summary(`add a package that is built from ${sources[type].origin}`)
    .addHelpText("after", `\nExample:\n  copr-cli add-package-${type} my-project --name hello ${sources[type].example}`);
}

function editCommand(context: Context, type: PackageSourceType): Command {
  return packageCommand(context, type, true, `edit-package-${type}`)
    .summary(`have a package built from ${sources[type].origin}`)
    .addHelpText(
      "after",
      `\nOptions with a default get it again when they are not named.\n\nExample:\n  copr-cli edit-package-${type} my-project --name hello ${sources[type].example}`,
    );
}

function packageCommand(context: Context, type: PackageSourceType, isEdit: boolean, name: string): Command {
  const source = sources[type];
  const save = isEdit ? editPackage : addPackage;
  const command = new Command(name).helpGroup("Packages:").addArgument(projectArgument());
  addPackageOptions(source.addOptions(command.optionsGroup("Source options:"), isEdit));
  return printed.addOptions(command).action(async (text: string, options: SourceCommandOptions & PackageCommandOptions & OutputOptions) => {
    const output = printed.open(context.terminal, options);
    const transport = await context.authenticated();
    const ref = { ...(await context.project(text)), package_name: options.name };
    const answer = await save(transport, ref, type, { ...source.packageFields(options), ...readPackageOptions(options) });
    await output.record(answer, "Create or edit operation was successful.\n");
  });
}
