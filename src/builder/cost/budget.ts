/** How much of one processor the measuring may take, a hundredth being what is promised. */
const SHARE = 0.006;
/** So much may be spent in advance: a short task is worth a good look as well. */
const ADVANCE_SECONDS = 0.02;
/** More often than this tells nothing more. */
const LEAST_MS = 100;

/** Keeps the measuring cheap: tells when the next look can be had for what the last ones have cost. */
export class Budget {
  readonly #began = performance.now();
  #spentSeconds = 0;
  #lastSeconds = 0;

  /** Does something at the expense of the budget. */
  spend<Result>(work: () => Result): Result {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    this.#lastSeconds = (user + system) / 1e6;
    this.#spentSeconds += this.#lastSeconds;
    return result;
  }

  /** Milliseconds to wait until there is enough for as much as the last time. */
  get waitMs(): number {
    const earned = ADVANCE_SECONDS + ((performance.now() - this.#began) / 1000) * SHARE;
    return Math.max(LEAST_MS, ((this.#spentSeconds + this.#lastSeconds - earned) / SHARE) * 1000);
  }
}
