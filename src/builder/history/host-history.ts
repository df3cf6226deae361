import { setTimeout as sleep } from "node:timers/promises";
import { type ReportedStatus, reportStatus } from "../state/status.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { type HistoryEntry, type HistoryRecord, hasEnded, recordOf } from "./history-record.ts";
import { readJournal } from "./journal.ts";
import { entryOf } from "./task-notes.ts";
import { count, countFormer, sumOf, type Tally } from "./tally.ts";

/** What the slots of a host remember together. */
export interface HostHistory {
  /** The last tasks, newest first. */
  records: HistoryRecord[];
  /** All tasks that have ended since there is a history. None of its numbers falls while the journals stay. */
  tally: Tally;
}

/** Reads the history of a host. A task that runs, or whose builder died, is told as it is now. Throws CoprError. */
export async function readHistory(slots: readonly StateDirectory[]): Promise<HostHistory> {
  const records: HistoryRecord[] = [];
  const tallies: Tally[] = [];
  for (const directory of slots) {
    const { tally, entries } = await readSlot(directory);
    records.push(...entries.map((entry) => recordOf(directory.slot, entry)));
    tallies.push(tally);
  }
  return { records: records.toSorted((one, other) => other.started_on - one.started_on), tally: sumOf(tallies) };
}

async function readSlot(directory: StateDirectory): Promise<{ tally: Tally; entries: HistoryEntry[] }> {
  // Before and after the journal: a task may end, and another begin, between the readings.
  const before = await statusEntry(directory);
  const { dropped: tally, entries } = await readJournal(directory.history);
  const after = await statusEntry(directory);
  const told = entries.map((entry): HistoryEntry => {
    if (hasEnded(entry)) return entry;
    const current = [after, before].find((status) => status?.mark === entry.mark);
    return current === undefined ? { ...entry, state: "died" } : { ...entry, ...current };
  });
  for (const [index, entry] of entries.entries()) {
    const now = told[index] as HistoryEntry;
    if (index < entries.length - 1) countFormer(tally, entry);
    // An end that only the status tells may never come into the journal, as on a full disk; a death has no other end.
    else count(tally, now.state === "died" ? now : entry);
  }
  // One whose journal could not be written.
  if (before !== undefined && !entries.some(({ mark }) => mark === before.mark)) told.push(before);
  return { tally, entries: told };
}

/** Who writes a status in its place, on a full disk, is done with that sooner. */
const WRITING_MS = 100;

/** What the status tells of the last task of a slot. */
async function statusEntry(directory: StateDirectory): Promise<HistoryEntry | undefined> {
  const again = async (): Promise<ReportedStatus | undefined> => {
    await sleep(WRITING_MS);
    return reportStatus(directory).catch(() => undefined);
  };
  const status = await reportStatus(directory).catch(again);
  return status === undefined || status.state === "idle" || !status.mark ? undefined : entryOf(status);
}
