import { setTimeout as sleep } from "node:timers/promises";
import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";

/** How a server in trouble is borne with. */
export interface OutageOptions {
  signal?: AbortSignal;
  /** Told once for each row of failures, with the reason. */
  onTrouble?: (reason: string) => void;
  /** How long the frontend may be out of reach before the watch gives up, milliseconds; default half an hour. */
  maxOutageMs?: number;
}

/** A server that asks for more is asked again all the same. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Counts how long the frontend has been out of reach, and waits before it is asked again. */
export class Outage {
  #since: number | undefined;
  #tries = 0;
  readonly #transport: Transport;
  readonly #options: OutageOptions;

  constructor(transport: Transport, options: OutageOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  /** The call's result, or undefined after a wait when the server is in trouble. Other errors are thrown. */
  async guard<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await call();
      this.#since = undefined;
      this.#tries = 0;
      return result;
    } catch (error) {
      // A wrong address never gets better.
      if (!isPassing(error) || !this.#transport.isReached) throw error;
      const now = Date.now();
      if (this.#since === undefined) this.#options.onTrouble?.(error.message.split("\n", 1)[0] as string);
      this.#since ??= now;
      if (now - this.#since > (this.#options.maxOutageMs ?? 30 * 60_000)) throw error;
      this.#tries += 1;
      const backoffMs = Math.min(60_000, 1000 * 2 ** (this.#tries - 1)) * (0.75 + Math.random() / 2);
      const askedMs = error.retryAfterMs ?? 0;
      const { signal } = this.#options;
      await sleep(Math.max(backoffMs, Math.min(askedMs, LONGEST_WAIT_MS)), undefined, signal ? { signal } : {});
      return undefined;
    }
  }
}

function isPassing(error: unknown): error is RequestError {
  if (!(error instanceof RequestError)) return false;
  const { status, page } = error;
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500 || page !== undefined;
}
