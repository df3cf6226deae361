import { newApiToken } from "../api/general.ts";
import { receiveText } from "../http/answer.ts";
import type { Credentials } from "../http/authorization.ts";
import type { Transport } from "../http/transport.ts";
import { CoprError, isOutsideError } from "../errors.ts";
import { knowToken } from "../text/known-secrets.ts";
import { type AccountBlock, parseAccountBlock } from "./account-block.ts";
import { daysUntil, WARNING_DAYS } from "./expiration.ts";

/** An API token that was had by a Kerberos login. */
export interface KerberosToken extends Pick<AccountBlock, "login" | "token" | "expiration"> {
  /** It was made now, so an older one is void. */
  isNew: boolean;
}

/**
 * Gets an API token by the session of a Kerberos login, whose credentials the transport sends. A frontend knows one token of
 * each user, and a new one voids the old one on all other machines: so the one that its page shows is taken, unless that is
 * about to expire. Throws AuthenticationError and RequestError.
 */
export async function tokenByKerberos(transport: Transport, credentials: Credentials): Promise<KerberosToken> {
  // Logs in, or says what is missing for that.
  const headers = await credentials.headers(false);
  const shown = await shownToken(transport, headers).catch((error: unknown) => {
    // Nothing is lost by it: a new one is asked for.
    if (error instanceof CoprError || isOutsideError(error)) return undefined;
    throw error;
  });
  if (shown?.expiration !== undefined && daysUntil(shown.expiration) >= WARNING_DAYS) {
    return { login: shown.login, token: shown.token, expiration: shown.expiration, isNew: false };
  }
  const { api_login: login, api_token: token, expiration } = await newApiToken(transport);
  knowToken(token, login);
  return { login, token, expiration, isNew: true };
}

/** The block on the page for people; undefined where the page is not as it should be. */
async function shownToken(transport: Transport, headers: Readonly<Record<string, string>>): Promise<AccountBlock | undefined> {
  const url = `${transport.coprUrl}/api/`;
  const { status, body } = await transport.get(url, { headers, maxRedirects: 0 });
  const page = await receiveText(body, status, url);
  const block = /\[copr-cli\][^<]*/.exec(page)?.[0];
  return status === 200 && block !== undefined ? parseAccountBlock(withoutEntities(block)) : undefined;
}

/** What templates make of the characters that mean something in HTML. */
function withoutEntities(html: string): string {
  const known: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'" };
  return html.replaceAll(/&(amp|lt|gt|quot|#34|#39);/g, (_, name: string) => known[name] ?? "");
}
