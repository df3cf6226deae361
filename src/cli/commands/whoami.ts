import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** A user of the frontend. */
export interface Account {
  name: string;
}

const shape: Shape<Account> = { fields: { name: "shown" }, text: ({ name }) => cleanText(`${name}\n`) };
const printed = printing(shape);

/** `whoami`: asks nobody when there is a token. */
export function whoami(context: Context): Command {
  const command = new Command("whoami").helpGroup("Account:").summary("print the name of the user you are to Copr");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli whoami")
    .action(async (options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const name = await context.username().catch((error: unknown) => {
        context.terminal.notice("ERROR: Can't detect who are you.\n");
        throw error;
      });
      await output.record({ name });
    });
}
