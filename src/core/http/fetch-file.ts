import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { disorderText, isConnectionError } from "./connection-errors.ts";
import { CoprError, describeFileError, errorCode, RequestError } from "../errors.ts";
import { removeTree } from "../files/remove-tree.ts";
import { withoutSecrets } from "../text/without-secrets.ts";
import { hostSentOnTo } from "./redirects.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { RawResponse, Transport } from "./transport.ts";

export interface FetchOptions {
  signal?: AbortSignal | undefined;
  /** More than this, after any redirect, is an error. */
  maxBytes: number;
  /** Tries, when the server is out of reach, answers 5xx, 408 or 429, or breaks off. Default 5. */
  attempts?: number | undefined;
  /** How long a server may take to begin its answer, milliseconds. Default: the transport's own, which suits big files. */
  answerLimitMs?: number | undefined;
  /** Told before each further try. */
  onRetry?: ((attempt: number, reason: string) => void) | undefined;
}

/**
 * GETs a small answer whole. Other statuses than 200 throw RequestError with the status. These answers say what is to
 * be done, so one that was asked for over TLS is not taken from a plain server it was redirected to (security: C26).
 */
export async function fetchText(transport: Transport, url: string, options: FetchOptions): Promise<string> {
  const chunks = await withRetries(url, options, async () => {
    const received: Buffer[] = [];
    const response = await request(transport, url, options);
    if (/^https:/i.test(url) && !/^https:/i.test(response.url)) {
      abandon(response);
      throw new CoprError(`${withoutSecrets(url)} redirects to the unprotected ${withoutSecrets(response.url)}`);
    }
    await receive(response, url, options, async (chunk) => {
      received.push(chunk);
    });
    return received;
  });
  return Buffer.concat(chunks).toString();
}

/** GETs a file to a path that must not exist yet; nothing is left there after a failure. */
export async function fetchToFile(transport: Transport, url: string, path: string, options: FetchOptions): Promise<void> {
  await withRetries(url, options, async () => {
    const response = await request(transport, url, options);
    // The name may come from a stranger: never through a link, never over what is there.
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644).catch(
      (error: unknown) => {
        abandon(response);
        throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
      },
    );
    let isComplete = false;
    try {
      await receive(response, url, options, async (chunk) => {
        await file.writeFile(chunk);
      });
      isComplete = true;
    } catch (error) {
      if (["ENOSPC", "EDQUOT", "EIO", "EFBIG"].includes(errorCode(error) ?? "")) {
        throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
      }
      throw error;
    } finally {
      await file.close();
      if (!isComplete) await removeTree(path);
    }
  });
}

/** A frontend that is started anew is away for most of a minute; upstream waits as long, but never just a moment. */
const WAITS_MS = [1000, 5000, 15_000, 30_000] as const;
/** A server that asks for more is asked again all the same. */
const LONGEST_WAIT_MS = 30_000;

async function request(transport: Transport, url: string, { signal, answerLimitMs }: FetchOptions): Promise<RawResponse> {
  const late = new AbortController();
  const timer = answerLimitMs === undefined ? undefined : setTimeout(() => late.abort(new LateAnswerError()), answerLimitMs);
  // Plain bytes: what is small on the wire stays small here (security: C37).
  const options = { headers: { "accept-encoding": "identity" }, signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal };
  const response = await transport
    .get(url, options)
    .catch((error: unknown) => {
      throw late.signal.aborted ? late.signal.reason : error;
    })
    .finally(() => clearTimeout(timer));
  if (response.status === 200) return response;
  abandon(response);
  const { host } = new URL(response.url);
  throw new RequestError(`The server answered ${response.status} for ${withoutSecrets(url)}`, {
    status: response.status,
    retryAfterMs: retryAfterMs(response.headers),
    ...(host === new URL(url).host ? {} : { host }),
  });
}

/** The server took too long to begin its answer. */
export class LateAnswerError extends Error {
  override readonly message = "no answer in time";
}

/** Reads no more of an answer, which may be endless. */
function abandon(response: RawResponse): void {
  response.body.destroy();
}

async function receive(
  response: RawResponse,
  url: string,
  { maxBytes }: FetchOptions,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.body.destroy();
      throw new CoprError(`The answer to ${withoutSecrets(url)} is larger than ${maxBytes} bytes`);
    }
    await take(chunk);
  }
}

async function withRetries<T>(url: string, { attempts = 5, signal, onRetry }: FetchOptions, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const reason = reasonOf(error, url);
      if (attempt >= attempts || !mayRecover(error)) {
        if (error instanceof CoprError) throw error;
        throw new RequestError(reason, { cause: error, host: hostSentOnTo(error) });
      }
      onRetry?.(attempt, reason);
      // The wait would end with an error of its own instead of the signal's reason.
      const askedMs = error instanceof RequestError ? (error.retryAfterMs ?? 0) : 0;
      const waitMs = Math.max(WAITS_MS[attempt - 1] ?? LONGEST_WAIT_MS, Math.min(askedMs, LONGEST_WAIT_MS));
      await sleep(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
}

function mayRecover(error: unknown): boolean {
  if (error instanceof RequestError) return error.status >= 500 || error.status === 408 || error.status === 429;
  return error instanceof LateAnswerError || isConnectionError(error);
}

function reasonOf(error: unknown, url: string): string {
  if (error instanceof CoprError) return error.message;
  const code = errorCode(error);
  const why: Record<string, string> = {
    ECONNREFUSED: "the connection was refused",
    ENOTFOUND: "the host name is not known",
    EAI_AGAIN: "the host name could not be looked up",
    ECONNRESET: "the connection was broken off",
    UND_ERR_SOCKET: "the connection was broken off",
    UND_ERR_CONNECT_TIMEOUT: "no connection in time",
    UND_ERR_HEADERS_TIMEOUT: "no answer in time",
    UND_ERR_BODY_TIMEOUT: "the answer stopped",
  };
  const told = (code && why[code]) || disorderText(error, hostSentOnTo(error) ?? new URL(url).host);
  return `Cannot fetch ${withoutSecrets(url)}: ${told ?? (error instanceof Error ? error.message : String(error))}`;
}
