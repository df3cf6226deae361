import type { Credentials } from "../http/authorization.ts";
import type { ClientConfig } from "./config.ts";
import { AuthenticationError, ConfigurationError, RequestError } from "../errors.ts";
import type { Ticket } from "./gssapi.ts";
import type { Session } from "./session-cache.ts";
import type { Transport } from "../http/transport.ts";
import { knowSecret } from "../text/known-secrets.ts";

/** What of a configuration makes credentials. */
export type AccountConfig = Pick<ClientConfig, "coprUrl" | "username" | "login" | "token" | "gssapi" | "path"> &
  Partial<Pick<ClientConfig, "tokenCommand">>;

/**
 * The credentials a configuration gives: the API token if there is one, be it a program that tells it, else the Kerberos
 * session unless that is switched off.
 * Nothing is checked before they are used, as most read requests need none. `transport` is asked for when a login is needed;
 * `signal` ends the program.
 */
export function credentialsFrom(config: AccountConfig, transport: () => Promise<Transport>, signal?: AbortSignal): Credentials {
  const { token, tokenCommand } = config;
  if (token !== undefined) return tokenCredentials(config, async () => token);
  if (tokenCommand !== undefined) return tokenCredentials(config, () => tokenOfCommand(config, tokenCommand, signal));
  return config.gssapi ? sessionCredentials(config, transport) : noCredentials(config);
}

function tokenCredentials({ login = "", username, path }: AccountConfig, token: () => Promise<string>): Credentials {
  let known: Promise<string> | undefined;
  return {
    async headers() {
      const basic = Buffer.from(`${login}:${await (known ??= token())}`).toString("base64");
      return { authorization: `Basic ${basic}` };
    },
    async username() {
      if (username !== undefined) return username;
      if (path !== undefined) throw new ConfigurationError(`There is no 'username' beside login and token in ${path}`);
      throw new ConfigurationError("There is no COPR_USERNAME beside COPR_LOGIN and COPR_TOKEN in the environment.");
    },
  };
}

async function tokenOfCommand({ login, path }: AccountConfig, command: string, signal: AbortSignal | undefined): Promise<string> {
  if (login === undefined) throw new ConfigurationError(`There is no 'login' beside token_command in ${path}`);
  const { runTokenCommand } = await import("./token-command.ts");
  return runTokenCommand(command, login, signal);
}

/** Wording of upstream; which of the two is unset helps the user, their values stay secret. */
function noCredentials({ login, username }: AccountConfig): Credentials {
  return {
    async headers() {
      const shown = login === undefined ? "None" : "***";
      throw new AuthenticationError(`GSSAPI disabled and login:token is invalid (${shown}:None)`);
    },
    async username() {
      if (username !== undefined) return username;
      throw new ConfigurationError(
        "This operation tries to detect your username, but it is not possible to find it in configuration, and GSSAPI is disabled ",
      );
    },
  };
}

/** A 401 that follows a renewal this closely has another reason than the session's age. */
const RENEWAL_PAUSE_MS = 60_000;

function sessionCredentials({ coprUrl, username }: AccountConfig, transport: () => Promise<Transport>): Credentials {
  let session: Promise<Session> | undefined;
  let renewedAt = -Infinity;
  /** Requests that are refused at the same time share one renewal. */
  const current = (renew: boolean): Promise<Session> => {
    if (session && renew && Date.now() - renewedAt > RENEWAL_PAUSE_MS) {
      renewedAt = Date.now();
      session = session.then((refused) => openSession(coprUrl, transport, refused.session));
    }
    return (session ??= openSession(coprUrl, transport));
  };
  return {
    async headers(renew) {
      const { session: cookie } = await current(renew);
      knowSecret(cookie);
      return { cookie: `session=${cookie}` };
    },
    // As upstream: the configured name, as the owner of projects, goes before the one of the login.
    username: async () => username ?? (await current(false)).name,
  };
}

/** The cached session, unless it is the one that was refused; else a new one. */
async function openSession(coprUrl: string, transport: () => Promise<Transport>, refused?: string): Promise<Session> {
  const { readCachedSession, withSessionLock, writeCachedSession } = await import("./session-cache.ts");
  const usable = async (): Promise<Session | undefined> => {
    const cached = await readCachedSession(coprUrl);
    return cached?.session === refused ? undefined : cached;
  };
  const cached = await usable();
  const { getTicket, ticketHolders } = await import("./gssapi.ts");
  if (cached) {
    // Upstream's client goes on as the former user after a `kinit` as another one.
    const holders = await ticketHolders();
    if (holders.length === 0 || holders.includes(cached.name)) return cached;
  }
  let ticket: Ticket;
  try {
    ticket = await getTicket(coprUrl);
  } catch (error) {
    // The other user's tickets are for other servers.
    if (cached) return cached;
    throw error;
  }
  return withSessionLock(coprUrl, async () => {
    // Another client may have logged in while we waited.
    const newer = await usable();
    if (newer && newer.session !== cached?.session) return newer;
    const session = await logIn(await transport(), ticket);
    // One that can't be kept is good for this run at least.
    await writeCachedSession(coprUrl, session).catch(() => undefined);
    return session;
  });
}

async function logIn(transport: Transport, ticket: Ticket): Promise<Session> {
  const [{ gssapiLogin }, { SESSION_SECONDS }] = await Promise.all([import("../api/login.ts"), import("./session-cache.ts")]);
  const failed = `Can not get session for ${transport.coprUrl} cookie via GSSAPI`;
  const { name, session, proof } = await gssapiLogin(transport, ticket.token).catch((error: unknown) => {
    // The web server before the frontend answers with a page.
    if (error instanceof RequestError && (error.status === 401 || error.status === 403)) {
      throw new AuthenticationError(`${failed}: the server does not accept this Kerberos ticket (HTTP ${error.status}).`, {
        status: error.status,
        cause: error,
      });
    }
    throw error;
  });
  if (proof !== undefined) {
    await ticket.verify(proof).catch((cause: unknown) => {
      throw new AuthenticationError(`${failed}: the answer does not come from the server that the ticket is for.`, { cause });
    });
  }
  return { name, session, expiration: Date.now() / 1000 + SESSION_SECONDS };
}
