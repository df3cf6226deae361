import type { Category, Phase } from "./rules/categories.ts";

export type { Category, Phase } from "./rules/categories.ts";

/** One log of a build. */
export interface ExplainedLog {
  /** The name of its file, e.g. build.log, builder-live.log, root.log, backend.log. */
  name: string;
  /** The bytes, unpacked. May be called more than once. */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface LogLine {
  file: string;
  /** From 1. */
  line: number;
  /** As it stands in the log, without terminal control; the first 4 KiB of a longer one. */
  text: string;
}

export interface Explanation {
  /** The phase that failed; null when nothing says that the build failed. */
  phase: Phase | null;
  /** Null when nothing says that the build failed, "unknown" when it did and no rule knows why. */
  category: Category | null;
  /** The cause, the best line first, at most five; empty when none was found. */
  lines: LogLine[];
  /** The name of the rule that found the cause. */
  rule: string | null;
  /** What the rule took from the line: package, header, file, command, … */
  facts: Record<string, string>;
  /** What to do, one sentence. */
  advice: string | null;
  /** How long the failed phase had lasted when it failed, where the log has times. */
  phaseSeconds: number | null;
  /** The last lines of the failed phase, at most five; only when no cause was found. */
  tail: LogLine[];
}
