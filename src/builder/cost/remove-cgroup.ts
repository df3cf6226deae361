import { type Dirent, readdirSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../../core/errors.ts";
import { isBelowCgroups, isWritten } from "./cgroup-places.ts";

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
