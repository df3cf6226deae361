import { setTimeout as sleep } from "node:timers/promises";

/** What several who ask one server together may ask of it: a request every so often on the average, some at once at the beginning. */
export class RequestBudget {
  readonly #everyMs: number;
  readonly #burst: number;
  /** When the last request that was granted is due at the average rate. */
  #due = Number.NEGATIVE_INFINITY;

  /** @param burst so many may come at once where none came for as long as they take at the average rate */
  constructor({ everyMs, burst }: { everyMs: number; burst: number }) {
    this.#everyMs = everyMs;
    this.#burst = burst;
  }

  /** Resolves when the next request may be made; those who wait get their turns in the order in which they came. */
  async take(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#due = Math.max(this.#due, now - this.#burst * this.#everyMs) + this.#everyMs;
    const waitMs = this.#due - now;
    if (waitMs > 0) await sleep(waitMs, undefined, signal ? { signal } : {});
  }
}
