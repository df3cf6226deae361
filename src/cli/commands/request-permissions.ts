import { Command, InvalidArgumentError, Option } from "commander";
import { requestPermissions as sendRequest } from "../../core/api/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

interface RequestPermissionsOptions extends OutputOptions {
  admin?: string;
  builder?: string;
}

/** Whether anything had to be changed. */
export interface RequestedPermissions {
  updated: boolean;
}

const shape: Shape<RequestedPermissions> = { fields: { updated: "shown" }, needs: ["updated"] };
const printed = printing(shape, { formats: formatsOfActs });

/** `request-permissions`: asks a project's owner for permissions, or gives them back. */
export function requestPermissions(context: Context): Command {
  const description = "request (when left out), or nothing to give it back";
  const command = new Command("request-permissions")
    .helpGroup("Permissions:")
    .summary("ask for permissions in a project, or give them back")
    .addArgument(projectArgument())
    .addOption(new Option("--admin [state]", `right to change the project: ${description}`).preset("request").argParser(once))
    .addOption(new Option("--builder [state]", `right to build: ${description}`).preset("request").argParser(once));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli request-permissions alice/hello --builder")
    .action(async (name: string, { outputFormat, fields, admin, builder }: RequestPermissionsOptions) => {
      const output = printed.open(context.terminal, { ...(outputFormat && { outputFormat }), ...(fields && { fields }) });
      const wanted = Object.entries({ ...(admin !== undefined && { admin }), ...(builder !== undefined && { builder }) });
      const roles = wanted.map(([role, state]) => [role, isWanted(role, state)] as const);
      if (roles.length === 0) throw new UsageError("neither --builder nor --admin specified");
      const project = await context.project(name);
      const answer = await sendRequest(await context.transport(), project, Object.fromEntries(roles));
      await output.record(answer, "success\n");
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
