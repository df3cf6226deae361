import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";

/** `whoami`: asks nobody when there is a token. */
export function whoami(context: Context): Command {
  return new Command("whoami")
    .helpGroup("Account:")
    .summary("print the name of the user you are to Copr")
    .addHelpText("after", "\nExample:\n  copr-cli whoami")
    .action(async () => {
      const name = await context.username().catch((error: unknown) => {
        context.terminal.error("ERROR: Can't detect who are you.\n");
        throw error;
      });
      context.terminal.out(cleanText(`${name}\n`));
    });
}
