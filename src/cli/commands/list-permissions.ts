import { Command } from "commander";
import { getPermissions } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { pythonText } from "../format/python-text.ts";
import { projectArgument } from "../options/targets.ts";

/** `list-permissions`: who may do what in a project. */
export function listPermissions(context: Context): Command {
  return new Command("list-permissions")
    .helpGroup("Permissions:")
    .summary("list the permissions of users in a project")
    .addArgument(projectArgument())
    .addHelpText("after", "\nExample:\n  copr-cli list-permissions hello")
    .action(async (name: string) => {
      const project = await context.project(name);
      const { permissions } = await getPermissions(await context.transport(), project);
      const lines = Object.entries(permissions).flatMap(([user, roles]) => [
        `${user}:\n`,
        ...Object.entries(roles).map(([role, state]) => `  ${role}: ${pythonText(state)}\n`),
      ]);
      context.terminal.out(cleanText(lines.join("")));
    });
}
