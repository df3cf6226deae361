import { stat, statfs } from "node:fs/promises";
import { TaskError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { StateDirectory } from "./state-directory.ts";

interface Place {
  directory: StateDirectory;
  settings: Settings;
  buildroot: Settings["buildroot"];
}

/** The directories that a task fills. */
export function filledPlaces({ directory, settings, buildroot }: Place): string[] {
  const { path, results, workspace } = directory;
  return [...new Set([path, results, workspace, ...(buildroot === "mock" ? [settings.mockDirectory] : [])])];
}

/** Throws TaskError when a disk that the task will fill is full already: better now than after hours. */
export async function requireFreeSpace(place: Place): Promise<void> {
  const shortage = await shortageOfSpace(place);
  if (shortage) throw new TaskError(shortage, { hint: "The key 'min_free' of the configuration sets this limit." });
}

/** One sentence about the first disk that has not enough room for a task. */
export async function shortageOfSpace(place: Place): Promise<string | undefined> {
  const { settings } = place;
  if (settings.minFreeMiB === 0) return undefined;
  for (const { path, freeBytes } of await spaceOf(place)) {
    const freeMiB = Math.floor(freeBytes / 2 ** 20);
    if (freeMiB < settings.minFreeMiB)
      return `The disk of '${path}' has only ${freeMiB} MiB free, and a task needs ${settings.minFreeMiB} MiB`;
  }
  return undefined;
}

/** A directory that tasks fill, and its disk. */
export interface Space {
  path: string;
  sizeBytes: number;
  /** What users other than root can have. */
  freeBytes: number;
}

/** The space for the tasks of a slot, in those of its directories that are there. */
export async function spaceOf(place: Place): Promise<Space[]> {
  const found: Space[] = [];
  for (const path of filledPlaces(place)) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    const { blocks, bavail, bsize } = await statfs(path);
    found.push({ path, sizeBytes: blocks * bsize, freeBytes: bavail * bsize });
  }
  return found;
}
