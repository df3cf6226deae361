import { readFileSync, statSync } from "node:fs";
import type { OutputWatcher } from "../task/task-context.ts";

/** How mock's line begins that says that the packages are built from here on; before that it sets the chroot up. */
const MARK = "Start: rpmbuild ";
/** A longer line is none of them: names of packages are shorter. */
const MAX_LINE_BYTES = 1024;
const LINE_FEED = 0x0a;

/**
 * Finds the place in mock's output where a chroot is set up and the build begins. The output may be a stranger's, who can
 * print what mock prints; so the line is believed only when mock's own state.log, which no chroot can write to, says the same.
 * mock writes there first.
 */
export class BuildStart implements OutputWatcher {
  readonly #stateLog: string;
  readonly #enter: () => Promise<void>;
  #held = Buffer.alloc(0);
  #hasBegun = false;
  /** mock's line, when its own log has it. */
  #line: string | undefined;
  #knownSize = -1;
  /** Settled when what `enter` began is done. */
  entered: Promise<void> = Promise.resolve();

  /** @param enter called once, between two lines */
  constructor(stateLog: string, enter: () => Promise<void>) {
    this.#stateLog = stateLog;
    this.#enter = enter;
  }

  push(chunk: Buffer, passOn: (bytes: Buffer) => void): void {
    if (this.#hasBegun) return passOn(chunk);
    const all = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const found = this.#find(all);
    if (found >= 0) {
      const line = all.lastIndexOf(LINE_FEED, found) + 1;
      passOn(all.subarray(0, line));
      this.#begin();
      passOn(all.subarray(line));
      return;
    }
    const lastLine = all.subarray(all.lastIndexOf(LINE_FEED) + 1);
    const mayBeIt = lastLine.length <= MAX_LINE_BYTES && isBeginning(lastLine.toString("latin1"), MARK);
    this.#held = mayBeIt ? Buffer.from(lastLine) : Buffer.alloc(0);
    passOn(all.subarray(0, all.length - this.#held.length));
  }

  end(passOn: (bytes: Buffer) => void): void {
    const held = this.#held;
    if (!this.#hasBegun && (this.#line ?? this.#readStateLog()) !== undefined) this.#begin();
    passOn(held);
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#held = Buffer.alloc(0);
    this.entered = this.#enter();
    // Whoever waits for it hears of a failure.
    this.entered.catch(() => undefined);
  }

  #find(bytes: Buffer): number {
    if (this.#line === undefined && bytes.includes(MARK)) this.#line = this.#readStateLog();
    return this.#line === undefined ? -1 : bytes.indexOf(this.#line);
  }

  /** Cheap however often it is asked: a build can make its output full of such lines. */
  #readStateLog(): string | undefined {
    try {
      const { size } = statSync(this.#stateLog);
      if (size === this.#knownSize) return undefined;
      this.#knownSize = size;
      return /Start: rpmbuild \S+\.rpm(?=\s*$)/m.exec(readFileSync(this.#stateLog, "latin1"))?.[0];
    } catch {
      return undefined;
    }
  }
}

/** Whether one text is the beginning of the other. */
function isBeginning(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
