import { credentialsFrom } from "../../core/account/credentials.ts";
import { ticketHolders } from "../../core/account/gssapi.ts";
import { type KerberosToken, tokenByKerberos } from "../../core/account/kerberos-token.ts";
import { readCachedSession } from "../../core/account/session-cache.ts";
import { createClient } from "../../core/client.ts";
import type { Credentials } from "../../core/http/authorization.ts";
import { version } from "../../core/version.ts";
import type { Context } from "../context.ts";

/** Whether there is a ticket, a keytab, or a login that was made with them. */
export async function hasKerberos(coprUrl: string): Promise<boolean> {
  if (process.env["KRB5_CLIENT_KTNAME"]) return true;
  return (await readCachedSession(coprUrl)) !== undefined || (await ticketHolders()).length > 0;
}

/** An API token of the user whose ticket this is. Throws AuthenticationError and RequestError. */
export async function getTokenByKerberos({ interrupted, log }: Context, coprUrl: string): Promise<KerberosToken> {
  const account = { coprUrl, username: undefined, login: undefined, token: undefined, gssapi: true, path: undefined };
  const credentials: Credentials = credentialsFrom(account, async () => client);
  const client = createClient({
    url: coprUrl,
    userAgent: `copr-cli/${version}`,
    credentials,
    signal: interrupted,
    ...(log ? { log } : {}),
  });
  try {
    return await tokenByKerberos(client, credentials);
  } finally {
    await client.close();
  }
}
