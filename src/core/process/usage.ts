import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { ticksPerSecond } from "./table.ts";

/** What a process uses, as its line in /proc tells everybody. */
export interface ProcessUsage {
  pid: number;
  parent: number;
  session: number;
  /** Clock ticks since boot; with the pid it names a process for good. */
  startTime: number;
  /** The program's name, 15 bytes of it. */
  name: string;
  /** CPU seconds of its own, threads included. Counts on while it is dead and not waited for. */
  cpuSeconds: number;
  /** CPU seconds of the children it has waited for, and of those that they have. */
  reapedSeconds: number;
  /** Resident memory; 0 once it is dead. Pages that it shares with others are counted as its own. */
  residentBytes: number;
}

/** Bytes of a page of memory: 4 KiB on most machines, 64 KiB on ppc64le. */
const PAGE_BYTES = pageBytes();

/** One buffer for all: thousands of these files are read one after the other. */
const buffer = Buffer.alloc(4096);

/** The numbers of all processes that can be seen. */
export function processNumbers(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((number) => number > 0);
}

/** Looks up what a process uses; undefined when there is none. Unlike `readProcess` it finds the dead that nobody has waited for. */
export function readUsage(pid: number): ProcessUsage | undefined {
  const stat = readShort(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
  const end = stat.lastIndexOf(")");
  const fields = stat.slice(end + 2).split(" ");
  const field = (number: number): number => Number(fields[number - FIRST_FIELD]);
  return {
    pid,
    parent: field(4),
    session: field(6),
    startTime: field(22),
    name: stat.slice(stat.indexOf("(") + 1, end),
    cpuSeconds: (field(14) + field(15)) / ticksPerSecond,
    reapedSeconds: (field(16) + field(17)) / ticksPerSecond,
    residentBytes: field(24) * PAGE_BYTES,
  };
}

/** proc(5) counts the fields of `stat` from 1; this is the first one behind the name. */
const FIRST_FIELD = 3;

/** Resident memory in bytes, of shared pages only the process's share; undefined where that can't be read. */
export function proportionalMemory(pid: number): number | undefined {
  return kibibytes(readShort(`/proc/${pid}/smaps_rollup`), /^Pss: +(\d+) kB/m);
}

/** Resident memory of everybody's own pages and of shared ones, in bytes. Unlike the proportional it can be read of other users' processes. */
export function sharedMemory(pid: number): { own: number; shared: number } | undefined {
  const [, resident, shared] = readShort(`/proc/${pid}/statm`)?.split(" ") ?? [];
  if (resident === undefined || shared === undefined) return undefined;
  return { own: Math.max(0, Number(resident) - Number(shared)) * PAGE_BYTES, shared: Number(shared) * PAGE_BYTES };
}

/** The most resident memory that the process ever had since it began this program, in bytes. */
export function highestMemory(pid: number): number | undefined {
  return kibibytes(readShort(`/proc/${pid}/status`), /^VmHWM:\s+(\d+) kB/m);
}

/**
 * Bytes that the process, and all children it has waited for, have written to files on disks, whether they are on the
 * disk yet or not; undefined where that can't be read.
 */
export function writtenBytes(pid: number | "self"): number | undefined {
  const [, bytes] = /^write_bytes: (\d+)/m.exec(readShort(`/proc/${pid}/io`) ?? "") ?? [];
  return bytes === undefined ? undefined : Number(bytes);
}

function kibibytes(text: string | undefined, pattern: RegExp): number | undefined {
  const [, number] = pattern.exec(text ?? "") ?? [];
  return number === undefined ? undefined : Number(number) * 1024;
}

/** The beginning of a file of the kernel's; undefined where it can't be read. Half the cost of `readFileSync`. */
function readShort(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return buffer.toString("latin1", 0, readSync(file, buffer));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** From what the kernel told this program at its start: a pair of 6 and the size, in words of the machine. */
function pageBytes(): number {
  const AT_PAGESZ = 6n;
  try {
    const words = readFileSync("/proc/self/auxv");
    for (let at = 0; at + 16 <= words.length; at += 16) {
      if (nativeWord(words, at) === AT_PAGESZ) return Number(nativeWord(words, at + 8));
    }
  } catch {
    // Nobody without /proc gets here for more than a moment.
  }
  return 4096;
}

/** All platforms of Node have words of 64 bits; s390x has them the other way round. */
function nativeWord(bytes: Buffer, at: number): bigint {
  return process.arch === "s390x" ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at);
}
