import type { AccountStatus, KnownAccount } from "../../core/account/account-status.ts";
import { describeDays, WARNING_DAYS } from "../../core/account/expiration.ts";
import { askedAccount } from "../account/asked-account.ts";
import type { Context } from "../context.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, warning, failed, skipped } = findingsOf("token");

/** Whether the server accepts the API token, and for how long; a server that can't be used is not asked. */
export async function checkToken(context: Context, known: KnownAccount, isUsable: boolean): Promise<Finding> {
  const { method, username, days_left: days } = known.status;
  if (method === "kerberos") return skipped("There is no API token.");
  if (method === "none") {
    return warning("There is no API token, and Kerberos is switched off: only what is public can be read.", "copr-cli login gets a token.");
  }
  const end = describeEnd(known.status);
  const { status, error } = isUsable ? await askedAccount(context, known) : { ...known, error: undefined };
  if (status.state === "unchecked" || status.state === "unreachable") {
    if (days !== null && days < 0) return failed(`There is an API token. ${end}`, RENEWAL);
    return skipped(`The server can't be asked whether it accepts the API token. ${end}`);
  }
  if (status.state === "broken") return failed(`${status.message} ${end}`, error?.hint ?? `Mend ${status.path ?? "the environment"}.`);
  if (status.state !== "accepted") return failed(`${status.message} ${end}`, renewalOf(status));
  if (username !== null && username !== status.username) {
    return warning(`The API token is of ${status.username}, the configured user's name is ${username}.`, "copr-cli login writes both.");
  }
  const sentence = `The server accepts the API token of ${status.username}. ${end}`;
  return days !== null && days < WARNING_DAYS ? warning(sentence, "copr-cli new-api-token renews it.") : ok(sentence);
}

const RENEWAL = "copr-cli login gets a new one.";

/** A new token in the file is of no use beside one that goes before it. */
function renewalOf({ source, method }: AccountStatus): string {
  if (source === "environment") return "Put a new one where COPR_LOGIN and COPR_TOKEN come from, or unset them.";
  return method === "token-command" ? "Let the program of the token_command print a new one." : RENEWAL;
}

function describeEnd({ expiration, days_left: days }: AccountStatus): string {
  if (expiration === null || days === null) return "Nothing tells when it expires.";
  return `It ${days < 0 ? "expired on" : "is good until"} ${expiration} (${describeDays(days)}).`;
}
