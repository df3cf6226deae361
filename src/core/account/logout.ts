import { openConfigFile, saveConfigFile } from "./config-file.ts";
import { configPlace, type ConfigChoice } from "./config-place.ts";
import { DEFAULT_URL, SECTION } from "./config.ts";
import { withoutCredentials } from "./config-text.ts";
import { parseIni } from "../text/ini.ts";
import { removeCachedSession } from "./session-cache.ts";

/** What a logout has removed. */
export interface LoggedOut {
  /** The configuration file. */
  path: string;
  /** Whether it held a token, or the program that tells one. */
  hadToken: boolean;
  /** Whether there was a login by Kerberos. */
  hadSession: boolean;
}

/**
 * Removes the credentials of a configuration: `login`, `token`, `token_command` and the expiration date from its file, and the
 * Kerberos session of its frontend. Address, name and comments stay, so that a later login needs to know less. The frontend
 * goes on accepting the token: the API has no way to end one but to make another. Throws ConfigurationError and CoprError.
 */
export async function logout(choice: ConfigChoice): Promise<LoggedOut> {
  const { path } = configPlace(choice);
  const file = await openConfigFile(path);
  const text = withoutCredentials(file.text);
  const hadToken = text !== file.text;
  if (hadToken) await saveConfigFile(file, text);
  const coprUrl = (file.exists ? parseIni(text, { source: path }).get(SECTION, "copr_url") : undefined) || DEFAULT_URL;
  return { path, hadToken, hadSession: await removeCachedSession(coprUrl.replace(/\/+$/, "")) };
}
