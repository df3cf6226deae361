import { Command, InvalidArgumentError, Option } from "commander";
import { setPermissions } from "../../core/api/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";

/** User: state of one role. */
type RoleStates = ReadonlyMap<string, string>;

/** `edit-permissions`: what others may do in a project. */
export function editPermissions(context: Context): Command {
  const description = "as USER or USER=STATE, the state being approved (when left out), request or nothing; may be repeated";
  return new Command("edit-permissions")
    .helpGroup("Permissions:")
    .summary("set permissions of users in a project")
    .addArgument(projectArgument())
    .addOption(new Option("--admin <user>", `right to change the project, ${description}`).argParser(collectRole))
    .addOption(new Option("--builder <user>", `right to build, ${description}`).argParser(collectRole))
    .addHelpText("after", "\nExample:\n  copr-cli edit-permissions hello --builder alice --admin bob=nothing")
    .action(async (name: string, roles: { admin?: RoleStates; builder?: RoleStates }) => {
      if (Object.keys(roles).length === 0) throw new UsageError("neither --builder nor --admin specified");
      const project = await context.project(name);
      await setPermissions(await context.transport(), project, byUser(roles));
      context.terminal.out("success\n");
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
