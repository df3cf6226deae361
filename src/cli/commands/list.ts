import { Command } from "commander";
import { listProjects } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { formatProject } from "../format/project.ts";

/** `list`: projects of a user or group. */
export function list(context: Context): Command {
  return new Command("list")
    .helpGroup("Projects:")
    .summary("list the projects of a user or group")
    .argument("[owner]", "user, or group as @NAME; you when left out")
    .addHelpText("after", "\nExamples:\n  copr-cli list\n  copr-cli list @copr")
    .action(async (owner: string | undefined) => {
      const ownername = owner || (await ownName(context));
      const projects = await listProjects(await context.transport(), ownername);
      if (projects.length === 0) context.terminal.error(cleanText(`No copr retrieved for user: '${ownername}'\n`));
      context.terminal.out(cleanText(projects.map(formatProject).join("")));
    });
}

async function ownName(context: Context): Promise<string> {
  try {
    return await context.username();
  } catch (error) {
    context.terminal.error("ERROR: The 'username|@groupname' not specified.  Either specify it, or authenticate to list your projects.\n");
    throw error;
  }
}
