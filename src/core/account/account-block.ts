import { ConfigurationError } from "../errors.ts";
import { type Ini, IniError, parseIni } from "../text/ini.ts";
import { knowToken } from "../text/known-secrets.ts";
import { httpAddress, SECTION } from "./config.ts";
import { expirationIn } from "./expiration.ts";

/** What the page `/api/` of a frontend gives its user, or a part of it. */
export interface AccountBlock {
  login: string;
  token: string;
  username: string | undefined;
  coprUrl: string | undefined;
  expiration: string | undefined;
}

/**
 * Reads a `[copr-cli]` block, as it was copied from the page `/api/` of a frontend; its header may be missing.
 * Throws ConfigurationError, which never quotes it.
 */
export function parseAccountBlock(text: string): AccountBlock {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const start = lines.indexOf(`[${SECTION}]`);
  const block = [`[${SECTION}]`, ...lines.slice(start + 1)].join("\n");
  const values = readBlock(block);
  const login = required(values, "login");
  const token = required(values, "token");
  const username = values.get(SECTION, "username") || undefined;
  knowToken(token, login, username);
  const coprUrl = values.get(SECTION, "copr_url");
  if (coprUrl && /^http:/i.test(coprUrl) && !/^(0|no|false|off)$/i.test(values.get(SECTION, "encrypted") ?? "")) {
    throw new ConfigurationError("The block has an address without encryption, and does not say that this is meant (encrypted = no).");
  }
  return {
    login,
    token,
    username,
    coprUrl: coprUrl ? httpAddress(coprUrl, "'copr_url' in the block") : undefined,
    expiration: expirationIn(block),
  };
}

function readBlock(block: string): Ini {
  try {
    return parseIni(block, { source: "the block" });
  } catch (cause) {
    if (!(cause instanceof IniError)) throw cause;
    throw noBlock("it is no text of that form", cause);
  }
}

/** What the page shows to somebody who has not signed in. */
const PLACEHOLDER = "LOGIN_TO_REVEAL";

function required(values: Ini, key: string): string {
  const value = values.get(SECTION, key);
  if (!value) throw noBlock(`there is no '${key}' in it`);
  if (value === PLACEHOLDER) throw new ConfigurationError("The block has no token in it: sign in at the page first.");
  if (/[\r\n]/.test(value)) throw noBlock(`its '${key}' is more than one line`);
  return value;
}

function noBlock(reason: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`This is not the [${SECTION}] block of the page /api/: ${reason}.`, { cause });
}
