import { Command } from "commander";
import { getPermissions, type PermissionState } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { pythonText } from "../../core/records/python-text.ts";
import { projectArgument } from "../options/targets.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** What a user may do in a project. */
export interface UserPermissions {
  user: string;
  /** State of each role, `admin` and `builder`. */
  roles: Record<string, PermissionState>;
}

const shape: Shape<UserPermissions> = { fields: { user: "shown", roles: "shown" }, text: describe };
const printed = printing(shape);

/** `list-permissions`: who may do what in a project. */
export function listPermissions(context: Context): Command {
  const command = new Command("list-permissions")
    .helpGroup("Permissions:")
    .summary("list the permissions of users in a project")
    .addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli list-permissions hello")
    .action(async (name: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const project = await context.project(name);
      const { permissions } = await getPermissions(await context.transport(), project);
      await output.records(Object.entries(permissions).map(([user, roles]) => ({ user, roles })));
    });
}

function describe({ user, roles }: UserPermissions): string {
  const lines = Object.entries(roles).map(([role, state]) => `  ${role}: ${pythonText(state)}\n`);
  return cleanText(`${user}:\n${lines.join("")}`);
}
