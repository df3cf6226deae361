import type { ClientConfig } from "../../core/account/config.ts";
import { getTicket, ticketHolders } from "../../core/account/gssapi.ts";
import { readCachedSession } from "../../core/account/session-cache.ts";
import { CoprError } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, failed, skipped } = findingsOf("kerberos");

/** Whether a login by Kerberos would work, for who has no token. */
export async function checkKerberos({ coprUrl, gssapi, tokenSource }: ClientConfig): Promise<Finding> {
  if (tokenSource !== undefined) return skipped("It is not needed beside an API token.");
  if (!gssapi) return skipped("It is switched off (gssapi).");
  const session = await readCachedSession(coprUrl);
  if (session !== undefined) return ok(cleanText(`There is a login of ${session.name}.`));
  const holders = await ticketHolders();
  if (holders.length === 0 && !process.env["KRB5_CLIENT_KTNAME"]) {
    return skipped(
      "There is neither a Kerberos ticket nor an API token.",
      "copr-cli login, or kinit where the Copr takes Kerberos tickets.",
    );
  }
  try {
    await getTicket(coprUrl);
    return ok(cleanText(`There is a ticket for this server${holders[0] === undefined ? "" : `, of ${holders[0]}`}.`));
  } catch (error) {
    if (!(error instanceof CoprError)) throw error;
    return failed(cleanText(error.message), error.hint);
  }
}
