import { highestMemory, type ProcessUsage, proportionalMemory, sharedMemory } from "../../core/process/usage.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import type { LargeProcess } from "./task-cost.ts";

/** The memory of some processes at one moment. */
export interface MemoryEstimate {
  bytes: number;
  largest: LargeProcess[];
}

/** What the largest process had between two looks. */
export interface MissedPeak {
  /** Bytes that it had more than it has now. */
  missed: number;
  /** That process, what it has now and the most it ever had, bytes; undefined when there is none that can be read. */
  largest: { pid: number; startTime: number; now: number; highest: number } | undefined;
}

/** So many of the largest are looked at one by one; the others are alike as a rule, so a few of each name do. */
const LOOKED_AT = 8;
const LOOKED_AT_OF_A_NAME = 4;
/** A process is not looked at again when its resident memory, and the number of those it may share it with, have changed by less. */
const CHANGE = 0.02;
/** How many are named in the end. */
const NAMED = 5;

/**
 * Estimates what processes have of the memory, each shared page once. The exact share costs the kernel a walk through all
 * pages, so it is asked for the largest, and for some of the others to tell how much of these is shared.
 */
export class MemoryEstimator {
  /** Resident and own memory when last looked at, by pid. */
  #known = new Map<number, Looked>();
  /** The most that a process ever had, by pid, of those that were the largest at some look. */
  #highest = new Map<number, number>();
  /** All that were there at the last look, by pid, with their start times. */
  #present: ReadonlyMap<number, number> = new Map();

  /**
   * By how much the largest process had more than it has now, if that was since the last call. What the others have now they
   * had then, more or less.
   */
  missedPeak(processes: readonly ProcessUsage[]): MissedPeak {
    const before = this.#present;
    this.#present = new Map(processes.map(({ pid, startTime }) => [pid, startTime]));
    for (const pid of this.#highest.keys()) if (before.get(pid) !== this.#present.get(pid)) this.#highest.delete(pid);
    const first = processes.reduce<ProcessUsage | undefined>(
      (one, other) => (other.residentBytes > (one?.residentBytes ?? 0) ? other : one),
      undefined,
    );
    const highest = first && highestMemory(first.pid);
    if (first === undefined || highest === undefined) return { missed: 0, largest: undefined };
    const isNew = before.get(first.pid) !== first.startTime;
    const known = this.#highest.get(first.pid);
    this.#highest.set(first.pid, highest);
    // Of one that was there and has become the largest nobody knows when it had that.
    const isSince = isNew || (known !== undefined && highest > known);
    const { pid, startTime, residentBytes: now } = first;
    return { missed: isSince ? Math.max(0, highest - now) : 0, largest: { pid, startTime, now, highest } };
  }

  /** The memory of processes now. */
  estimate(processes: readonly ProcessUsage[]): MemoryEstimate {
    const sorted = processes.filter(({ residentBytes }) => residentBytes > 0).sort((a, b) => b.residentBytes - a.residentBytes);
    const known = new Map<number, Looked>();
    const look = (process: ProcessUsage): number => {
      const own = this.#ownOf(process, sorted.length);
      known.set(process.pid, own);
      return own.own;
    };
    const largest = sorted.slice(0, LOOKED_AT).map((process) => ({ pid: process.pid, name: shownName(process), memory: look(process) }));
    let bytes = largest.reduce((sum, { memory }) => sum + memory, 0);
    for (const group of byName(sorted.slice(LOOKED_AT)).values()) {
      const step = Math.max(1, group.length / LOOKED_AT_OF_A_NAME);
      const some = Array.from(
        { length: Math.min(group.length, LOOKED_AT_OF_A_NAME) },
        (_, at) => group[Math.floor(at * step)] as ProcessUsage,
      );
      const share = some.reduce((sum, one) => sum + look(one), 0) / residentOf(some);
      bytes += residentOf(group) * share;
    }
    this.#known = known;
    largest.sort((a, b) => b.memory - a.memory);
    return { bytes: Math.round(bytes), largest: largest.slice(0, NAMED) };
  }

  #ownOf({ pid, startTime, residentBytes: resident }: ProcessUsage, among: number): Looked {
    const before = this.#known.get(pid);
    if (before?.startTime === startTime && isNear(resident, before.resident) && isNear(among, before.among)) return before;
    // Of another user's process, as mock and what it runs are, only this is told; what is shared is mostly the program itself.
    const own = proportionalMemory(pid) ?? sharedMemory(pid)?.own ?? resident;
    return { startTime, resident, own, among };
  }
}

/** A process when it was looked at, its memory in bytes, and how many there were. */
interface Looked {
  startTime: number;
  resident: number;
  own: number;
  among: number;
}

/** The name of a program that anybody may have chosen, of whatever bytes, on one line. */
export function shownName({ name }: Pick<ProcessUsage, "name">): string {
  return cleanLine(Buffer.from(name, "latin1").toString()).trim() || "?";
}

function isNear(now: number, before: number): boolean {
  return Math.abs(now - before) <= CHANGE * before;
}

function byName(processes: readonly ProcessUsage[]): Map<string, ProcessUsage[]> {
  const groups = new Map<string, ProcessUsage[]>();
  for (const process of processes) groups.set(process.name, [...(groups.get(process.name) ?? []), process]);
  return groups;
}

function residentOf(processes: readonly ProcessUsage[]): number {
  return processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}
