/** What a process has used of something, as far as the kernel tells. */
export interface Used {
  parent: number;
  /** Clock ticks since boot at which it began. */
  startTime: number;
  /** Its own, if that is told apart from its children's. */
  own: number;
  /** That of the children it has waited for, and with them of theirs. */
  reaped: number;
}

/**
 * Adds up what the processes of a task use, none of it twice. When a process is waited for, the kernel adds what it used to
 * what its parent's children used, and so on up to the builder, whose own figure is exact in the end. Only who is waited
 * for by nobody of the task, as a daemon is not, counts with what was seen last.
 */
export class ReapedAccount {
  readonly #self: number;
  readonly #reapedBefore: number;
  readonly #noise: number;
  #reaped: number;
  #last: ReadonlyMap<number, Used> = new Map();
  #lost = 0;

  /**
   * @param self the builder's pid
   * @param reaped what its children have used so far
   * @param noise by how much figures of one time may differ from those of another without a reason
   */
  constructor(self: number, reaped: number, noise: number) {
    this.#self = self;
    this.#reapedBefore = reaped;
    this.#reaped = reaped;
    this.#noise = noise;
  }

  /** Takes what the processes of the task have used by now, by their pid. */
  update(reaped: number, now: ReadonlyMap<number, Used>): void {
    const grown = (pid: number): number | undefined => {
      if (pid === this.#self) return reaped - this.#reaped;
      const used = now.get(pid);
      return used && used.reaped - (isSame(this.#last.get(pid), used) ? (this.#last.get(pid)?.reaped ?? 0) : 0);
    };
    for (const [parent, owed] of this.#owed(now)) {
      const missing = owed - (grown(parent) ?? 0);
      if (missing > this.#noise) this.#lost += missing;
    }
    this.#reaped = reaped;
    this.#last = now;
  }

  /** All that was used since the account was opened. */
  get total(): number {
    let total = this.#reaped - this.#reapedBefore + this.#lost;
    for (const { own, reaped } of this.#last.values()) total += own + reaped;
    return Math.max(0, total);
  }

  /** What those that have gone had used, by the nearest of their ancestors that is still there or never was one of ours. */
  #owed(now: ReadonlyMap<number, Used>): Map<number, number> {
    const isGone = (pid: number): boolean => this.#last.has(pid) && !isSame(this.#last.get(pid), now.get(pid));
    const owed = new Map<number, number>();
    for (const [pid, { own, reaped }] of this.#last) {
      if (!isGone(pid)) continue;
      let heir = this.#last.get(pid)?.parent ?? 0;
      // Pids are used again, so a circle is possible, if hardly.
      for (let steps = 0; isGone(heir) && steps < MAX_DEPTH; steps += 1) heir = this.#last.get(heir)?.parent ?? 0;
      owed.set(heir, (owed.get(heir) ?? 0) + own + reaped);
    }
    return owed;
  }
}

const MAX_DEPTH = 1000;

function isSame(one: Used | undefined, other: Used | undefined): boolean {
  return one !== undefined && other !== undefined && one.startTime === other.startTime;
}
