import { type AccountBlock, parseAccountBlock } from "../../core/account/account-block.ts";
import { type ConfigFile, openConfigFile } from "../../core/account/config-file.ts";
import { SECTION } from "../../core/account/config.ts";
import { type LoggedIn, loginInto } from "../../core/account/login.ts";
import { AuthenticationError, ConfigurationError, CoprError, describeFileError, UsageError } from "../../core/errors.ts";
import { readInput } from "../../core/files/input.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { parseIni } from "../../core/text/ini.ts";
import type { Context } from "../context.ts";
import { chosenPlace, type InstanceOptions } from "../options/instance.ts";
import { askAccount } from "./ask-account.ts";
import { addressFor, knownAddress, type LoginAddress, loginAddress } from "./login-address.ts";
import { getTokenByKerberos, hasKerberos } from "./token-by-kerberos.ts";

/** A login that was made. The token is told to nobody. */
export interface LoginRecord {
  /** Name of the instance; null for the configuration that commands use by themselves. */
  instance: string | null;
  /** The configuration file. */
  path: string;
  url: string;
  username: string;
  /** Last day of the token, YYYY-MM-DD; null when it is not known. */
  expiration: string | null;
  /** How the token was had: from a person, from standard input, or by a Kerberos login. */
  method: "asked" | "input" | "kerberos";
  /** It was made for this login, so an older token of the user is void. */
  is_new: boolean;
}

/** What the user says of a login. */
export interface LoginOptions extends InstanceOptions {
  url?: string;
  withToken?: boolean;
}

/** Gets a token, checks it and writes it down. Whatever could keep it from being written is found out first. */
export async function signIn(context: Context, options: LoginOptions): Promise<LoginRecord> {
  const place = chosenPlace(context, options);
  const file = await openConfigFile(place.path);
  const address = loginAddress(options.url, place.choice.environment ?? {}, file, place);
  const { interrupted: signal, log } = context;
  const use = (account: Account): Promise<LoggedIn> =>
    loginInto(file, { ...account, url: addressFor(account.coprUrl, address), signal, log });
  const made = options.withToken ? await fromInput(use) : await fromPerson(context, file, address, use);
  return { instance: place.instance ?? null, ...made };
}

type Account = Pick<AccountBlock, "login" | "token" | "expiration"> & Partial<Pick<AccountBlock, "coprUrl">>;
/** Checks an account and writes it down. */
type Use = (account: Account) => Promise<LoggedIn>;
type MadeLogin = Omit<LoginRecord, "instance">;

async function fromInput(use: Use): Promise<MadeLogin> {
  if (process.stdin.isTTY) throw new UsageError("--with-token is for a pipe or a file: without it copr-cli asks at the terminal");
  const block = await readInput(process.stdin, MAX_BLOCK_BYTES).catch((cause: unknown) => {
    throw new ConfigurationError(`Cannot read standard input: ${describeFileError(cause)}.`, { cause });
  });
  return { ...(await use(parseAccountBlock(block.toString()))), method: "input", is_new: false };
}

const MAX_BLOCK_BYTES = 64 * 1024;

/** A ticket does without a person; where it does not help, a person may still. */
async function fromPerson(context: Context, file: ConfigFile, address: LoginAddress, use: Use): Promise<MadeLogin> {
  const { terminal } = context;
  const url = knownAddress(address);
  if (mayUseKerberos(file) && (await hasKerberos(url))) {
    try {
      const { isNew, ...account } = await getTokenByKerberos(context, url);
      return { ...(await use(account)), method: "kerberos", is_new: isNew };
    } catch (error) {
      if (!terminal.isInteractive || !(error instanceof CoprError)) throw error;
      terminal.notice(cleanText(`${error.message}\n`));
    }
  }
  if (!terminal.isInteractive) {
    throw new AuthenticationError("There is no Kerberos ticket, and nobody can be asked for the API token here.", {
      hint: "Give the [copr-cli] block of the page /api/ on standard input, with --with-token.",
    });
  }
  return { ...(await askAccount(terminal, url, use)), method: "asked", is_new: false };
}

function mayUseKerberos({ exists, text, path }: ConfigFile): boolean {
  const gssapi = exists ? parseIni(text, { source: path }).get(SECTION, "gssapi") : undefined;
  return !/^(0|no|false|off)$/i.test(gssapi ?? "");
}
