/// <reference types="node" preserve="true" />
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { judgeAnswer, parseAnswer, receiveText } from "./answer.ts";
import { encodePath, encodeQuery, type QueryValue } from "./api-url.ts";
import type { Credentials } from "./authorization.ts";
import { connectionError, mayRepeat, uploadTooLarge } from "./connection-errors.ts";
import { CoprError, errorCode } from "../errors.ts";
import { type HttpClient, type HttpResponse, loadHttpClient } from "./http-client.ts";
import type { MultipartBody } from "./multipart.ts";
import { isTurnedAway, Outage } from "./outage.ts";
import { followRedirects, type RequestBody } from "./redirects.ts";
import { requireFields } from "./required-fields.ts";
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
  /** A GET that is turned away waits, too. Default: who asks decides, for who watches has something to tell meanwhile. */
  isPatient?: boolean;
  /** Default: the transport's. */
  attempts?: number;
  signal?: AbortSignal;
}

/** An answer whose body is still to be read. */
export interface RawResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** That it breaks off is an error for who reads it, and for nobody else. */
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
  /** Whether the address is that of a frontend: it has answered a call as one does, in JSON, be it with an error. */
  readonly isReached: boolean;
  /**
   * Calls a route; resolves to the JSON answer. What changes something and is turned away for now (429, or 503 with
   * `Retry-After`) was not done: it is sent again after the wait that the server asks for, for half an hour at the most.
   * Throws RequestError, TimeoutError, AuthenticationError.
   */
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
  let loading: Promise<HttpClient> | undefined;
  let isReached = false;
  const client = (): Promise<HttpClient> => (loading ??= loadHttpClient(environment));

  async function send(request: ApiRequest, isRefused: boolean): Promise<{ response: HttpResponse; text: string }> {
    const headers: Record<string, string> = { "user-agent": userAgent, accept: "application/json, */*" };
    if (request.auth) Object.assign(headers, await credentials?.headers(isRefused));
    const { data } = await followRedirects(await client(), new URL(`${apiUrl}${encodePath(request.path)}${encodeQuery(request.query)}`), {
      method: request.method,
      headers,
      body: () => bodyOf(request),
      maxRedirects: MAX_REDIRECTS,
      signal: request.signal ?? options.signal,
      log,
      tellsQuery: true,
    });
    return { response: data, text: await receiveText(data.body, data.statusCode, apiUrl) };
  }

  return {
    coprUrl,
    get isReached() {
      return isReached;
    },
    async call<T>(request: ApiRequest): Promise<T> {
      const attempts = request.attempts ?? options.attempts ?? 1;
      const signal = request.signal ?? options.signal;
      const outage = new Outage();
      let isRefused = false;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { response, text } = await send(request, isRefused);
          isRefused = response.statusCode === 401;
          if (isRefused && attempt < attempts) continue;
          const { statusCode, statusText, headers } = response;
          if (statusCode === 413 && request.multipart) throw uploadTooLarge(apiUrl);
          const head = { method: request.method, statusCode, statusText, retryAfterMs: retryAfterMs(headers) };
          const parsed = parseAnswer(head, text);
          // What gateways and other web sites say has no such field.
          isReached ||= statusCode < 400 || "error" in parsed;
          const answer = judgeAnswer(head, parsed, text);
          requireFields(answer, request.needs ?? []);
          return answer as T;
        } catch (error) {
          const name = `${request.method} ${apiUrl}${encodePath(request.path)}`;
          if (isTurnedAway(error) && (request.method !== "GET" || request.isPatient)) {
            signal?.throwIfAborted();
            const { waitMs } = outage.note(error);
            log?.(`${name} is sent again in ${Math.ceil(waitMs / 1000)} s`);
            await sleep(waitMs, undefined, signal ? { signal } : {});
            // It was none of the attempts.
            attempt -= 1;
            continue;
          }
          if (error instanceof CoprError) throw error;
          signal?.throwIfAborted();
          log?.(`${name} attempt ${attempt} of ${attempts}: ${errorCode(error) ?? String(error)}`);
          if (attempt < attempts && mayRepeat(request.method, error)) {
            await sleep(options.retryDelayMs ?? RETRY_DELAY_MS, undefined, signal ? { signal } : {});
            continue;
          }
          throw connectionError(error, apiUrl, request.multipart !== undefined);
        }
      }
    },
    async get(url, { headers = {}, signal, maxRedirects = MAX_REDIRECTS } = {}) {
      const { data, url: finalUrl } = await followRedirects(await client(), new URL(url), {
        method: "GET",
        headers: { "user-agent": userAgent, ...headers },
        maxRedirects,
        signal: signal ?? options.signal,
        log,
        tellsQuery: false,
      });
      return { status: data.statusCode, headers: data.headers, body: data.body, url: finalUrl.href };
    },
    async close() {
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}

const RETRY_DELAY_MS = 5000;
const MAX_REDIRECTS = 5;

function bodyOf(request: ApiRequest): RequestBody | undefined {
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
