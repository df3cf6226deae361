import * as v from "valibot";
import { taskPhases } from "../../core/text/phase-heading.ts";
import type { RunningState, TaskStatus } from "../state/status.ts";

/** Every state of a task that a history tells; `died` where its builder did not bring it to an end. */
const states = [...taskPhases, "succeeded", "failed", "canceled", "timed-out", "died"] as const;

const seconds = v.pipe(v.number(), v.finite());
const maybe = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));

/** What a line of the journal may tell of a task. Only the mark, which tells the tasks apart, is in each of them. */
const entrySchema = v.object({
  mark: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/)),
  state: v.optional(v.picklist(states)),
  task_id: maybe(v.string()),
  project: maybe(v.string()),
  package: maybe(v.string()),
  started_on: v.optional(seconds),
  ended_on: maybe(seconds),
  exit_code: maybe(v.number()),
  reason: maybe(v.string()),
  category: maybe(v.string()),
  timings: v.optional(v.record(v.string(), seconds)),
  peak_memory: maybe(seconds),
  root_cache: maybe(v.picklist(["hit", "miss"])),
});

/** What became known of a task at one moment, or all that is known of it. */
export type HistoryEntry = v.InferOutput<typeof entrySchema>;

/** A task that ran on this host, or runs. Times are epoch seconds. */
export interface HistoryRecord {
  /** Counted from 1. */
  slot: number;
  /** Null until the definition told it. */
  task_id: string | null;
  /** `owner/name`; null until the definition told it. */
  project: string | null;
  /** Null where the definition does not tell it. */
  package: string | null;
  state: TaskStatus["state"] | "died";
  started_on: number;
  /** Null while it runs, and where its builder died. */
  ended_on: number | null;
  /** Seconds from the start to the end; null where there is no end. */
  wall: number | null;
  exit_code: number | null;
  /** One sentence: why it did not succeed. */
  reason: string | null;
  /** The kind of failure that its logs tell of. */
  category: string | null;
  /** Seconds in each phase. */
  timings: Partial<Record<RunningState, number>>;
  /** Bytes at the highest; null where it was not measured. */
  peak_memory: number | null;
  /** Whether mock took the chroot from a root cache; null where it did not come so far, or keeps none. */
  root_cache: "hit" | "miss" | null;
  /** Tells it from all other tasks. */
  mark: string;
}

/** Reads what a line of the journal holds; undefined where that is no entry. */
export function parseEntry(value: unknown): HistoryEntry | undefined {
  const { success, output } = v.safeParse(entrySchema, value);
  return success ? output : undefined;
}

/** The whole record of a task, of whatever is known. */
export function recordOf(slot: number, entry: HistoryEntry): HistoryRecord {
  const { started_on: startedOn = 0, ended_on: endedOn = null } = entry;
  return {
    slot,
    task_id: entry.task_id ?? null,
    project: entry.project ?? null,
    package: entry.package ?? null,
    state: entry.state ?? "starting",
    started_on: startedOn,
    ended_on: endedOn,
    wall: endedOn === null ? null : Math.round(Math.max(0, endedOn - startedOn) * 1000) / 1000,
    exit_code: entry.exit_code ?? null,
    reason: entry.reason ?? null,
    category: entry.category ?? null,
    timings: entry.timings ?? {},
    peak_memory: entry.peak_memory ?? null,
    root_cache: entry.root_cache ?? null,
    mark: entry.mark,
  };
}

/** Whether an entry tells how its task ended. */
export function hasEnded({ state }: Pick<HistoryEntry, "state">): boolean {
  return state === "died" || state === "succeeded" || state === "failed" || state === "canceled" || state === "timed-out";
}
