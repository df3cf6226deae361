import { Argument, Command } from "commander";
import { type BuildState, getBuild } from "../../core/api/index.ts";
import type { Context } from "../context.ts";
import { colorState } from "../format/state-color.ts";
import { integer } from "../options/values.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** The state of a build. */
export interface BuildStatus {
  id: number;
  state: BuildState;
}

const shape: Shape<BuildStatus> = {
  fields: { id: "shown", state: "shown" },
  text: ({ state }, hasColor) => `${colorState(state, hasColor)}\n`,
};
const printed = printing(shape);

/** `status`: one word, the state of a build. */
export function status(context: Context): Command {
  const command = new Command("status")
    .helpGroup("Builds:")
    .summary("print the state of a build")
    .addArgument(new Argument("<build_id>", "number of the build").argParser(integer));
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli status 1234567")
    .action(async (id: number, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { state } = await getBuild(await context.transport(), id);
      await output.record({ id, state });
    });
}
