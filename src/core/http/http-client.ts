import type { Dispatcher } from "undici";
import { certificateAuthorities, type Environment, proxiesOf } from "./connection-settings.ts";

/** undici, as far as it is used: it is loaded here and nowhere else. */
export interface HttpClient {
  /** One request; a redirect is an answer. Throws the library's errors. */
  request(options: Dispatcher.RequestOptions): Promise<HttpResponse>;
  /** Breaks off what is still under way. */
  close(): Promise<void>;
}

/** The beginning of an answer, with its body still to be read. */
export type HttpResponse = Dispatcher.ResponseData;

/**
 * Loads the HTTP client, with the proxies and certificates that the environment names.
 * Throws CoprError when the certificates can't be read.
 */
export async function loadHttpClient(environment: Environment): Promise<HttpClient> {
  const { default: request } = await import("undici/lib/api/api-request.js");
  const dispatcher = await makeDispatcher(environment);
  return { request: (options) => request.call(dispatcher, options), close: () => dispatcher.destroy() };
}

const CONNECT_TIMEOUT_MS = 30_000;
/** Large lists take the frontend minutes. */
const HEADERS_TIMEOUT_MS = 300_000;
const BODY_TIMEOUT_MS = 120_000;

async function makeDispatcher(environment: Environment): Promise<Dispatcher> {
  const authorities = await certificateAuthorities(environment);
  const options = {
    connect: { timeout: CONNECT_TIMEOUT_MS, ...authorities },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  };
  const proxy = proxiesOf(environment);
  if (!proxy) {
    const { default: Agent } = await import("undici/lib/dispatcher/agent.js");
    return new Agent(options);
  }
  const { default: EnvHttpProxyAgent } = await import("undici/lib/dispatcher/env-http-proxy-agent.js");
  const { default: connect } = await import("undici/lib/api/api-connect.js");
  const { default: DispatcherBase } = await import("undici/lib/dispatcher/dispatcher.js");
  // undici's index does this; the tunnel for https asks for it.
  DispatcherBase.prototype.connect = connect;
  return new EnvHttpProxyAgent({ ...options, ...proxy, proxyTunnel: false, requestTls: authorities, proxyTls: authorities });
}
