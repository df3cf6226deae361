import { Command } from "commander";
import { deleteProject } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape, { formats: formatsOfActs });

/** `delete`: a project with all its builds; asks nothing. */
export function deleteCommand(context: Context): Command {
  const command = new Command("delete")
    .helpGroup("Projects:")
    .summary("delete a project with all its builds")
    .addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nDoes not ask.\n\nExample:\n  copr-cli delete hello")
    .action(async (text: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const transport = await context.authenticated();
      const project = await deleteProject(transport, await context.project(text));
      await output.record(project, cleanText(`Project ${project.name} has been deleted.\n`));
    });
}
