import { Command } from "commander";
import { getProject } from "../../core/api.ts";
import { cleanText } from "../../core/clean-text.ts";
import type { Context } from "../context.ts";
import { formatProject } from "../format/project.ts";

/** `get`: one project. */
export function get(context: Context): Command {
  return new Command("get")
    .summary("show a project")
    .argument("<project>", "project, as NAME or OWNER/NAME")
    .addHelpText("after", "\nExample:\n  copr-cli get @copr/copr-dev")
    .action(async (name: string) => {
      await context.config();
      const project = await getProject(await context.transport(), await context.project(name));
      context.terminal.out(cleanText(formatProject(project)));
    });
}
