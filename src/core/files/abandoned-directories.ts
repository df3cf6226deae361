import { lstat, readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isRunning } from "../process/table.ts";
import { exists } from "./directories.ts";
import { type Lock, tryLock } from "./lock.ts";
import { readRegularFile } from "./regular-file.ts";
import { removeTree } from "./remove-tree.ts";

/** Directories that go with the process that has made them, all in one place. */
export interface OwnedDirectories {
  /** Where they lie. */
  parent: string;
  /** What their names begin with. */
  prefix: string;
  /** Files in each that another process may have locked; while one does, the directory stays. */
  locks?: readonly string[];
}

/** In a directory that is to go with its process: who that is. One that is to stay has no such file. */
export const OWNER_MARK = "owner";

/** What was made, and not marked yet, lasts a moment; a machine may sleep in the middle of it. */
const MOMENT_MS = 3600_000;

/**
 * Removes the directories that processes of this user have left when they were killed. Only directories of this user that nobody
 * else may enter, no links, and none in which somebody still works. Nothing depends on it: what can't be removed stays.
 */
export async function removeAbandoned({ parent, prefix, locks = [] }: OwnedDirectories): Promise<void> {
  for (const name of await namesIn(parent, prefix)) {
    await removeIfAbandoned(join(parent, name), locks).catch(() => undefined);
  }
}

/** The same for directories without a mark, which are there for a moment only. */
export async function removeForgotten({ parent, prefix }: Omit<OwnedDirectories, "locks">): Promise<void> {
  for (const name of await namesIn(parent, prefix)) {
    const directory = join(parent, name);
    if ((await isOurs(directory)) && (await isForgotten(directory))) await removeTree(directory).catch(() => undefined);
  }
}

async function namesIn(parent: string, prefix: string): Promise<string[]> {
  return (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(prefix));
}

async function removeIfAbandoned(directory: string, others: readonly string[]): Promise<void> {
  if (!(await isOurs(directory))) return;
  const [, pid, startTime] = /^(\d+) (\d+)\n$/.exec(await markOf(directory)) ?? [];
  if (pid === undefined) return removeIfNeverMarked(directory);
  if (isRunning({ pid: Number(pid), startTime: Number(startTime) })) return;
  const locks: Lock[] = [];
  try {
    for (const path of [OWNER_MARK, ...others].map((name) => join(directory, name))) {
      // Who was killed early has not come as far as to make it.
      if (!(await exists(path))) continue;
      const lock = await tryLock(path);
      if (lock === undefined) return;
      locks.push(lock);
    }
    await removeTree(directory);
  } finally {
    for (const lock of locks) await lock.release();
  }
}

/** Who was killed before it could mark a directory has put nothing else into it. */
async function removeIfNeverMarked(directory: string): Promise<void> {
  if (!(await isForgotten(directory))) return;
  const names = await readdir(directory);
  if (names.length === 0) await rmdir(directory);
  else if (names.length === 1 && names[0] === OWNER_MARK && (await markOf(directory)) === "") await removeTree(directory);
}

/** What the mark says; empty where there is none. Throws CoprError for one that is no plain file. */
async function markOf(directory: string): Promise<string> {
  const path = join(directory, OWNER_MARK);
  if (!(await exists(path))) return "";
  return (await readRegularFile(path, { maxBytes: 100 })).toString();
}

async function isOurs(directory: string): Promise<boolean> {
  const info = await lstat(directory).catch(() => undefined);
  return info !== undefined && info.isDirectory() && info.uid === process.getuid?.() && (info.mode & 0o077) === 0;
}

async function isForgotten(directory: string): Promise<boolean> {
  const changedAt = (await lstat(directory).catch(() => undefined))?.mtimeMs;
  return changedAt !== undefined && Date.now() - changedAt > MOMENT_MS;
}
