import { proxyFor } from "../../core/http/connection-settings.ts";
import { connectionError } from "../../core/http/connection-errors.ts";
import { receiveText } from "../../core/http/answer.ts";
import type { Client } from "../../core/client.ts";
import { CoprError } from "../../core/errors.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { duration } from "../format/duration.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** What a look at the server's API has shown. */
interface Look {
  finding: Finding;
  /** Milliseconds by which this machine's clock is ahead; undefined when the server does not tell the time. */
  aheadMs?: number | undefined;
}

/** Whether the server is a frontend that can be reached, through which proxy, and whether its clock agrees with ours. */
export async function* checkServer(client: Client): AsyncGenerator<Finding> {
  const { finding, aheadMs } = await lookAt(client);
  yield checkProxy(client.coprUrl, finding.state === "failed");
  yield finding;
  yield checkClock(aheadMs);
}

function checkProxy(url: string, isInTheWay: boolean): Finding {
  const { ok, warning } = findingsOf("proxy");
  const proxy = proxyFor(url, process.env);
  if (proxy === undefined) return ok("Requests go to the server without a proxy.");
  const message = `Requests go through the proxy ${withoutSecrets(proxy)}.`;
  if (!isInTheWay) return ok(message);
  return warning(message, `It may be in the way: try with no_proxy=${new URL(url).hostname}, or mend http_proxy and https_proxy.`);
}

async function lookAt(client: Client): Promise<Look> {
  const { ok, failed } = findingsOf("server");
  const url = `${client.coprUrl}/api_3/`;
  const before = Date.now();
  try {
    const { status, headers, body, url: finalUrl } = await client.get(url, { headers: { accept: "application/json" } });
    const after = Date.now();
    const text = await receiveText(body, status, url);
    const { date } = headers;
    const time = typeof date === "string" ? Date.parse(date) : Number.NaN;
    // The header has whole seconds, on average half of one is cut off.
    const aheadMs = Number.isNaN(time) ? undefined : (before + after) / 2 - (time + 500);
    const moved = new URL(finalUrl).host === new URL(url).host ? "" : ` It sends requests on to ${new URL(finalUrl).origin}.`;
    const version = versionIn(text);
    if (version !== undefined) return { finding: ok(`${client.coprUrl} answers, with version ${version} of the API.${moved}`), aheadMs };
    return { finding: noFrontend(client.coprUrl, status, text, moved), aheadMs };
  } catch (error) {
    const known = connectionError(error, url);
    if (!(known instanceof CoprError)) throw error;
    return { finding: failed(known.message, known.hint ?? "Check the address, the network and the proxy; the Copr may be down, too.") };
  }
}

function versionIn(text: string): number | string | undefined {
  try {
    const { version } = JSON.parse(text) as { version?: unknown };
    return typeof version === "number" || typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Pages that ask for a browser, whatever their status. */
const BOT_WALL = /anubis|captcha|challenge|not a (ro)?bot|checking your browser|making sure you|enable javascript|cloudflare/i;

function noFrontend(coprUrl: string, status: number, text: string, moved: string): Finding {
  const { failed } = findingsOf("server");
  const isPage = /<(!doctype|html|head|body)\b/i.test(text);
  if (isPage && BOT_WALL.test(text)) {
    return failed(
      `${coprUrl} answers with the page of a bot wall (HTTP ${status}) in place of the API.${moved}`,
      "A browser gets through, copr-cli does not: ask the administrators of the Copr to let its API through.",
    );
  }
  if (status === 407) return failed("The proxy wants a login (HTTP 407).", "Put user and password into https_proxy.");
  if (status >= 500) {
    return failed(`${coprUrl} has trouble (HTTP ${status}).${moved}`, "Try again later; its administrators may know more.");
  }
  const what = isPage ? "a web page" : "something else";
  return failed(
    `${coprUrl} is no Copr, or the address is wrong: it answers with ${what} (HTTP ${status}) in place of the API.${moved}`,
    "copr_url is the address of the start page, without /coprs or /api; a network that wants a login in the browser answers so, too.",
  );
}

/** Kerberos allows five minutes; certificates and tokens are judged by the clock, too. */
const TOLERATED_MS = 60_000;
const FATAL_MS = 300_000;

function checkClock(aheadMs: number | undefined): Finding {
  const { ok, warning, failed, skipped } = findingsOf("clock");
  if (aheadMs === undefined) return skipped("The server did not tell its time.");
  const size = Math.abs(aheadMs);
  if (size < TOLERATED_MS) return ok("This machine's clock agrees with the server's.");
  const message = `This machine's clock is ${duration(size / 1000)} ${aheadMs > 0 ? "ahead of" : "behind"} the server's.`;
  return (size < FATAL_MS ? warning : failed)(message, "Set it: timedatectl set-ntp true.");
}
