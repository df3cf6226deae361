import { closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { errorCode } from "../../core/errors.ts";

/** A process that the kernel has killed for want of memory. */
export interface KernelKill {
  pid: number;
  /** The program's name, 15 bytes of it at most. */
  name: string;
  /** What it had of the memory. */
  residentBytes: number;
  /** What the memory cgroup had whose limit was in the way; undefined where the machine's memory was, and where the log leaves it out. */
  groupBytes: number | undefined;
}

/** How many processes the kernel has killed for want of memory since the machine began; undefined where it does not tell. */
export function hostKills(): number | undefined {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8")) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}

/**
 * The processes of a task that the kernel says it has killed, in that order; none where its log can't be read.
 * @param mark part of the name of the task's cgroup
 * @param cgroup the memory cgroup of the builder, where the task's programs are as well if nothing else is known
 * @param since seconds since the machine began; numbers of processes are used again
 * @param isOurs whether a number was one of the task's processes
 */
export function killsInKernelLog({ mark, cgroup: own, since, isOurs }: KillSearch): KernelKill[] {
  const ours = new Set<number>();
  const kills = new Map<number, KernelKill>();
  /** By the pid of the process that was chosen then. */
  const groupBytes = new Map<number, number>();
  let usage: number | undefined;
  for (const record of readKernelLog()) {
    const [, microseconds = "0", text = ""] = /^\d+,\d+,(\d+)[^;]*;(.*)/.exec(record) ?? [];
    if (Number(microseconds) / 1e6 < since - CLOCK_ERROR_SECONDS) continue;
    const [, kibibytes] = /^memory: usage (\d+)kB/.exec(text) ?? [];
    if (kibibytes !== undefined) usage = Number(kibibytes) * 1024;
    const [, cgroup, member] = /^oom-kill:.*task_memcg=([^,]*),.*pid=(\d+)/.exec(text) ?? [];
    if (cgroup !== undefined && (cgroup.includes(mark) || cgroup === own)) ours.add(Number(member));
    if (member !== undefined && usage !== undefined) groupBytes.set(Number(member), usage);
    if (member !== undefined) usage = undefined;
    const kill = readKill(text);
    if (kill && (ours.has(kill.pid) || isOurs(kill.pid))) kills.set(kill.pid, { ...kill, groupBytes: groupBytes.get(kill.pid) });
  }
  return [...kills.values()];
}

interface KillSearch {
  mark: string;
  cgroup: string | undefined;
  since: number;
  isOurs: (pid: number) => boolean;
}

/** The clock of the log and that of the machine's age drift. */
const CLOCK_ERROR_SECONDS = 2;

function readKill(text: string): Omit<KernelKill, "groupBytes"> | undefined {
  const [, pid, name, sizes = ""] = /Kill(?:ed)? process (\d+)(?:,)? \((.{1,64}?)\)(.*)/.exec(text) ?? [];
  if (pid === undefined || name === undefined) return undefined;
  const resident = [...sizes.matchAll(/(?:anon|file|shmem)-rss:(\d+)kB/g)].reduce(
    (sum, [, kibibytes]) => sum + Number(kibibytes) * 1024,
    0,
  );
  return { pid: Number(pid), name, residentBytes: resident };
}

const MAX_RECORDS = 100_000;

/** Each read of the file is one record; when there are no more it would wait for the next. */
function* readKernelLog(): Generator<string> {
  let file: number;
  try {
    file = openSync("/dev/kmsg", constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return;
  }
  const buffer = Buffer.alloc(8192);
  try {
    for (let count = 0; count < MAX_RECORDS; count += 1) {
      try {
        const length = readSync(file, buffer);
        if (length === 0) return;
        yield buffer.toString("latin1", 0, length);
      } catch (error) {
        // Records were overwritten meanwhile; the next read has those that are left.
        if (errorCode(error) !== "EPIPE") return;
      }
    }
  } finally {
    closeSync(file);
  }
}
