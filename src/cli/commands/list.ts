import { Command } from "commander";
import { listProjects } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { projectShape } from "../output/shapes/project.ts";

const printed = printing(projectShape);

/** `list`: projects of a user or group. */
export function list(context: Context): Command {
  const command = new Command("list")
    .helpGroup("Projects:")
    .summary("list the projects of a user or group")
    .argument("[owner]", "user, or group as @NAME; you when left out");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExamples:\n  copr-cli list\n  copr-cli list @copr")
    .action(async (owner: string | undefined, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const ownername = owner || (await ownName(context));
      const projects = await listProjects(await context.transport(), ownername);
      if (projects.length === 0) context.terminal.notice(cleanText(`No copr retrieved for user: '${ownername}'\n`));
      await output.records(projects);
    });
}

async function ownName(context: Context): Promise<string> {
  try {
    return await context.username();
  } catch (error) {
    context.terminal.notice("ERROR: The 'username|@groupname' not specified.  Either specify it, or authenticate to list your projects.\n");
    throw error;
  }
}
