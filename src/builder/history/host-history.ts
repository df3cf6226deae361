import { isBuilderRunning, readStatus } from "../state/status.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { type HistoryEntry, type HistoryRecord, hasEnded, recordOf } from "./history-record.ts";
import { readJournal } from "./journal.ts";
import { endOf } from "./task-notes.ts";
import { count, emptyTally, sumOf, type Tally } from "./tally.ts";

/** What the slots of a host remember together. */
export interface HostHistory {
  /** The last tasks, newest first. */
  records: HistoryRecord[];
  /** All tasks that have ended since there is a history. */
  tally: Tally;
}

/** Reads the history of a host. A task that runs, or whose builder died, is told as it is now. Throws CoprError. */
export async function readHistory(slots: readonly StateDirectory[]): Promise<HostHistory> {
  const records: HistoryRecord[] = [];
  const tallies: Tally[] = [];
  for (const directory of slots) {
    const { dropped, entries } = await readSlot(directory);
    records.push(...entries.map((entry) => recordOf(directory.slot, entry)));
    const tally = emptyTally();
    for (const entry of entries) count(tally, entry);
    tallies.push(dropped, tally);
  }
  return { records: records.toSorted((one, other) => other.started_on - one.started_on), tally: sumOf(tallies) };
}

async function readSlot(directory: StateDirectory): Promise<{ dropped: Tally; entries: HistoryEntry[] }> {
  // Before and after the journal: a task may end, and another begin, between the readings.
  const before = await statusEntry(directory);
  const { dropped, entries } = await readJournal(directory.history);
  const after = await statusEntry(directory);
  const told = entries.map((entry): HistoryEntry => {
    if (hasEnded(entry)) return entry;
    const current = [after, before].find((status) => status?.mark === entry.mark);
    return current === undefined ? { ...entry, state: "died" } : { ...entry, ...current };
  });
  // One whose journal could not be written.
  if (before !== undefined && !entries.some(({ mark }) => mark === before.mark)) told.push(before);
  return { dropped, entries: told };
}

/** What the status tells of the last task of a slot. */
async function statusEntry(directory: StateDirectory): Promise<HistoryEntry | undefined> {
  const status = await readStatus(directory).catch(() => undefined);
  if (!status?.mark) return undefined;
  const isRunning = status.ended_on === null && isBuilderRunning(status);
  return isRunning ? { ...endOf(status), state: status.state, exit_code: null, reason: null } : endOf(status);
}
