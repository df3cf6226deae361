import { DEFAULT_URL, readClientConfig } from "./account/config.ts";
import type { Credentials } from "./http/authorization.ts";
import { credentialsFrom } from "./account/credentials.ts";
import { AuthenticationError, ConfigurationError } from "./errors.ts";
import { createTransport, type Transport } from "./http/transport.ts";
import { userAgent } from "./version.ts";

/** A connection to one frontend: the first argument of every function of the API. */
export type Client = Transport;

/** Everything about a client but its frontend and its user. */
export interface ConnectionOptions {
  /**
   * Your program and its version, e.g. `release-bot/1.2`; ours by default. It is sent as `copr release-bot/1.2`:
   * frontends' bot walls let agents through that begin so.
   */
  userAgent?: string;
  /** How often a request is tried when no connection can be made; default 3. A POST that may have arrived is never sent again. */
  attempts?: number;
  /** Wait between tries, milliseconds; default 5000. */
  retryDelayMs?: number;
  /** Ends every request of this client. */
  signal?: AbortSignal;
  /** Told of each exchange in one line without secrets. */
  log?: (line: string) => void;
}

/** A client's frontend and user. */
export interface ClientOptions extends ConnectionOptions {
  /** Address of the frontend; default Fedora's, https://copr.fedorainfracloud.org. */
  url?: string;
  /** The API token, both halves, as the frontend's page `/api` shows them. Without it a client can read whatever is public. */
  login?: string;
  token?: string;
  /** Another proof of who asks, in place of `login` and `token`. */
  credentials?: Credentials;
}

const ATTEMPTS = 3;

/** A client of a frontend. Nothing is loaded or connected before the first request. Throws ConfigurationError. */
export function createClient({ url = DEFAULT_URL, login, token, credentials, ...options }: ClientOptions = {}): Client {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) throw new ConfigurationError(`The 'url' is not an http(s) address: ${url}`);
  if ((login === undefined) !== (token === undefined)) throw new ConfigurationError("The 'login' and the 'token' belong together.");
  const coprUrl = url.replace(/\/+$/, "");
  const byToken = (): Credentials =>
    token === undefined
      ? anonymous
      : credentialsFrom({ coprUrl, login, token, username: undefined, gssapi: false, path: undefined }, async () => client);
  const client = createTransport({
    ...options,
    coprUrl,
    credentials: credentials ?? byToken(),
    attempts: options.attempts ?? ATTEMPTS,
    userAgent: options.userAgent === undefined ? userAgent("copr-tools") : `copr ${options.userAgent}`,
  });
  return client;
}

/** A client as `~/.config/copr`, or another file of its kind, and the environment have it. Throws ConfigurationError. */
export async function createClientFromConfig(path?: string, options: ConnectionOptions = {}): Promise<Client> {
  const config = await readClientConfig({ configPath: path });
  const credentials = credentialsFrom(config, async () => client, options.signal);
  const client: Client = createClient({ ...options, url: config.coprUrl, credentials });
  return client;
}

/** Reads what is public. */
const anonymous: Credentials = {
  headers: () => Promise.reject(new AuthenticationError("This request needs an API token: give 'login' and 'token' to createClient().")),
  username: () => Promise.reject(new ConfigurationError("Without an API token there is no user.")),
};
