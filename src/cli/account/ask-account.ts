import { type AccountBlock, parseAccountBlock } from "../../core/account/account-block.ts";
import { expirationIn } from "../../core/account/expiration.ts";
import { AuthenticationError, ConfigurationError, UsageError } from "../../core/errors.ts";
import { openInBrowser } from "../../core/process/browser.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { knowToken } from "../../core/text/known-secrets.ts";
import type { Terminal } from "../terminal.ts";
import { HiddenInput } from "./hidden-input.ts";

/** How often a person may give what is none, or is not accepted. */
const MOST_TRIES = 3;

/**
 * Shows a person where the token is, takes it without showing it, and has it used. What is no token, or is refused, may be given
 * again, three times in all. Throws ConfigurationError for what is none, and what `use` throws.
 */
export async function askAccount<T>(terminal: Terminal, url: string, use: (account: AccountBlock) => Promise<T>): Promise<T> {
  const page = `${url}/api/`;
  const place = (await openInBrowser(page)) ? `Your browser opens ${page}` : `Open ${page} in a browser`;
  let head = `${place}: sign in there, and copy the [copr-cli] block that it shows.\nPaste it here`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await use(await takeAccount(terminal, head));
    } catch (error) {
      const isOfAnswer = error instanceof ConfigurationError || error instanceof AuthenticationError || error instanceof UsageError;
      if (!isOfAnswer || error instanceof NothingGivenError || tries >= MOST_TRIES) throw error;
      head = `${error.message}\nPaste another one`;
    }
  }
}

/** Who gives nothing wants to end it. */
class NothingGivenError extends ConfigurationError {}

async function takeAccount(terminal: Terminal, head: string): Promise<AccountBlock> {
  // First of all nothing may be shown any more.
  const input = new HiddenInput();
  try {
    terminal.error(cleanText(`${head}, or type the login, and press Enter (nothing of it is shown): `));
    const first = await firstLine(input);
    terminal.error("\n");
    return isBlockLine(first) ? await readBlock(input, first) : await readToken(terminal, input, first);
  } finally {
    input.close();
  }
}

async function firstLine(input: HiddenInput): Promise<string> {
  for (;;) {
    const line = await input.line();
    if (line === null) throw new NothingGivenError("Nothing was given, so nothing was changed.");
    if (line.trim() !== "") return line.trim();
  }
}

/** What a block, or a part of it, may begin with; a login is no such thing. */
function isBlockLine(line: string): boolean {
  return /^(\[|[#;]\s|(login|username|token|copr_url|encrypted|gssapi)\s*[=:])/i.test(line);
}

/** A paste comes at once: so long after an empty line there is nothing more to come. */
const PAUSE_MS = 400;

/** The date is the last line of a block; one that was cut off before it ends at an empty line, as may stand in its midst, too. */
async function readBlock(input: HiddenInput, first: string): Promise<AccountBlock> {
  let text = first;
  for (let line: string | null | undefined = first; line !== null && line !== undefined && expirationIn(line) === undefined; ) {
    line = line.trim() === "" ? await input.lineWithin(PAUSE_MS) : await input.line();
    text += `\n${line ?? ""}`;
  }
  await skipRest(input);
  return parseAccountBlock(text);
}

/** The rest of a paste is not to become a command of the shell, nor the next answer. */
async function skipRest(input: HiddenInput): Promise<void> {
  while (typeof (await input.lineWithin(PAUSE_MS)) === "string");
}

async function readToken(terminal: Terminal, input: HiddenInput, login: string): Promise<AccountBlock> {
  terminal.error("And the token: ");
  const token = (await input.line())?.trim() ?? "";
  terminal.error("\n");
  await skipRest(input);
  if (token === "") throw new NothingGivenError("No token was given, so nothing was changed.");
  knowToken(token, login);
  return { login, token, username: undefined, coprUrl: undefined, expiration: undefined };
}
