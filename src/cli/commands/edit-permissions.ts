import { Command, InvalidArgumentError, Option } from "commander";
import { setPermissions } from "../../core/api/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** User: state of one role. */
type RoleStates = ReadonlyMap<string, string>;

interface EditPermissionsOptions extends OutputOptions {
  admin?: RoleStates;
  builder?: RoleStates;
}

/** Users whose permissions were changed. */
export interface UpdatedPermissions {
  updated: string[];
}

const shape: Shape<UpdatedPermissions> = { fields: { updated: "shown" }, needs: ["updated"] };
const printed = printing(shape, { formats: formatsOfActs });

/** `edit-permissions`: what others may do in a project. */
export function editPermissions(context: Context): Command {
  const description = "as USER or USER=STATE, the state being approved (when left out), request or nothing; may be repeated";
  const command = new Command("edit-permissions")
    .helpGroup("Permissions:")
    .summary("set permissions of users in a project")
    .addArgument(projectArgument())
    .addOption(new Option("--admin <user>", `right to change the project, ${description}`).argParser(collectRole))
    .addOption(new Option("--builder <user>", `right to build, ${description}`).argParser(collectRole));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli edit-permissions hello --builder alice --admin bob=nothing")
    .action(async (name: string, { admin, builder, ...options }: EditPermissionsOptions) => {
      const output = printed.open(context.terminal, options);
      const roles = { ...(admin && { admin }), ...(builder && { builder }) };
      if (Object.keys(roles).length === 0) throw new UsageError("neither --builder nor --admin specified");
      const project = await context.project(name);
      const answer = await setPermissions(await context.transport(), project, byUser(roles));
      await output.record(answer, "success\n");
    });
}

/** The state comes after the last `=`: a name may contain one. */
function collectRole(text: string, previous: RoleStates = new Map()): RoleStates {
  const equals = text.lastIndexOf("=");
  const user = equals < 0 ? text : text.slice(0, equals);
  if (previous.has(user)) throw new InvalidArgumentError(`It was requested more than once for ${user}.`);
  return new Map([...previous, [user, equals < 0 ? "approved" : text.slice(equals + 1)]]);
}

function byUser(roles: Readonly<Record<string, RoleStates>>): Record<string, Record<string, string>> {
  const users = new Map<string, Record<string, string>>();
  for (const [role, states] of Object.entries(roles)) {
    for (const [user, state] of states) users.set(user, { ...users.get(user), [role]: state });
  }
  return Object.fromEntries(users);
}
