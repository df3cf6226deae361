import { closeSync, constants, type Dirent, mkdirSync, openSync, readdirSync, readSync, rmdirSync, write, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../../core/errors.ts";
import { cgroupPlaces, isBelowCgroups, isWritten, readKernelFile } from "./cgroup-places.ts";

/** What a cgroup is made to hold. */
export interface CgroupLimits {
  /** Bytes. */
  memory?: number | undefined;
  /** From 1 to 10000; others have 100. */
  cpuWeight?: number | undefined;
}

/** A cgroup of version 2 for one task's programs. */
export interface TaskCgroup {
  readonly path: string;
  readonly hasMemory: boolean;
  /** Takes a program that has just been started, if it is still there; its children come with it. Does not wait until it is in. */
  admit(pid: number): void;
  /** All processes in it, but for those in cgroups below it. */
  processes(): Set<number>;
  /** Whether a cgroup, as /proc names it, is this one or below it. */
  holds(cgroup: string): boolean;
  cpuSeconds(): number;
  /** Memory in use, in bytes. */
  memory(): number;
  /** Forgets the peak so far; `peak` is that since then. False where the kernel, before 6.12, can't. */
  forgetPeak(): boolean;
  /** The most memory in use at a time, in bytes; undefined before Linux 5.19. */
  peak(): number | undefined;
  /** How many of its processes the kernel has killed for want of memory. */
  killed(): number;
  /** Limits what is in it; returns the reasons of what can't be. */
  limit(limits: CgroupLimits): Partial<Record<keyof CgroupLimits, string>>;
  /** Kills what is left in it, and removes it. */
  remove(): Promise<void>;
}

/** Makes a cgroup for the task where this host allows one; undefined otherwise. Best one that can count memory. */
export function makeTaskCgroup(mark: string): TaskCgroup | undefined {
  let second: TaskCgroup | undefined;
  for (const place of cgroupPlaces()) {
    const path = join(place, `${PREFIX}${mark}`);
    try {
      mkdirSync(path);
    } catch {
      continue;
    }
    const cgroup = openCgroup(path);
    if (cgroup.hasMemory) {
      if (second) rmdirSync(second.path);
      return cgroup;
    }
    if (second) rmdirSync(path);
    else second = cgroup;
  }
  return second;
}

const PREFIX = "copr-builder-";

function openCgroup(path: string): TaskCgroup {
  const file = (name: string): string => join(path, name);
  const read = (name: string): string => readKernelFile(file(name));
  const controllers = read("cgroup.controllers").trim().split(" ");
  const [hasMemory, hasCpu] = [controllers.includes("memory"), controllers.includes("cpu")];
  const door = openDoor(file("cgroup.procs"));
  const peakFile = hasMemory ? openPeak(file("memory.peak")) : undefined;
  return {
    path,
    hasMemory,
    admit: door.admit,
    processes: () => new Set(read("cgroup.procs").split("\n").filter(Boolean).map(Number)),
    holds: (cgroup) => cgroup.split("/").includes(basename(path)),
    cpuSeconds: () => valueOf(read("cpu.stat"), "usage_usec") / 1e6,
    memory: () => Number(read("memory.current")),
    forgetPeak: () => peakFile?.forget() ?? false,
    peak: () => peakFile?.read(),
    killed: () => (hasMemory ? valueOf(read("memory.events"), "oom_kill") : 0),
    limit({ memory, cpuWeight }) {
      const reasons: Partial<Record<keyof CgroupLimits, string>> = {};
      if (memory !== undefined) {
        if (!hasMemory) reasons.memory = NO_CONTROLLER;
        else if (isWritten(file("memory.max"), String(memory))) isWritten(file("memory.swap.max"), "0");
        else reasons.memory = "its cgroup does not take it";
      }
      if (cpuWeight !== undefined && !(hasCpu && isWritten(file("cpu.weight"), String(cpuWeight)))) reasons.cpuWeight = NO_CONTROLLER;
      return reasons;
    },
    async remove() {
      peakFile?.close();
      await door.close();
      await removeCgroup(path, { kills: true });
    },
  };
}

const NO_CONTROLLER = "the cgroups that the builder may make can't do that";

/**
 * Moves processes to a cgroup, in a thread of its own: for a lone one the kernel waits for all its processors to have taken
 * notice, which takes 10 to 40 ms, longer than most programs of a task need.
 */
function openDoor(path: string): { admit(pid: number): void; close(): Promise<void> } {
  let descriptor: number | undefined;
  const moves = new Set<Promise<void>>();
  return {
    admit(pid) {
      let opened: number;
      try {
        opened = descriptor ??= openSync(path, constants.O_WRONLY);
      } catch {
        // Who may not is measured by sampling.
        return;
      }
      // One that is gone already makes an error, and no difference.
      const move = new Promise<void>((resolve) => {
        write(opened, String(pid), () => resolve());
      });
      moves.add(move);
      void move.then(() => moves.delete(move));
    },
    async close() {
      await Promise.all(moves);
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** The file of the peak, held open: where the kernel can forget the peak, it does so for who has it open. */
function openPeak(path: string): { read(): number; forget(): boolean; close(): void } | undefined {
  let descriptor: number;
  let isWritable = true;
  try {
    descriptor = openSync(path, constants.O_RDWR);
  } catch (error) {
    if (errorCode(error) !== "EACCES") return undefined;
    isWritable = false;
    descriptor = openSync(path, constants.O_RDONLY);
  }
  const buffer = Buffer.alloc(64);
  return {
    read() {
      try {
        return Number(buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0)));
      } catch {
        // The cgroup was taken away.
        return 0;
      }
    },
    forget() {
      try {
        return isWritable && writeSync(descriptor, "reset", 0) > 0;
      } catch {
        return false;
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** The value of a line such as `oom_kill 3`; 0 where there is none. */
function valueOf(text: string, key: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${key} `));
  return Number(line?.slice(key.length + 1) ?? 0);
}

const REMOVE_TRIES = 50;

/**
 * Removes the cgroup of a task, also one that a killed builder has left, unless there is still something in it. The path may
 * come from a file that others can write. Never throws.
 */
export async function removeCgroup(path: string, { kills = false } = {}): Promise<void> {
  if (!/^copr-builder-[0-9a-f-]{36}$/.test(basename(path)) || !isBelowCgroups(path)) return;
  if (kills) isWritten(join(path, "cgroup.kill"), "1");
  await removeDirectory(path);
}

/** With the cgroups that programs have made in it. */
async function removeDirectory(path: string): Promise<void> {
  for (const entry of readEntries(path)) if (entry.isDirectory()) await removeDirectory(join(path, entry.name));
  for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
    try {
      return rmdirSync(path);
    } catch (error) {
      // Killed processes take a moment to go.
      if (errorCode(error) !== "EBUSY") return;
      await sleep(20);
    }
  }
}

function readEntries(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
