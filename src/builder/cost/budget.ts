import { monotonicMs } from "./clock.ts";

/** What measuring may take. */
export interface Allowance {
  /** Of one processor. */
  share: number;
  /** Seconds of a processor that may be spent in advance: a short task is worth a good look as well. */
  advanceSeconds: number;
  /** More often than this tells nothing more. */
  leastMs: number;
}

/** Keeps measuring cheap: tells when the next look can be had for what the last ones have cost. */
export class Budget {
  readonly #allowance: Allowance;
  readonly #began = monotonicMs();
  #spentSeconds = 0;
  #lastSeconds = 0;

  /** Begins with the advance. */
  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

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
    const { share, advanceSeconds, leastMs } = this.#allowance;
    const earned = advanceSeconds + ((monotonicMs() - this.#began) / 1000) * share;
    return Math.max(leastMs, ((this.#spentSeconds + this.#lastSeconds - earned) / share) * 1000);
  }
}
