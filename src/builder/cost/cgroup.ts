import { mkdirSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import { openDoor, openPeak } from "./cgroup-files.ts";
import { cgroupPlaces, isWritten, readKernelFile } from "./cgroup-places.ts";
import { removeCgroup } from "./remove-cgroup.ts";

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

/** The value of a line such as `oom_kill 3`; 0 where there is none. */
function valueOf(text: string, key: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${key} `));
  return Number(line?.slice(key.length + 1) ?? 0);
}
