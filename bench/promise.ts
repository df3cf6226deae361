import { median } from "./measure.ts";

/** A measured figure, and the bound that was promised for it. */
export interface Finding {
  what: string;
  /** Measured here, in this run: the figure of each round. Their median is what counts. */
  rounds: readonly number[];
  /** The figure must be at most, or at least, this. */
  atMost?: number;
  atLeast?: number;
  unit?: string;
  /** How it came about, for the reader. */
  detail: string;
}

/** What a finding says of its promise. `spoiled` is no answer: other work on the machine was in the way. */
export type Verdict = "kept" | "BROKEN" | "spoiled";

/** Rounds of the same program on a machine that is left alone differ by less than this. */
const QUIET_SPREAD = 0.1;

/**
 * Whether the promise holds. A median beyond the bound breaks it when the rounds agree, or when even the best one is further
 * beyond than half of what they differ by; else other work spoiled the figure, which is no answer, so it hides no break.
 */
export function verdict({ rounds, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Finding): Verdict {
  const isWithin = (value: number): boolean => value <= atMost && value >= atLeast;
  if (isWithin(median(rounds))) return "kept";
  const beyond = Math.min(
    ...rounds.map((value) => Math.max(value / atMost - 1, atLeast === Number.NEGATIVE_INFINITY ? 0 : 1 - value / atLeast, 0)),
  );
  return spread(rounds) > QUIET_SPREAD && beyond <= spread(rounds) / 2 ? "spoiled" : "BROKEN";
}

/** How far the rounds lie apart, as a share of their median. */
function spread(rounds: readonly number[]): number {
  return (Math.max(...rounds) - Math.min(...rounds)) / median(rounds);
}

/** One line for a person. */
export function describe(finding: Finding): string {
  const { rounds, atMost, atLeast, unit = "", what, detail } = finding;
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const range = rounds.length < 2 ? "" : `, rounds ${Math.min(...rounds).toFixed(2)} to ${Math.max(...rounds).toFixed(2)}`;
  const why = verdict(finding) === "spoiled" ? "; the rounds differ too much to judge: other work on this machine" : "";
  return `${verdict(finding).padEnd(7)}  ${what}: ${median(rounds).toFixed(2)}${unit} (promised ${bound}${unit}${range}; ${detail}${why})`;
}
