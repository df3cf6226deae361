import * as v from "valibot";
import { parseTaskId } from "../../core/task/names.ts";
import { type HistoryEntry, hasEnded } from "./history-record.ts";

/** Seconds; a phase that took as long as one of them counts there. */
export const phaseLimits = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 18_000] as const;

/** Bytes, from 64 MiB to 64 GiB. */
export const memoryLimits = [2 ** 26, 2 ** 28, 2 ** 29, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 34, 2 ** 35, 2 ** 36] as const;

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const histogramSchema = v.object({ counts: v.array(amount), sum: amount });
const tallySchema = v.object({
  tasks: v.record(v.string(), amount),
  phases: v.record(v.string(), histogramSchema),
  memory: histogramSchema,
  root_cache: v.object({ hit: amount, miss: amount }),
});

/** How many values there were up to each limit and above the one before it, then those above all; and their sum. */
type Histogram = v.InferOutput<typeof histogramSchema>;

/** What many tasks come to; `tasks` by kind and outcome with a blank between, as `rpm failed`. */
export type Tally = v.InferOutput<typeof tallySchema>;

export function emptyTally(): Tally {
  return { tasks: {}, phases: {}, memory: emptyHistogram(memoryLimits), root_cache: { hit: 0, miss: 0 } };
}

/** Reads a tally that was kept; an empty one for what is none. */
export function parseTally(value: unknown): Tally {
  const { success, output } = v.safeParse(tallySchema, value);
  return success ? output : emptyTally();
}

/** Counts one task in, if it has ended. */
export function count(tally: Tally, entry: HistoryEntry): void {
  if (!hasEnded(entry)) return;
  const name = `${kindOf(entry.task_id)} ${entry.state}`;
  tally.tasks[name] = (tally.tasks[name] ?? 0) + 1;
  for (const [phase, seconds] of Object.entries(entry.timings ?? {})) {
    tally.phases[phase] = withValue(tally.phases[phase], phaseLimits, seconds);
  }
  if (typeof entry.peak_memory === "number") tally.memory = withValue(tally.memory, memoryLimits, entry.peak_memory);
  if (entry.root_cache) tally.root_cache[entry.root_cache] += 1;
}

/** Counts in one whose slot has had other tasks since: where no end of it could be written down, its builder died. */
export function countFormer(tally: Tally, entry: HistoryEntry): void {
  count(tally, hasEnded(entry) ? entry : { ...entry, state: "died" });
}

/** The sum of several. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    for (const [name, number] of Object.entries(tally.tasks)) sum.tasks[name] = (sum.tasks[name] ?? 0) + number;
    for (const [phase, one] of Object.entries(tally.phases)) sum.phases[phase] = together(sum.phases[phase], phaseLimits, one);
    sum.memory = together(sum.memory, memoryLimits, tally.memory);
    sum.root_cache.hit += tally.root_cache.hit;
    sum.root_cache.miss += tally.root_cache.miss;
  }
  return sum;
}

/** What kind of task an id is of; `unknown` where no definition was read. */
function kindOf(taskId: string | null | undefined): "rpm" | "srpm" | "unknown" {
  if (!taskId) return "unknown";
  try {
    return parseTaskId(taskId).kind;
  } catch {
    return "unknown";
  }
}

function emptyHistogram(limits: readonly number[]): Histogram {
  return { counts: Array.from({ length: limits.length + 1 }, () => 0), sum: 0 };
}

function withValue(histogram: Histogram | undefined, limits: readonly number[], value: number): Histogram {
  const at = limits.findIndex((limit) => value <= limit);
  const one = emptyHistogram(limits);
  one.counts[at === -1 ? limits.length : at] = 1;
  one.sum = Math.max(0, value);
  return together(histogram, limits, one);
}

/** One with other limits, of another version, is begun anew: a counter may fall back to nothing. */
function together(histogram: Histogram | undefined, limits: readonly number[], other: Histogram): Histogram {
  const fits = (one: Histogram | undefined): one is Histogram => one?.counts.length === limits.length + 1;
  if (!fits(histogram) || !fits(other)) return [histogram, other].find(fits) ?? emptyHistogram(limits);
  return {
    counts: histogram.counts.map((number, index) => number + (other.counts[index] as number)),
    sum: Math.round((histogram.sum + other.sum) * 1000) / 1000,
  };
}
