import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError, describeFileError, errorCode } from "../errors.ts";
import { type Ini, IniError, parseIni, setIniValues } from "../text/ini.ts";

/** What the client knows about its frontend and its user. */
export interface ClientConfig {
  /** Frontend address, no slash at its end. */
  coprUrl: string;
  username: string | undefined;
  login: string | undefined;
  token: string | undefined;
  /** Whether Kerberos may be used when there is no token. On unless switched off, as in upstream's client. */
  gssapi: boolean;
  /** The file it came from; undefined when there is none. */
  path: string | undefined;
}

const DEFAULT_URL = "https://copr.fedorainfracloud.org";
const SECTION = "copr-cli";

/** `~/.config/copr`; upstream does not look at XDG_CONFIG_HOME. */
export function defaultConfigPath(): string {
  return join(homedir(), ".config", "copr");
}

/**
 * Reads `~/.config/copr`, or the file the user named.
 * Throws ConfigurationError (one sentence naming the key) for anything unusable in it.
 */
export async function readClientConfig(explicitPath?: string): Promise<ClientConfig> {
  const path = explicitPath === undefined ? defaultConfigPath() : expandHome(explicitPath);
  let text: string;
  try {
    // At once: what Node loads for a promise of it costs more than the wait.
    text = readFileSync(path, "utf8");
  } catch (error) {
    const isMissing = errorCode(error) === "ENOENT";
    if (!isMissing) throw new ConfigurationError(`Cannot read ${explicitPath ?? path}: ${describeFileError(error)}`, { cause: error });
    if (explicitPath !== undefined) throw new ConfigurationError(`File ${explicitPath} is missing.`, { cause: error });
    return { coprUrl: DEFAULT_URL, username: undefined, login: undefined, token: undefined, gssapi: true, path: undefined };
  }
  try {
    return interpret(parseIni(text, { source: path }), path);
  } catch (error) {
    if (error instanceof IniError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}

/** The text of a configuration file with a new token in it; everything else stays, comments too. */
export function updateTokens(text: string, answer: { api_login: string; api_token: string; expiration: string }): string {
  const { api_login: login, api_token: token, expiration } = answer;
  return setIniValues(text, SECTION, { login, token }).replace(
    /^(# expiration date:).*?(\r?)$/gm,
    (_, start, end) => `${start} ${expiration}${end}`,
  );
}

/** `~` and `~/x` as a shell means them. */
function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

function interpret(ini: Ini, path: string): ClientConfig {
  if (!ini.has(SECTION)) throw new ConfigurationError(`There is no [${SECTION}] section in ${path}`);
  const text = (key: string): string | undefined => ini.get(SECTION, key) || undefined;
  const boolean = (key: string, otherwise: boolean): boolean => {
    const value = ini.get(SECTION, key);
    if (value === undefined) return otherwise;
    const known = booleans[value.toLowerCase()];
    if (known === undefined) throw new ConfigurationError(`The value of '${key}' in ${path} is not a boolean: ${value}`);
    return known;
  };
  const credentials = { username: text("username"), login: text("login"), token: text("token") };
  const coprUrl = text("copr_url");
  if (coprUrl === undefined) throw new ConfigurationError(`There is no 'copr_url' in the [${SECTION}] section of ${path}`);
  if (!/^https?:\/\//i.test(coprUrl) || !URL.canParse(coprUrl)) {
    throw new ConfigurationError(`The value of 'copr_url' in ${path} is not an http(s) address: ${coprUrl}`);
  }
  if (boolean("encrypted", true) && /^http:/i.test(coprUrl)) {
    throw new ConfigurationError("The `copr_url` should not be http, please obtain an up-to-date configuration from the Copr website");
  }
  return {
    coprUrl: coprUrl.replace(/\/+$/, ""),
    ...credentials,
    gssapi: boolean("gssapi", true),
    path,
  };
}

/** Spellings of Python's ConfigParser. */
const booleans: Readonly<Record<string, boolean>> = {
  "1": true,
  yes: true,
  true: true,
  on: true,
  "0": false,
  no: false,
  false: false,
  off: false,
};
