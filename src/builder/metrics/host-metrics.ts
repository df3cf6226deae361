import { version } from "../../core/version.ts";
import { countCaches } from "../buildroot/root-cache.ts";
import type { Settings } from "../settings.ts";
import type { HistoryRecord } from "../history/history-record.ts";
import { hasEnded } from "../history/history-record.ts";
import { readHistory } from "../history/host-history.ts";
import { memoryLimits, phaseLimits, type Tally } from "../history/tally.ts";
import { waitingTasks } from "../hooks/hook-spool.ts";
import type { BuilderHost } from "../options.ts";
import { spaceOf } from "../state/free-space.ts";
import { type StateDirectory, withFormerSlots } from "../state/state-directory.ts";
import { histogramSamples, type Metric } from "./exposition.ts";

/** What can be measured of a builder host, now and since it has a history. Throws CoprError where that can't be read. */
export async function hostMetrics({ settings, slots }: BuilderHost): Promise<Metric[]> {
  const all = await withFormerSlots(slots);
  const { records, tally } = await readHistory(all);
  return [
    {
      name: "copr_builder_info",
      type: "gauge",
      help: "The version of this builder.",
      samples: [{ labels: { version, buildroot: settings.buildroot }, value: 1 }],
    },
    ...taskMetrics(tally),
    ...slotMetrics(slots, records),
    ...(await diskMetrics(slots, settings)),
    ...(await cacheMetrics(slots, tally)),
    {
      name: "copr_builder_hooks_waiting_tasks",
      type: "gauge",
      help: "Ended tasks whose hooks have not all been run.",
      samples: [{ value: (await Promise.all(all.map(waitingTasks))).flat().length }],
    },
  ];
}

function taskMetrics({ tasks, phases, memory }: Tally): Metric[] {
  return [
    {
      name: "copr_builder_tasks_total",
      type: "counter",
      help: "Tasks that have ended, by what they made and how they ended.",
      samples: byName(tasks).map(([name, value]) => {
        const [kind = "", outcome = ""] = name.split(" ");
        return { labels: { kind, outcome }, value };
      }),
    },
    {
      name: "copr_builder_phase_seconds",
      type: "histogram",
      help: "Time that ended tasks spent in each of their phases.",
      samples: byName(phases).flatMap(([phase, histogram]) => histogramSamples(phaseLimits, histogram, { phase })),
    },
    {
      name: "copr_builder_task_peak_memory_bytes",
      type: "histogram",
      help: "The most memory that ended tasks had at a time, of those that were measured.",
      samples: memory.counts.some((number) => number > 0) ? histogramSamples(memoryLimits, memory) : [],
    },
  ];
}

function byName<T>(values: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(values).toSorted(([one], [other]) => one.localeCompare(other));
}

function slotMetrics(slots: readonly StateDirectory[], records: readonly HistoryRecord[]): Metric[] {
  const running = records.filter((record) => !hasEnded(record));
  const ends = records.flatMap(({ ended_on: endedOn }) => endedOn ?? []);
  return [
    { name: "copr_builder_slots", type: "gauge", help: "Tasks that this host does at the same time.", samples: [{ value: slots.length }] },
    {
      name: "copr_builder_slot_busy",
      type: "gauge",
      help: "Whether a slot has a task.",
      samples: slots.map(({ slot }) => ({
        labels: { slot: String(slot) },
        value: running.some((record) => record.slot === slot) ? 1 : 0,
      })),
    },
    {
      name: "copr_builder_task_start_timestamp_seconds",
      type: "gauge",
      help: "When the task of a busy slot began.",
      samples: running.map(({ slot, started_on: value, state: phase }) => ({ labels: { slot: String(slot), phase }, value })),
    },
    {
      name: "copr_builder_last_task_end_timestamp_seconds",
      type: "gauge",
      help: "When a task ended here last.",
      samples: ends.length === 0 ? [] : [{ value: ends.reduce((one, other) => Math.max(one, other)) }],
    },
  ];
}

async function diskMetrics(slots: readonly StateDirectory[], settings: Settings): Promise<Metric[]> {
  const spaces = (await Promise.all(slots.map((directory) => spaceOf({ directory, settings, buildroot: settings.buildroot })))).flat();
  const places = [...new Map(spaces.map((space) => [space.path, space])).values()];
  const samples = (of: "sizeBytes" | "freeBytes") =>
    places.map(({ path, ...bytes }) => ({ labels: { directory: path }, value: bytes[of] }));
  return [
    { name: "copr_builder_disk_size_bytes", type: "gauge", help: "Size of the disk of a directory.", samples: samples("sizeBytes") },
    {
      name: "copr_builder_disk_free_bytes",
      type: "gauge",
      help: "What is free on the disk of a directory.",
      samples: samples("freeBytes"),
    },
  ];
}

async function cacheMetrics(slots: readonly StateDirectory[], { root_cache: use }: Tally): Promise<Metric[]> {
  const kept = await Promise.all(slots.map(({ rootCaches }) => countCaches(rootCaches)));
  return [
    {
      name: "copr_builder_root_cache_uses_total",
      type: "counter",
      help: "Chroots that mock took from a root cache (hit), or installed and made one of (miss).",
      samples: [
        { labels: { result: "hit" }, value: use.hit },
        { labels: { result: "miss" }, value: use.miss },
      ],
    },
    {
      name: "copr_builder_root_caches",
      type: "gauge",
      help: "Root caches of mock that this builder keeps.",
      samples: [{ value: kept.reduce((sum, one) => sum + one, 0) }],
    },
  ];
}
