import { RequestError } from "../errors.ts";
import type { HttpClient, HttpResponse } from "./http-client.ts";

/** What goes with a request. */
export interface RequestBody {
  headers: Record<string, string>;
  content: unknown;
}

/** One request, and what is done where it is sent on. */
export interface Exchange {
  method: string;
  headers: Record<string, string>;
  /** Called at each request that has a body, so that it can be sent again whole. */
  body?: () => RequestBody | undefined;
  /** With 0 a redirect is the answer. */
  maxRedirects: number;
  signal: AbortSignal | undefined;
  /** Told of each request in one line. */
  log: ((line: string) => void) | undefined;
  /** Whether queries may be told: that of another server's address may be a signature. */
  tellsQuery: boolean;
}

/**
 * Sends a request to where the server sends it on; resolves to the last answer and its address.
 * Throws RequestError for redirects that can't or must not be followed, and the HTTP library's errors.
 */
export async function followRedirects(
  client: HttpClient,
  start: URL,
  { method: firstMethod, headers, body: makeBody, maxRedirects, signal, log, tellsQuery }: Exchange,
): Promise<{ data: HttpResponse; url: URL }> {
  let url = start;
  let method = firstMethod;
  let withBody = true;
  for (let redirects = 0; ; redirects += 1) {
    const body = withBody ? makeBody?.() : undefined;
    const data = await client
      .request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { ...headers, ...body?.headers },
        ...(body ? { body: body.content as never } : {}),
        ...(signal ? { signal } : {}),
      })
      .catch((error: unknown) => {
        if (redirects > 0 && error instanceof Error) failedAt.set(error, url.host);
        throw error;
      });
    log?.(`${method} ${url.origin}${url.pathname}${tellsQuery ? url.search : ""} ${data.statusCode}`);
    // Whoever stops reading hears of it no more; without this Node would end the program.
    data.body.on("error", () => undefined);
    const location = data.headers["location"];
    if (maxRedirects === 0 || ![301, 302, 303, 307, 308].includes(data.statusCode) || typeof location !== "string") return { data, url };
    await data.body.dump();
    if (redirects >= maxRedirects) throw new RequestError(`Too many redirects from ${start.origin}`, { status: data.statusCode });
    if (!URL.canParse(location, url.href))
      throw new RequestError(`${url.origin} redirects to an address that is none`, { status: data.statusCode });
    const target = new URL(location, url);
    if (!/^https?:$/.test(target.protocol)) throw new RequestError(`Refusing the redirect to '${target.protocol}' from ${url.origin}`);
    // As upstream's HTTP library: 303 always, 301 and 302 for POST, become GET; credentials stay on their host.
    if (data.statusCode === 303 || (data.statusCode < 303 && method === "POST")) {
      method = "GET";
      withBody = false;
    }
    if (!isSameServer(url, target)) {
      delete headers["authorization"];
      delete headers["cookie"];
    }
    url = target;
  }
}

const failedAt = new WeakMap<Error, string>();

/** The host that did not answer as an error tells, where that is another one than was asked, as the first had sent the request on. */
export function hostSentOnTo(error: unknown): string | undefined {
  return error instanceof Error ? failedAt.get(error) : undefined;
}

/** Whether credentials may follow: the same server, or the same host moved from http to https on the default ports. */
function isSameServer(from: URL, to: URL): boolean {
  const isUpgrade = from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  return from.origin === to.origin || (isUpgrade && from.hostname === to.hostname);
}
