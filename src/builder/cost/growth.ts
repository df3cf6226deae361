import { highestMemory, type ProcessUsage, readUsage } from "../../core/process/usage.ts";
import { Budget } from "./budget.ts";
import { shownName } from "./memory-estimate.ts";

/** A process that has not grown for so many glances has had its peak, or is seen at the next look. */
const PATIENCE = 4;

/** A process that has grown. */
export interface Grown {
  pid: number;
  /** The program that it is now: it may have begun another one since the last look. */
  name: string;
  /** The most resident memory that it had as this program. */
  bytes: number;
  /** That much more than at the glance before. */
  by: number;
}

/**
 * Glances at one growing process between two looks at all: a compiler needs a second for its memory and is gone with it, and
 * nobody is told later what it had.
 */
export class Growth {
  readonly #budget = new Budget({ share: 0.003, advanceSeconds: 0.03, leastMs: 20 });
  readonly #grew: (grown: Grown) => void;
  #pid = 0;
  #startTime = 0;
  #highest = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param grew is told whenever the process has become larger than it ever was */
  constructor(grew: (grown: Grown) => void) {
    this.#grew = grew;
  }

  /** From now on this process is glanced at, which had at most so many bytes until now, as long as it grows. */
  follow({ pid, startTime }: Pick<ProcessUsage, "pid" | "startTime">, highest: number): void {
    if (pid === this.#pid && startTime === this.#startTime && highest === this.#highest) return;
    this.stop();
    this.#pid = pid;
    this.#startTime = startTime;
    this.#highest = highest;
    this.#glanceLater(PATIENCE);
  }

  /** Ends the glances. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #glanceLater(patience: number): void {
    this.#timer = setTimeout(() => {
      const hasGrown = this.#budget.spend(() => this.#glance());
      if (hasGrown !== undefined && patience > 0) this.#glanceLater(hasGrown ? PATIENCE : patience - 1);
    }, this.#budget.waitMs).unref();
  }

  /** Whether the process has grown; undefined when it is gone, or has begun another program and is as good as gone. */
  #glance(): boolean | undefined {
    const highest = highestMemory(this.#pid);
    if (highest === undefined || highest < this.#highest) return undefined;
    const by = highest - this.#highest;
    this.#highest = highest;
    if (by <= 0) return false;
    // Its number may be that of another by now, which need not be of the task.
    const now = readUsage(this.#pid);
    if (now?.startTime !== this.#startTime) return undefined;
    this.#grew({ pid: this.#pid, name: shownName(now), bytes: highest, by });
    return true;
  }
}
