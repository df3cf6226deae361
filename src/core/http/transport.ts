/// <reference types="node" preserve="true" />
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { readAnswer, requireFields } from "./answer.ts";
import { encodePath, encodeQuery, type QueryValue } from "./api-url.ts";
import type { Credentials } from "./authorization.ts";
import { connectionError, mayRepeat, uploadTooLarge } from "./connection-errors.ts";
import { CoprError, errorCode, RequestError } from "../errors.ts";
import type { MultipartBody } from "./multipart.ts";
import { retryAfterMs } from "./retry-after.ts";

/** One call of an API v3 route. */
export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below `/api_3/` in segments; each is encoded. */
  path: readonly (string | number)[];
  query?: Readonly<Record<string, QueryValue>>;
  json?: unknown;
  multipart?: MultipartBody;
  onProgress?: (sentBytes: number) => void;
  /** Fields the answer must have. */
  needs?: readonly string[];
  /** Sends the credentials. */
  auth?: boolean;
  /** Default: the transport's. */
  attempts?: number;
  signal?: AbortSignal;
}

/** An answer whose body is still to be read. */
export interface RawResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
  /** Address after redirects. */
  url: string;
}

/** A GET of any address. */
export interface RawRequest {
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  /** With 0 a redirect is the answer. */
  maxRedirects?: number;
}

/** Calls routes of one frontend. Made by `createTransport`. */
export interface Transport {
  /** Address of the frontend, without `/api_3`. */
  readonly coprUrl: string;
  /** Calls a route; resolves to the JSON answer. Throws RequestError, TimeoutError, AuthenticationError. */
  call<T>(request: ApiRequest): Promise<T>;
  /** GETs any address, e.g. a result file, without credentials. Any status is an answer. */
  get(url: string, request?: RawRequest): Promise<RawResponse>;
  close(): Promise<void>;
}

export interface TransportOptions {
  coprUrl: string;
  userAgent: string;
  credentials?: Credentials;
  /** How often a call is tried when the connection fails or the frontend answers 401. */
  attempts?: number;
  /** Wait between tries when the connection fails, milliseconds. */
  retryDelayMs?: number;
  /** Ends every call. */
  signal?: AbortSignal;
  environment?: Readonly<Record<string, string | undefined>>;
  /** Told of each exchange in one line without secrets. */
  log?: (line: string) => void;
}

/** A transport to a frontend. Nothing is loaded or connected before the first call. */
export function createTransport(options: TransportOptions): Transport {
  const { coprUrl, userAgent, credentials, environment = process.env, log } = options;
  const apiUrl = `${coprUrl.replace(/\/+$/, "")}/api_3/`;
  let loading: Promise<Client> | undefined;
  const client = (): Promise<Client> => (loading ??= loadClient(environment));

  async function send(request: ApiRequest, isRefused: boolean): Promise<{ response: Dispatcher.ResponseData; text: string }> {
    const headers: Record<string, string> = { "user-agent": userAgent, accept: "application/json, */*" };
    if (request.auth) Object.assign(headers, await credentials?.headers(isRefused));
    const { dispatcher, request: undiciRequest } = await client();
    const response = await followRedirects(
      dispatcher,
      undiciRequest,
      new URL(`${apiUrl}${encodePath(request.path)}${encodeQuery(request.query)}`),
      {
        method: request.method,
        headers,
        request,
        maxRedirects: MAX_REDIRECTS,
        signal: request.signal ?? options.signal,
        log,
      },
    );
    return { response: response.data, text: await response.data.body.text() };
  }

  return {
    coprUrl,
    async call<T>(request: ApiRequest): Promise<T> {
      const attempts = request.attempts ?? options.attempts ?? 1;
      let isRefused = false;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { response, text } = await send(request, isRefused);
          isRefused = response.statusCode === 401;
          if (isRefused && attempt < attempts) continue;
          const { statusCode, statusText, headers } = response;
          if (statusCode === 413 && request.multipart) throw uploadTooLarge(apiUrl);
          const answer = readAnswer(
            { method: request.method, statusCode, statusText, retryAfterMs: retryAfterMs(headers["retry-after"]) },
            text,
          );
          requireFields(answer, request.needs ?? []);
          return answer as T;
        } catch (error) {
          if (error instanceof CoprError) throw error;
          const signal = request.signal ?? options.signal;
          signal?.throwIfAborted();
          log?.(
            `${request.method} ${apiUrl}${encodePath(request.path)} attempt ${attempt} of ${attempts}: ${errorCode(error) ?? String(error)}`,
          );
          if (attempt < attempts && mayRepeat(request.method, error)) {
            await sleep(options.retryDelayMs ?? RETRY_DELAY_MS, undefined, signal ? { signal } : {});
            continue;
          }
          throw connectionError(error, apiUrl, request.multipart !== undefined);
        }
      }
    },
    async get(url, { headers = {}, signal, maxRedirects = MAX_REDIRECTS } = {}) {
      const { dispatcher, request } = await client();
      const { data, url: finalUrl } = await followRedirects(dispatcher, request, new URL(url), {
        method: "GET",
        headers: { "user-agent": userAgent, ...headers },
        maxRedirects,
        signal: signal ?? options.signal,
        log,
      });
      return { status: data.statusCode, headers: data.headers, body: data.body, url: finalUrl.href };
    },
    async close() {
      await (await loading?.catch(() => undefined))?.dispatcher.destroy();
    },
  };
}

const RETRY_DELAY_MS = 5000;
const MAX_REDIRECTS = 5;
const CONNECT_TIMEOUT_MS = 30_000;
/** Large lists take the frontend minutes. */
const HEADERS_TIMEOUT_MS = 300_000;
const BODY_TIMEOUT_MS = 120_000;

interface Client {
  dispatcher: Dispatcher;
  request: (this: Dispatcher, options: Dispatcher.RequestOptions) => Promise<Dispatcher.ResponseData>;
}

async function loadClient(environment: Readonly<Record<string, string | undefined>>): Promise<Client> {
  const { default: request } = await import("undici/lib/api/api-request.js");
  const authorities = await certificateAuthorities(environment);
  const options = {
    connect: { timeout: CONNECT_TIMEOUT_MS, ...authorities },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  };
  const proxy = proxiesOf(environment);
  if (proxy) {
    const { default: EnvHttpProxyAgent } = await import("undici/lib/dispatcher/env-http-proxy-agent.js");
    const { default: connect } = await import("undici/lib/api/api-connect.js");
    const { default: DispatcherBase } = await import("undici/lib/dispatcher/dispatcher.js");
    // undici's index does this; the tunnel for https asks for it.
    DispatcherBase.prototype.connect = connect;
    return {
      dispatcher: new EnvHttpProxyAgent({ ...options, ...proxy, proxyTunnel: false, requestTls: authorities, proxyTls: authorities }),
      request,
    };
  }
  const { default: Agent } = await import("undici/lib/dispatcher/agent.js");
  return { dispatcher: new Agent(options), request };
}

/** The variables that Python's requests, and curl, look at. */
async function certificateAuthorities(environment: Readonly<Record<string, string | undefined>>): Promise<{ ca?: Buffer }> {
  const path = environment["REQUESTS_CA_BUNDLE"] || environment["CURL_CA_BUNDLE"] || environment["SSL_CERT_FILE"];
  if (!path) return {};
  const { readFile } = await import("node:fs/promises");
  const ca = await readFile(path).catch((cause: unknown) => {
    throw new CoprError(`Cannot read the certificates in '${path}'`, { cause, hint: "See REQUESTS_CA_BUNDLE and SSL_CERT_FILE." });
  });
  return { ca };
}

function proxiesOf(environment: Readonly<Record<string, string | undefined>>) {
  const value = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()] || undefined;
  const all = value("all_proxy");
  const httpProxy = value("http_proxy") ?? all;
  const httpsProxy = value("https_proxy") ?? all;
  if (!httpProxy && !httpsProxy) return undefined;
  const noProxy = value("no_proxy");
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

interface Exchange {
  method: string;
  headers: Record<string, string>;
  request?: ApiRequest;
  maxRedirects: number;
  signal: AbortSignal | undefined;
  log: ((line: string) => void) | undefined;
}

async function followRedirects(
  dispatcher: Dispatcher,
  undiciRequest: Client["request"],
  start: URL,
  { method: firstMethod, headers, request, maxRedirects, signal, log }: Exchange,
): Promise<{ data: Dispatcher.ResponseData; url: URL }> {
  let url = start;
  let method = firstMethod;
  let withBody = true;
  for (let redirects = 0; ; redirects += 1) {
    const body = withBody && request ? bodyOf(request) : undefined;
    const data = await undiciRequest.call(dispatcher, {
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { ...headers, ...body?.headers },
      ...(body ? { body: body.content as never } : {}),
      ...(signal ? { signal } : {}),
    });
    // The query of another server's address may be a signature.
    log?.(`${method} ${url.origin}${url.pathname}${request ? url.search : ""} ${data.statusCode}`);
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

/** Whether credentials may follow: the same server, or the same host moved from http to https on the default ports. */
function isSameServer(from: URL, to: URL): boolean {
  const isUpgrade = from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  return from.origin === to.origin || (isUpgrade && from.hostname === to.hostname);
}

function bodyOf(request: ApiRequest): { headers: Record<string, string>; content: unknown } | undefined {
  if (request.multipart) {
    const { contentType, contentLength } = request.multipart;
    return {
      headers: { "content-type": contentType, "content-length": String(contentLength) },
      content: request.multipart.stream(request.onProgress),
    };
  }
  if (request.json !== undefined) {
    return { headers: { "content-type": "application/json" }, content: JSON.stringify(request.json) };
  }
  // The real server wants a length, also of nothing.
  return request.method === "GET" ? undefined : { headers: { "content-length": "0" }, content: null };
}
