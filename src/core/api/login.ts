import { readAnswer, receiveText } from "../http/answer.ts";
import { RequestError } from "../errors.ts";
import type { RawRequest, RawResponse, Transport } from "../http/transport.ts";

/** A login by Kerberos. */
export interface GssapiLogin {
  id: number;
  name: string;
  /** Value of the cookie `session`, which proves the login from now on. */
  session: string;
  /** The server's own proof, base64 of a SPNEGO token; not every server sends one. */
  proof: string | undefined;
}

/** Logs in by Kerberos. `ticket` is base64 of a SPNEGO token for the service `HTTP@<host of the frontend>`. */
export async function gssapiLogin(transport: Transport, ticket: string): Promise<GssapiLogin> {
  const { response, text } = await negotiate(transport, "gssapi_login/", ticket);
  const answer = readAnswer({ method: "GET", statusCode: response.status }, text);
  const { id, name } = answer as { id: number; name: string };
  return { id, name, session: sessionOf(response), proof: proofOf(response) };
}

/** The same for a browser: the frontend sends it on to the page at `location`. */
export async function gssapiWebLogin(transport: Transport, ticket: string): Promise<{ location: string; session: string }> {
  const { response, text } = await negotiate(transport, "gssapi_login/web-ui", ticket, { maxRedirects: 0 });
  const { location } = response.headers;
  if (response.status < 300 || response.status >= 400 || typeof location !== "string") {
    readAnswer({ method: "GET", statusCode: response.status }, text);
    throw new RequestError("The frontend did not send the browser on after the login.", { status: response.status });
  }
  return { location: new URL(location, response.url).href, session: sessionOf(response) };
}

/** The answer and its text. */
async function negotiate(
  transport: Transport,
  route: string,
  ticket: string,
  request: RawRequest = {},
): Promise<{ response: RawResponse; text: string }> {
  const apiUrl = `${transport.coprUrl.replace(/\/+$/, "")}/api_3/`;
  const headers = { authorization: `Negotiate ${ticket}`, accept: "application/json, */*" };
  try {
    const response = await transport.get(`${apiUrl}${route}`, { ...request, headers });
    return { response, text: await receiveText(response.body, response.status, apiUrl) };
  } catch (error) {
    // Loaded here only, so that commands that need no connection start without it.
    const { connectionError } = await import("../http/connection-errors.ts");
    throw connectionError(error, apiUrl);
  }
}

function sessionOf({ status, headers }: RawResponse): string {
  const cookies = [headers["set-cookie"] ?? []].flat();
  const session = cookies.map((cookie) => /^session=([^;]+)/.exec(cookie)?.[1]).find(Boolean);
  if (session === undefined) throw new RequestError("The frontend did not start a session.", { status });
  return session;
}

function proofOf({ headers }: RawResponse): string | undefined {
  const challenges = [headers["www-authenticate"] ?? []].flat();
  return challenges.map((challenge) => /^Negotiate ([\w+/=]+)/i.exec(challenge)?.[1]).find(Boolean);
}
