import { certificateVariable, proxyFor } from "../../core/http/connection-settings.ts";
import { type ServerCertificate, serverCertificate } from "../../core/http/server-certificate.ts";
import { CoprError, errorCode } from "../../core/errors.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { type Finding, findingsOf } from "./finding.ts";

const DAY_MS = 86_400_000;
/** Authorities renew certificates of 90 days when they have a month left: with less than this the renewal does not work. */
const SOON_DAYS = 14;

const { ok, warning, failed, skipped } = findingsOf("certificate");

/** Whether the server's certificate is trusted, is for this server, and for how long. */
export async function checkCertificate(url: string): Promise<Finding> {
  if (/^http:/i.test(url)) {
    const isLocal = /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);
    if (isLocal) return skipped("The connection is not encrypted, and stays on this machine.");
    return warning("The connection is not encrypted: who is on the way can read the API token.", "Use the https address of the Copr.");
  }
  if (proxyFor(url, process.env) !== undefined) return skipped("It is not looked at through a proxy.");
  try {
    return judge(await serverCertificate(url, process.env), new URL(url).hostname);
  } catch (error) {
    if (error instanceof CoprError) return failed(error.message, error.hint);
    return skipped(`The server shows none (${errorCode(error) ?? (error as Error).message}).`);
  }
}

function judge({ validTo, validFrom, issuer, names, problem }: ServerCertificate, host: string): Finding {
  const [begin, end] = [validFrom, validTo].map((date) => date.toISOString().slice(0, 10));
  const admins = "The administrators of the Copr have to renew it; if this machine's clock is wrong, set that.";
  if (problem !== undefined && validTo.getTime() < Date.now()) return failed(`The server's certificate expired on ${end}.`, admins);
  if (problem !== undefined && validFrom.getTime() > Date.now()) {
    return failed(`The server's certificate is good from ${begin} on only.`, "Is this machine's clock right?");
  }
  if (problem === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return failed(
      cleanText(`The server's certificate is for ${names}, and not for ${host}.`),
      "Check copr_url; a proxy or a login page of the network may answer, too.",
    );
  }
  if (problem !== undefined) {
    return failed(
      cleanText(`The server's certificate is signed by ${issuer}, whom this machine does not trust (${problem}).`),
      trustAdvice(),
    );
  }
  const days = Math.floor((validTo.getTime() - Date.now()) / DAY_MS);
  if (days < SOON_DAYS)
    return warning(`The server's certificate expires in ${days} days, on ${end}.`, "Tell the administrators of the Copr.");
  return ok(`The server's certificate is trusted, and good until ${end}.`);
}

function trustAdvice(): string {
  const variable = certificateVariable(process.env);
  if (variable === undefined) return "If you know the authority, let REQUESTS_CA_BUNDLE name a file with its certificate.";
  return `${variable} names the file ${process.env[variable]}, which lacks that authority or is old: renew the file, or unset the variable.`;
}
