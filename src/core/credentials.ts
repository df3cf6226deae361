import type { ClientConfig } from "./config.ts";
import { AuthenticationError, ConfigurationError } from "./errors.ts";
import { readCachedSession, type Session } from "./session-cache.ts";

/** How requests prove who sends them. */
export interface Credentials {
  /** Headers for one request; `renew` asks for a new login after the frontend answered 401. */
  headers(renew: boolean): Promise<Record<string, string>>;
  /** Name of the user the requests are made as. */
  username(): Promise<string>;
}

/**
 * The credentials a configuration gives: the API token if there is one, else the Kerberos session unless that is switched off.
 * Nothing is checked before they are used, as most read requests need none.
 */
export function credentialsFrom(config: ClientConfig): Credentials {
  if (config.token !== undefined) return tokenCredentials(config);
  return config.gssapi ? sessionCredentials(config) : noCredentials(config);
}

function tokenCredentials({ login, token, username, path }: ClientConfig): Credentials {
  const basic = Buffer.from(`${login ?? ""}:${token}`).toString("base64");
  return {
    headers: async () => ({ authorization: `Basic ${basic}` }),
    async username() {
      if (username !== undefined) return username;
      throw new ConfigurationError(`There is no 'username' beside login and token in ${path}`);
    },
  };
}

/** Wording of upstream; which of the two is unset helps the user, their values stay secret. */
function noCredentials({ login }: ClientConfig): Credentials {
  return {
    async headers() {
      const shown = login === undefined ? "None" : "***";
      throw new AuthenticationError(`GSSAPI disabled and login:token is invalid (${shown}:None)`);
    },
    async username() {
      throw new ConfigurationError(
        "This operation tries to detect your username, but it is not possible to find it in configuration, and GSSAPI is disabled ",
      );
    },
  };
}

/** The cached session only: a new login needs a Kerberos library. */
function sessionCredentials({ coprUrl }: ClientConfig): Credentials {
  const session = async (): Promise<Session> => {
    const cached = await readCachedSession(coprUrl);
    if (cached) return cached;
    throw new AuthenticationError(
      "There is no valid Kerberos session, and Kerberos (GSSAPI) login is not available in this version. Please use the API token (config file).",
    );
  };
  return {
    async headers(renew) {
      if (renew) throw new AuthenticationError("The frontend has ended the Kerberos session. Please use the API token (config file).");
      return { cookie: `session=${(await session()).session}` };
    },
    username: async () => (await session()).name,
  };
}
