import { Command } from "commander";
import { cleanText } from "../../core/text/clean-text.ts";
import type { LoginOptions, LoginRecord } from "../account/sign-in.ts";
import type { Context } from "../context.ts";
import { addInstanceOption } from "../options/instance.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

const shape: Shape<LoginRecord> = {
  fields: { instance: "known", path: "shown", url: "shown", username: "shown", expiration: "shown", method: "known", is_new: "known" },
  text: (record) => cleanText(describe(record)),
};
const printed = printing(shape, { formats: formatsOfActs });

/** `login`: gets an API token, checks it, and writes the configuration file. */
export function login(context: Context): Command {
  const command = addInstanceOption(
    new Command("login").helpGroup("Account:").summary("sign in: get an API token, check it and write the configuration file"),
  )
    .option("--url <address>", "address of the Copr; that of the file there is, or Fedora's, when left out")
    .option("--with-token", "read the [copr-cli] block of the page /api/ from standard input");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nWith a Kerberos ticket the token comes from the Copr without a browser. Otherwise the page with the token is opened, and " +
        "its [copr-cli] block, or login and token, are pasted; they are not shown. What the Copr does not accept changes no file. " +
        "Other lines of a file stay.\n\n" +
        "Examples:\n  copr-cli login\n  copr-cli login --instance staging --url https://copr.stg.fedoraproject.org\n" +
        "  copr-cli login --with-token <block.txt",
    )
    .action(async (options: LoginOptions & OutputOptions) => {
      const output = printed.open(context.terminal, options);
      const { signIn } = await import("../account/sign-in.ts");
      await output.record(await signIn(context, options));
    });
}

function describe({ path, url, username, expiration, is_new: isNew }: LoginRecord): string {
  const end = expiration === null ? "" : `, which is good until ${expiration}`;
  const old = isNew ? " An older token of yours is void." : "";
  return `You are ${username} at ${url}. ${path} has the API token${end}.${old}\n`;
}
