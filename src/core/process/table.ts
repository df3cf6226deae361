import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { errorCode } from "../errors.ts";

/** A process as /proc tells it. */
export interface ProcessInfo {
  pid: number;
  processGroup: number;
  session: number;
  /** Clock ticks since boot; with the pid it names a process for good, as pids are used again. */
  startTime: number;
}

/** Looks a process up; undefined when there is none. A zombie is dead: it only waits to be reaped. */
export function readProcess(pid: number): ProcessInfo | undefined {
  let stat: string;
  try {
    stat = readKernelText(`/proc/${pid}/stat`);
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return undefined;
  return { pid, processGroup: Number(fields[2]), session: Number(fields[3]), startTime: Number(fields[19]) };
}

/** The real user id of a process; undefined when there is none. */
export function userOf(pid: number): number | undefined {
  try {
    const [, user] = /^Uid:\t(\d+)/m.exec(readKernelText(`/proc/${pid}/status`)) ?? [];
    return user === undefined ? undefined : Number(user);
  } catch {
    return undefined;
  }
}

/** The words a process was started with; empty when they can't be read. */
export function commandLineOf(pid: number): string[] {
  try {
    return readKernelText(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** When a process began, in epoch milliseconds, to about a second. */
export function startedAtMs({ startTime }: Pick<ProcessInfo, "startTime">): number {
  const [, bootedOn = "0"] = /^btime (\d+)$/m.exec(readKernelText("/proc/stat")) ?? [];
  return Number(bootedOn) * 1000 + (startTime * 1000) / ticksPerSecond;
}

/** USER_HZ, which is the same on all of Linux's platforms that builds are made on. */
export const ticksPerSecond = 100;

/** Whether exactly this process still runs. */
export function isRunning(process: Pick<ProcessInfo, "pid" | "startTime">): boolean {
  const found = readProcess(process.pid);
  return found !== undefined && found.startTime === process.startTime;
}

/** Whether a process stands still until it is told to go on, as by SIGSTOP. */
export function isStopped(pid: number): boolean {
  try {
    return /^State:\t[Tt]/m.test(readKernelText(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

/** The members of a process group; with `since`, only if none is older, as numbers of groups are used again. */
export function processesOfGroup(processGroup: number, since = 0): ProcessInfo[] {
  if (!hasMembers(processGroup)) return [];
  return allProcesses().filter((process) => process.processGroup === processGroup && process.startTime >= since);
}

/** Whether a process group has any, be it a zombie: one question instead of a look at all processes. */
function hasMembers(processGroup: number): boolean {
  // These numbers mean other things than a group when they are signalled.
  if (processGroup <= 1) return true;
  try {
    return process.kill(-processGroup, 0);
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}

/**
 * Processes whose environment holds `NAME=value`, as far as we may read it; with `since`, only those that began then or later.
 * Finds what left its process group or session, e.g. daemons that a build started.
 */
export function processesWithVariable(name: string, value: string, since = 0): ProcessInfo[] {
  return allProcesses().filter(({ pid, startTime }) => startTime >= since && hasVariable(pid, name, value));
}

/** Whether the environment of a process holds `NAME=value`; false where we may not read it. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  return environmentOf(pid)?.includes(`\0${name}=${value}\0`) ?? false;
}

/** A process with the variables it was started with. */
export interface ProcessWithVariables extends ProcessInfo {
  variables: ReadonlyMap<string, string>;
}

/** Processes whose environment holds a variable of this name, with whatever value, as far as we may read it. */
export function processesNamingVariable(name: string): ProcessWithVariables[] {
  return allProcesses().flatMap((candidate) => {
    const environment = environmentOf(candidate.pid);
    if (!environment?.includes(`\0${name}=`)) return [];
    const pairs = environment
      .split("\0")
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
    // Looked at again: meanwhile the number may have become another's, whose environment that was.
    return isRunning(candidate) ? [{ ...candidate, variables: new Map(pairs) }] : [];
  });
}

/** The parent's pid; undefined when there is no such process. */
export function parentOf(pid: number): number | undefined {
  try {
    const [, parent] = /^PPid:\t(\d+)/m.exec(readKernelText(`/proc/${pid}/status`)) ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** Whether a process sees the same processes and the same root directory as we do: one of a container or a chroot does not. */
export function isOfThisSystem(pid: number): boolean {
  try {
    return ["root", "ns/pid"].every((part) => readlinkSync(`/proc/${pid}/${part}`) === readlinkSync(`/proc/self/${part}`));
  } catch {
    return false;
  }
}

/** The variables a process was started with, each between two zero bytes; undefined where we may not read them. */
function environmentOf(pid: number): string | undefined {
  try {
    return `\0${readKernelText(`/proc/${pid}/environ`)}\0`;
  } catch {
    return undefined;
  }
}

/** As UTF-8, whatever it is: Node has a path for that which takes less than half the time, and there are many such files. */
function readKernelText(path: string): string {
  return readFileSync(path, "utf8");
}

/** Everything that runs; zombies don't. */
export function allProcesses(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined);
}
