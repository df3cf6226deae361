import { Command } from "commander";
import { getProject } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { formatProject } from "../format/project.ts";
import { projectArgument } from "../options/targets.ts";

/** `get`: one project. */
export function get(context: Context): Command {
  return new Command("get")
    .helpGroup("Projects:")
    .summary("show a project")
    .addArgument(projectArgument())
    .addHelpText("after", "\nExample:\n  copr-cli get @copr/copr-dev")
    .action(async (name: string) => {
      const project = await getProject(await context.transport(), await context.project(name));
      context.terminal.out(cleanText(formatProject(project)));
    });
}
