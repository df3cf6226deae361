/** Longest wait of one timer, milliseconds; Node makes 1 ms of a longer one. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A point in time at which something is done, however far it is. Can be moved and given up. */
export class Deadline {
  readonly #onReached: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onReached: () => void) {
    this.#onReached = onReached;
  }

  /** Sets or moves it. @param atMs milliseconds as Date.now() counts them; one that has passed is reached at once */
  set(atMs: number): void {
    this.clear();
    const leftMs = Math.max(0, atMs - Date.now());
    this.#timer = setTimeout(() => (leftMs > MAX_TIMER_MS ? this.set(atMs) : this.#onReached()), Math.min(leftMs, MAX_TIMER_MS));
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
