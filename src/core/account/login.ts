import { patient } from "../http/patient.ts";
import { createTransport } from "../http/transport.ts";
import { knowToken } from "../text/known-secrets.ts";
import { userAgent } from "../version.ts";
import { checkAccount } from "./check-account.ts";
import { type ConfigFile, openConfigFile, saveConfigFile } from "./config-file.ts";
import { configPlace } from "./config-place.ts";
import { httpAddress } from "./config.ts";
import { withAccount } from "./config-text.ts";
import { credentialsFrom } from "./credentials.ts";

/** An API token, and where it is to be kept. */
export interface LoginRequest {
  /** Address of the frontend. */
  url: string;
  /** The two halves of the API token, as the page `/api/` of the frontend shows them. */
  login: string;
  token: string;
  /** Last day of the token, YYYY-MM-DD, if it is known. */
  expiration?: string | undefined;
  /** Configuration file to write; default `~/.config/copr`. */
  path?: string | undefined;
  /** Keeps it as the instance of this name, `~/.config/copr.d/NAME`, instead. */
  instance?: string | undefined;
  /** Ends the request. */
  signal?: AbortSignal | undefined;
  /** Told of each exchange in one line without secrets. */
  log?: ((line: string) => void) | undefined;
}

/** An account that a configuration file now has. The token is told to nobody. */
export interface LoggedIn {
  url: string;
  username: string;
  /** The configuration file. */
  path: string;
  /** Last day of the token, YYYY-MM-DD; null when it is not known. */
  expiration: string | null;
}

/**
 * Checks an API token with its frontend, and then writes it into a configuration file: readable by its owner only, in one step,
 * with everything else that was in it. A token that is not accepted changes nothing. Throws AuthenticationError for such a
 * token, RequestError when the frontend can't be asked, and ConfigurationError when the file can't be changed.
 */
export async function login({ path, instance, ...account }: LoginRequest): Promise<LoggedIn> {
  const place = configPlace({ configPath: path, instance, environment: {} });
  return loginInto(await openConfigFile(place.path), account);
}

/** The same for a file that is known to be writable. */
export async function loginInto(file: ConfigFile, request: Omit<LoginRequest, "path" | "instance">): Promise<LoggedIn> {
  const { url, login, token, expiration, signal, log } = request;
  knowToken(token, login);
  const coprUrl = httpAddress(url, "the 'url'");
  const account = { coprUrl, login, token, username: undefined, gssapi: false, path: undefined };
  const transport = createTransport({
    coprUrl,
    userAgent: userAgent("copr-tools"),
    credentials: credentialsFrom(account, async () => transport),
    attempts: ATTEMPTS,
    ...(signal ? { signal } : {}),
    ...(log ? { log } : {}),
  });
  try {
    // Nobody asks again by himself: in CI this is the first of many steps.
    const username = await checkAccount(patient(transport), `The page ${coprUrl}/api/ shows the one that is good.`);
    await saveConfigFile(file, withAccount(file.text, { coprUrl, username, login, token, expiration }));
    return { url: coprUrl, username, path: file.path, expiration: expiration ?? null };
  } finally {
    await transport.close();
  }
}

const ATTEMPTS = 3;
