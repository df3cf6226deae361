import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { addInstanceOption, chosenPlace, type InstanceOptions } from "../options/instance.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** What a logout has removed. */
export interface LogoutRecord {
  /** The configuration file. */
  path: string;
  /** Whether a token, or the program that tells one, was removed from it. */
  token: boolean;
  /** Whether a login by Kerberos was forgotten. */
  session: boolean;
}

const shape: Shape<LogoutRecord> = {
  fields: { path: "shown", token: "shown", session: "shown" },
  text: (record) => cleanText(describe(record)),
};
const printed = printing(shape, { formats: formatsOfActs });

/** `logout`: removes the credentials from this machine. */
export function logout(context: Context): Command {
  const command = addInstanceOption(
    new Command("logout").helpGroup("Account:").summary("remove the API token and the Kerberos login from this machine"),
  );
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nAddress, user's name and comments stay in the file. The Copr goes on accepting a removed token until it expires; " +
        "'copr-cli new-api-token' before the logout makes it void.\n\n" +
        "Examples:\n  copr-cli logout\n  copr-cli logout --instance staging",
    )
    .action(async (options: InstanceOptions & OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { choice } = chosenPlace(context, options);
      const { logout } = await import("../../core/account/logout.ts");
      const { path, hadToken, hadSession } = await logout(choice);
      if (choice.environment?.["COPR_TOKEN"] || choice.environment?.["COPR_TOKEN_FILE"]) {
        context.terminal.notice("The environment has an API token, too (COPR_TOKEN): commands go on using that.\n");
      }
      await output.record({ path, token: hadToken, session: hadSession });
    });
}

function describe({ path, token, session }: LogoutRecord): string {
  const ofToken = token ? `The API token was removed from ${path}; the Copr accepts it until it expires.\n` : "";
  const ofSession = session ? "The Kerberos login was forgotten.\n" : "";
  return ofToken + ofSession || `There was no login in ${path}.\n`;
}
