import { Argument, Command } from "commander";
import { getBuild } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { colorState } from "../format/state-color.ts";
import { integer } from "../options/values.ts";

/** `status`: one word, the state of a build. */
export function status(context: Context): Command {
  return new Command("status")
    .helpGroup("Builds:")
    .summary("print the state of a build")
    .addArgument(new Argument("<build_id>", "number of the build").argParser(integer))
    .addHelpText("after", "\nExample:\n  copr-cli status 1234567")
    .action(async (id: number) => {
      const { state } = await getBuild(await context.transport(), id);
      context.terminal.out(`${colorState(state, context.terminal.hasColor)}\n`);
    });
}
