import { Command } from "commander";
import type { AccountStatus, KnownAccount } from "../../core/account/account-status.ts";
import { describeDays, WARNING_DAYS } from "../../core/account/expiration.ts";
import { exitCodes } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { AskedAccount } from "../account/asked-account.ts";
import type { Context } from "../context.ts";
import { addInstanceOption, chosenPlace, type InstanceOptions } from "../options/instance.ts";
import { count } from "../options/values.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import { QuietEnd } from "../quiet-end.ts";
import type { Shape } from "../../core/records/shape.ts";

const shape: Shape<AccountStatus> = {
  fields: {
    instance: "shown",
    url: "shown",
    username: "shown",
    method: "shown",
    expiration: "shown",
    state: "shown",
    path: "known",
    source: "known",
    days_left: "known",
    message: "known",
  },
  text: (status) => cleanText(describe(status)),
};
const printed = printing(shape);

interface AuthStatusOptions extends InstanceOptions, OutputOptions {
  check?: boolean;
  days: number;
  all?: boolean;
}

/** `auth-status`: who the user is to Copr, by what, and for how long. */
export function authStatus(context: Context): Command {
  const command = addInstanceOption(new Command("auth-status").helpGroup("Account:").summary("print by what you sign in, and until when"))
    .option("--check", "ask the Copr whether it accepts that, and end with an exit status that says so")
    .option("--days <number>", "with --check: the token must be good for so many days", count, WARNING_DAYS)
    .option("--all", "every configuration there is: ~/.config/copr and those of the instances");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nWithout --check nobody is asked. With it the exit status is 7 when the Copr refuses the credentials, 1 when it can't be asked, " +
        "6 when the configuration is wrong, and 8 when the token expires sooner than in --days.\n\n" +
        "Examples:\n  copr-cli auth-status --check --days 30\n  copr-cli auth-status --all --output-format table",
    )
    .action(async (options: AuthStatusOptions) => {
      const output = printed.open(context.terminal, options);
      const { knownAccount } = await import("../../core/account/account-status.ts");
      const ask = async (known: KnownAccount): Promise<AskedAccount> =>
        options.check ? (await import("../account/asked-account.ts")).askedAccount(context, known) : known;
      if (options.all) {
        const accounts: AskedAccount[] = [];
        await output.records(allAccounts(context, ask, accounts));
        return end(options, accounts);
      }
      const place = chosenPlace(context, options);
      const account = await ask(await knownAccount(place.choice, place));
      await output.record(account.status);
      // What is wrong is told as every command tells it.
      if (account.error) throw account.error;
      end(options, [account]);
    });
}

/** Each file as it is: the environment would say the same of all. */
async function* allAccounts(
  { terminal }: Context,
  ask: (known: KnownAccount) => Promise<AskedAccount>,
  accounts: AskedAccount[],
): AsyncGenerator<AccountStatus> {
  const [{ knownAccount }, { allConfigPlaces }] = await Promise.all([
    import("../../core/account/account-status.ts"),
    import("../../core/account/config-place.ts"),
  ]);
  for (const place of allConfigPlaces()) {
    const choice = place.instance === undefined ? { environment: {} } : { instance: place.instance, environment: {} };
    const account = await ask(await knownAccount(choice, place));
    if (account.status.path === null) continue;
    accounts.push(account);
    yield account.status;
  }
  if (accounts.length === 0) terminal.notice("There is no configuration: copr-cli login makes one.\n");
}

/** Of several the worst counts: what can't be used at all goes before what soon can't. */
function end({ check, days }: AuthStatusOptions, accounts: readonly AskedAccount[]): void {
  if (!check) return;
  const codes = new Set(accounts.map(({ error, status }) => error?.exitCode ?? (isShort(status, days) ? exitCodes.differs : exitCodes.ok)));
  const { configuration, authentication, differs, ok } = exitCodes;
  const others = [...codes].filter((code) => code !== ok && code !== differs);
  const worst = [configuration, authentication, ...others, differs].find((code) => codes.has(code));
  if (worst !== undefined) throw new QuietEnd(worst);
}

function isShort({ days_left: left }: AccountStatus, days: number): boolean {
  return left !== null && left < days;
}

function describe(status: AccountStatus): string {
  const { instance, url, username, path, state, message } = status;
  const name = instance === null ? "" : `${instance}: `;
  if (state === "broken") return `${name}${url ?? path}\n  ${message}\n`;
  const who = username === null ? "" : ` as ${username}`;
  const said = { unchecked: "", accepted: "  The Copr accepts that.\n", refused: `  ${message}\n`, unreachable: `  ${message}\n` }[state];
  return `${name}${url}${who}\n  ${describeMethod(status)}\n${said}`;
}

function describeMethod({ method, source, path, expiration, days_left: left }: AccountStatus): string {
  if (method === "none") return "There is no API token, and Kerberos is switched off.";
  if (method === "kerberos") return "There is no API token: a Kerberos ticket is needed for what is not public.";
  const place = source === "environment" ? "the environment" : path;
  const command = method === "token-command" ? "by the token_command " : "";
  const end =
    expiration === null ? "" : `, ${left !== null && left < 0 ? "expired" : "good until"} ${expiration} (${describeDays(left ?? 0)})`;
  return `API token ${command}of ${place}${end}`;
}
