import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** The cgroup that a builder moves to, as no process may be where controllers are handed down. */
const OWN_NAME = "copr-builder";

/** The controllers that a task's cgroup is wanted for. */
const wantedControllers = ["memory", "cpu"];

/**
 * The directories in which this process may make a cgroup for a task, each ready for it: the cgroup it is in, of use where
 * it has that for itself, as with systemd's `Delegate=`, then the one above, as root can. None where there is no cgroup v2.
 */
export function* cgroupPlaces(): Generator<string> {
  const mount = mountOfCgroups();
  const here = mount && ourCgroup(mount);
  if (here === undefined) return;
  const root = mount?.directory;
  // Whoever limits just this cgroup means the builds in it.
  const places = here === root || hasOwnLimit(here) ? [here] : [here, dirname(here)];
  for (const place of places) {
    if (!mayWrite(place) || !mayWrite(join(place, "cgroup.procs"))) continue;
    handControllersDown(place, { isInner: place === root || place !== here });
    yield place;
  }
}

/** Whether a path lies where cgroups of version 2 are. */
export function isBelowCgroups(path: string): boolean {
  const root = mountOfCgroups()?.directory;
  return root !== undefined && normalize(path) === path && path.startsWith(`${root}/`);
}

/** What can't be done is left, e.g. as processes of others are in the way. */
function handControllersDown(place: string, { isInner }: { isInner: boolean }): void {
  const there = wordsIn(join(place, "cgroup.controllers"));
  const handedDown = wordsIn(join(place, "cgroup.subtree_control"));
  const missing = wantedControllers.filter((one) => there.includes(one) && !handedDown.includes(one));
  if (missing.length === 0 || (!isInner && !moveAside(place))) return;
  for (const one of missing) isWritten(join(place, "cgroup.subtree_control"), `+${one}`);
}

/** Moves the builder and its keeper to a cgroup below the one they are in; false where others are there as well. */
function moveAside(place: string): boolean {
  const processes = wordsIn(join(place, "cgroup.procs")).map(Number);
  if (!processes.every((pid) => pid === process.pid || parentOf(pid) === process.pid)) return false;
  const aside = join(place, OWN_NAME);
  try {
    mkdirSync(aside, { recursive: true });
  } catch {
    return false;
  }
  return processes.every((pid) => isWritten(join(aside, "cgroup.procs"), String(pid)));
}

interface Mount {
  directory: string;
  /** The cgroup that is seen at the directory. */
  root: string;
}

function mountOfCgroups(): Mount | undefined {
  const line = readKernelFile("/proc/self/mountinfo")
    .split("\n")
    .find((one) => / - cgroup2 /.test(one));
  const [, , , root, directory] = line?.split(" ") ?? [];
  return root === undefined || directory === undefined ? undefined : { directory, root };
}

function ourCgroup({ directory, root }: Mount): string | undefined {
  const path = cgroupOf("self");
  const below = path === undefined ? ".." : relative(root, path);
  return below.startsWith("..") ? undefined : join(directory, below);
}

/** The cgroup of version 2 that a process is in, from the topmost that can be seen on. */
export function cgroupOf(pid: number | "self"): string | undefined {
  const [, path] = /^0::(.*)$/m.exec(readKernelFile(`/proc/${pid}/cgroup`)) ?? [];
  return path;
}

/** The one that counts our memory, of either version, as the kernel's log tells it; undefined for the root, where anybody may be. */
export function ownMemoryCgroup(): string | undefined {
  const text = readKernelFile("/proc/self/cgroup");
  const [, path = cgroupOf("self")] = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(text) ?? [];
  return path === "/" ? undefined : path;
}

function hasOwnLimit(cgroup: string): boolean {
  const limits = ["memory.max", "memory.high", "cpu.max"];
  return limits.some((name) => !/^(max\b|$)/.test(readKernelFile(join(cgroup, name))));
}

function parentOf(pid: number): number {
  const [, parent] = /^PPid:\t(\d+)/m.exec(readKernelFile(`/proc/${pid}/status`)) ?? [];
  return Number(parent ?? 0);
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Writes a file of the kernel's; false where it does not take that. */
export function isWritten(path: string, value: string): boolean {
  try {
    writeFileSync(path, value);
    return true;
  } catch {
    return false;
  }
}

function wordsIn(path: string): string[] {
  return readKernelFile(path).split(/\s+/).filter(Boolean);
}

/** A file of the kernel's; empty where it can't be read. */
export function readKernelFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
