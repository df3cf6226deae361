import { type AccountBlock, parseAccountBlock } from "../../core/account/account-block.ts";
import { expirationIn } from "../../core/account/expiration.ts";
import { ConfigurationError } from "../../core/errors.ts";
import { openInBrowser } from "../../core/process/browser.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { knowToken } from "../../core/text/known-secrets.ts";
import type { Terminal } from "../terminal.ts";
import { HiddenInput } from "./hidden-input.ts";

/** Shows a person where the token is, and takes it without showing it. Throws ConfigurationError for what is none. */
export async function askAccount(terminal: Terminal, url: string): Promise<AccountBlock> {
  const page = `${url}/api/`;
  const isOpened = await openInBrowser(page);
  // First of all nothing may be shown any more.
  const input = new HiddenInput();
  try {
    const place = isOpened ? `Your browser opens ${page}` : `Open ${page} in a browser`;
    terminal.error(cleanText(`${place}: sign in there, and copy the [copr-cli] block that it shows.\n`));
    terminal.error("Paste it here, or type the login, and press Enter (nothing of it is shown): ");
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
    if (line === null) throw new ConfigurationError("Nothing was given, so nothing was changed.");
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
  // The rest of a paste is not to become a command of the shell.
  while (typeof (await input.lineWithin(PAUSE_MS)) === "string");
  return parseAccountBlock(text);
}

async function readToken(terminal: Terminal, input: HiddenInput, login: string): Promise<AccountBlock> {
  terminal.error("And the token: ");
  const token = (await input.line())?.trim() ?? "";
  terminal.error("\n");
  if (token === "") throw new ConfigurationError("No token was given, so nothing was changed.");
  knowToken(token, login);
  return { login, token, username: undefined, coprUrl: undefined, expiration: undefined };
}
