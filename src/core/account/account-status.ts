import { CoprError } from "../errors.ts";
import { cleanText } from "../text/clean-text.ts";
import { type ClientConfig, readClientConfig } from "./config.ts";
import type { ConfigChoice, ConfigPlace } from "./config-place.ts";
import { daysUntil } from "./expiration.ts";

/** How a user proves who they are, as far as a configuration tells. */
export interface AccountStatus {
  /** Name of the instance; null for any other file. */
  instance: string | null;
  /** The configuration file; null when there is none. */
  path: string | null;
  /** The frontend; null when the file can't be used. */
  url: string | null;
  /** The name in the configuration, or the one the frontend tells when it is asked. */
  username: string | null;
  /** `kerberos` where there is no token and it is not switched off: whether there is a ticket is another matter. */
  method: "token" | "token-command" | "kerberos" | "none";
  /** Where a token comes from. */
  source: "file" | "environment" | null;
  /** Last day of the token, YYYY-MM-DD, as the file tells; null when it does not. */
  expiration: string | null;
  /** Whole days until then, negative when it has expired. */
  days_left: number | null;
  /** What the frontend says: `unchecked` when it was not asked, `broken` when the file can't be used. */
  state: "unchecked" | "accepted" | "refused" | "unreachable" | "broken";
  /** Why it is so, one sentence. */
  message: string | null;
}

/** A configuration, and what it says of the user; the reason where it can't be used. */
export interface KnownAccount {
  status: AccountStatus;
  config: ClientConfig | undefined;
  error: CoprError | undefined;
}

/** What a configuration says of its user. Nobody is asked. */
export async function knownAccount(choice: ConfigChoice, { path, instance }: ConfigPlace): Promise<KnownAccount> {
  try {
    const config = await readClientConfig(choice);
    return { status: statusOf(config), config, error: undefined };
  } catch (error) {
    if (!(error instanceof CoprError)) throw error;
    const nothing = { url: null, username: null, method: "none", source: null, expiration: null, days_left: null } as const;
    const status = { instance: instance ?? null, path, ...nothing, state: "broken", message: cleanText(error.message) } as const;
    return { status, config: undefined, error };
  }
}

function statusOf({ instance, path, coprUrl, username, tokenSource, gssapi, expiration }: ClientConfig): AccountStatus {
  const methods = { file: "token", environment: "token", command: "token-command" } as const;
  return {
    instance: instance ?? null,
    path: path ?? null,
    url: coprUrl,
    username: username ?? null,
    method: tokenSource === undefined ? (gssapi ? "kerberos" : "none") : methods[tokenSource],
    source: tokenSource === "command" ? "file" : (tokenSource ?? null),
    expiration: expiration ?? null,
    days_left: expiration === undefined ? null : daysUntil(expiration),
    state: "unchecked",
    message: null,
  };
}
