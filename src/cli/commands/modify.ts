import { Command } from "commander";
import { editProject } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { addProjectOptions, type ProjectCommandOptions, readProjectOptions } from "../options/project.ts";
import { projectArgument } from "../options/targets.ts";
import { onOff, onOffOption } from "../options/values.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape, { formats: formatsOfActs });

interface ModifyOptions extends ProjectCommandOptions, OutputOptions {
  fedoraReview?: string;
}

/** `modify`: changes the settings that are named, and, unlike upstream, no other: a plain `modify` there resets bootstrap. */
export function modify(context: Context): Command {
  const command = new Command("modify").helpGroup("Projects:").summary("change settings of a project").addArgument(projectArgument());
  addProjectOptions(command).addOption(onOffOption("--fedora-review", "run the fedora-review tool on builds"));
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nLists, as of chroots or repositories, replace the present ones.\n\nExample:\n  copr-cli modify hello --description 'Says hello' --enable-net on",
    )
    .action(async (name: string, options: ModifyOptions) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const project = await editProject(transport, await context.project(name), {
        ...readProjectOptions(options),
        homepage: null,
        contact: null,
        bootstrap_image: null,
        fedora_review: onOff(options.fedoraReview),
      });
      // Upstream says nothing.
      await output.record(project, "");
    });
}
