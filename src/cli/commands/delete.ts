import { Command } from "commander";
import { deleteProject } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";

/** `delete`: a project with all its builds; asks nothing. */
export function deleteCommand(context: Context): Command {
  return new Command("delete")
    .helpGroup("Projects:")
    .summary("delete a project with all its builds")
    .addArgument(projectArgument())
    .addHelpText("after", "\nDoes not ask.\n\nExample:\n  copr-cli delete hello")
    .action(async (text: string) => {
      const transport = await context.authenticated();
      const { name } = await deleteProject(transport, await context.project(text));
      context.terminal.out(cleanText(`Project ${name} has been deleted.\n`));
    });
}
