import { Command, InvalidArgumentError, Option } from "commander";
import { requestPermissions as sendRequest } from "../../core/api/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";

/** `request-permissions`: asks a project's owner for permissions, or gives them back. */
export function requestPermissions(context: Context): Command {
  const description = "request (when left out), or nothing to give it back";
  return new Command("request-permissions")
    .helpGroup("Permissions:")
    .summary("ask for permissions in a project, or give them back")
    .addArgument(projectArgument())
    .addOption(new Option("--admin [state]", `right to change the project: ${description}`).preset("request").argParser(once))
    .addOption(new Option("--builder [state]", `right to build: ${description}`).preset("request").argParser(once))
    .addHelpText("after", "\nExample:\n  copr-cli request-permissions alice/hello --builder")
    .action(async (name: string, options: Record<string, string>) => {
      const roles = Object.entries(options).map(([role, state]) => [role, isWanted(role, state)] as const);
      if (roles.length === 0) throw new UsageError("neither --builder nor --admin specified");
      const project = await context.project(name);
      await sendRequest(await context.transport(), project, Object.fromEntries(roles));
      context.terminal.out("success\n");
    });
}

function once(state: string, previous: string | undefined): string {
  if (previous !== undefined) throw new InvalidArgumentError("It was requested more than once.");
  return state;
}

function isWanted(role: string, state: string): boolean {
  if (state === "request" || state === "") return true;
  if (state === "nothing") return false;
  throw new UsageError(`--${role} can be 'nothing' or 'request', not '${state}'`);
}
