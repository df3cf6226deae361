import { RequestError } from "../errors.ts";

export interface OutageOptions {
  /** Wait after the first failure of a row, milliseconds; it doubles with each further one. Default a second. */
  firstWaitMs?: number | undefined;
  /** How long a row of failures may last, milliseconds; default half an hour. */
  maxOutageMs?: number | undefined;
}

/** A row of failures of one server: how long it has lasted, and when to ask again. */
export class Outage {
  #since: number | undefined;
  #tries = 0;
  readonly #firstWaitMs: number;
  readonly #maxOutageMs: number;

  constructor({ firstWaitMs = 1000, maxOutageMs = 30 * 60_000 }: OutageOptions = {}) {
    this.#firstWaitMs = firstWaitMs;
    this.#maxOutageMs = maxOutageMs;
  }

  /** The server has answered. */
  end(): void {
    this.#since = undefined;
    this.#tries = 0;
  }

  /** Takes note of a failure: how long to wait now, and whether it is the first of its row. Throws it when the row lasts too long. */
  note(error: RequestError): { waitMs: number; isFirst: boolean } {
    const now = Date.now();
    const isFirst = this.#since === undefined;
    this.#since ??= now;
    if (now - this.#since > this.#maxOutageMs) throw error;
    this.#tries += 1;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, this.#firstWaitMs * 2 ** (this.#tries - 1)) * (0.75 + Math.random() / 2);
    return { waitMs: Math.max(backoffMs, Math.min(error.retryAfterMs ?? 0, LONGEST_WAIT_MS)), isFirst };
  }
}

const LONGEST_BACKOFF_MS = 60_000;
/** A server that asks for more is asked again all the same. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Whether a server that fails like this may be well again after a while. */
export function isPassing(error: unknown): error is RequestError {
  if (!(error instanceof RequestError)) return false;
  const { status, page } = error;
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500 || page !== undefined;
}

/** Whether a server has turned a request away without looking at it, and says that it would take it later. */
export function isTurnedAway(error: unknown): error is RequestError {
  if (!(error instanceof RequestError)) return false;
  return error.status === 429 || (error.status === 503 && error.retryAfterMs !== undefined);
}
