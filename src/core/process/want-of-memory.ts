import { readFileSync, writeFileSync } from "node:fs";

const FILE = "/proc/self/oom_score_adj";

/**
 * As if the program had half of the machine's memory: more than this one ever has, less than a program that really has taken
 * most of it. Lower values need privileges, and to come back from a higher one does not.
 */
const EXPENDABLE = 500;

/**
 * Starts a program that the kernel is to end before this one when memory is short, and with it all that it starts. From a
 * crowd of small ones the kernel would take the largest process there is, which is the one that has to tell what happened.
 * Where that can't be said, it is only started.
 */
export function startExpendable<T>(start: () => T): T {
  const before = raise();
  try {
    // The child has what its parent has at this moment, so there is no time in which it does not.
    return start();
  } finally {
    if (before !== undefined) write(before);
  }
}

/** Returns what it was; undefined if nothing was changed. */
function raise(): string | undefined {
  try {
    const before = readFileSync(FILE, "latin1").trim();
    return Number(before) < EXPENDABLE && write(String(EXPENDABLE)) ? before : undefined;
  } catch {
    return undefined;
  }
}

function write(value: string): boolean {
  try {
    writeFileSync(FILE, value);
    return true;
  } catch {
    return false;
  }
}
