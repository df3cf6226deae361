import { Command } from "commander";
import { cancelBuild } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";

/** `cancel`: stops a build; the state it prints may still be the old one. */
export function cancel(context: Context): Command {
  return new Command("cancel")
    .helpGroup("Builds:")
    .summary("cancel a build")
    .argument("<build_id>", "number of the build")
    .addHelpText("after", "\nExample:\n  copr-cli cancel 1234567")
    .action(async (id: string) => {
      const { state } = await cancelBuild(await context.authenticated(), id);
      context.terminal.out(cleanText(`${state}\n`));
    });
}
