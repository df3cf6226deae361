import type { AccountStatus, KnownAccount } from "../../core/account/account-status.ts";
import { checkAccount } from "../../core/account/check-account.ts";
import type { ClientConfig } from "../../core/account/config.ts";
import { credentialsFrom } from "../../core/account/credentials.ts";
import { type Client, createClient } from "../../core/client.ts";
import { AuthenticationError, ConfigurationError, CoprError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { version } from "../../core/version.ts";
import type { Context } from "../context.ts";

/** What the frontend says of an account, with the error that it comes as. */
export interface AskedAccount {
  status: AccountStatus;
  error: CoprError | undefined;
}

/** Asks the frontend of a configuration whether it accepts the credentials. */
export async function askedAccount(context: Context, known: KnownAccount): Promise<AskedAccount> {
  if (known.config === undefined) return known;
  const client = clientOf(context, known.config);
  try {
    const username = await checkAccount(client);
    return { status: { ...known.status, username, state: "accepted" }, error: undefined };
  } catch (error) {
    if (!(error instanceof CoprError)) throw error;
    return { status: { ...known.status, state: stateOf(error), message: cleanText(error.message) }, error };
  } finally {
    await client.close();
  }
}

/** A client with the credentials of a configuration, whichever that is. */
export function clientOf({ interrupted, log }: Context, config: ClientConfig): Client {
  const client: Client = createClient({
    url: config.coprUrl,
    userAgent: `copr-cli/${version}`,
    credentials: credentialsFrom(config, async () => client, interrupted),
    signal: interrupted,
    ...(log ? { log } : {}),
  });
  return client;
}

/** A token_command that fails makes no credentials. */
function stateOf(error: CoprError): AccountStatus["state"] {
  if (error instanceof AuthenticationError) return "refused";
  return error instanceof ConfigurationError ? "broken" : "unreachable";
}
