import { Command } from "commander";
import { getProject } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape);

/** `get`: one project. */
export function get(context: Context): Command {
  const command = new Command("get").helpGroup("Projects:").summary("show a project").addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli get @copr/copr-dev")
    .action(async (name: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      await output.record(await getProject(await context.transport(), await context.project(name)));
    });
}
