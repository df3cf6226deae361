import { Command } from "commander";
import { cancelBuild } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { buildShape } from "../output/shapes/build.ts";

const printed = printing(buildShape, { formats: formatsOfActs });

/** `cancel`: stops a build; the state it prints may still be the old one. */
export function cancel(context: Context): Command {
  const command = new Command("cancel").helpGroup("Builds:").summary("cancel a build").argument("<build_id>", "number of the build");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli cancel 1234567")
    .action(async (id: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const build = await cancelBuild(await context.authenticated(), id);
      await output.record(build, cleanText(`${build.state}\n`));
    });
}
