import { lstat, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lock, tryLock } from "../../core/files/lock.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { isRunning, readProcess } from "../../core/process/table.ts";

/** What names of workplaces begin with. */
export const WORKPLACE_PREFIX = "copr-local-";

/** In a workplace that is to go with the process that has made it: who that is. One that is to stay has no such file. */
const MARK = "owner";

/** Marks a workplace as one that goes with this process, until what is returned is released. */
export async function markAsOwn(directory: string): Promise<Lock | undefined> {
  const path = join(directory, MARK);
  const { pid, startTime } = readProcess(process.pid) ?? { pid: process.pid, startTime: 0 };
  await writeFile(path, `${pid} ${startTime}\n`, { mode: 0o600, flag: "wx" });
  // In a container that shares the directory nobody sees this process, but the lock counts there, too.
  return tryLock(path).catch(() => undefined);
}

/**
 * Removes the workplaces that processes of this user have left when they were killed. Only directories of this user that nobody
 * else may enter, no links, and none in which a builder is still ending its task. Nothing depends on it: what can't be removed stays.
 */
export async function removeAbandonedWorkplaces(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(WORKPLACE_PREFIX))) {
    await removeIfAbandoned(join(parent, name)).catch(() => undefined);
  }
}

async function removeIfAbandoned(directory: string): Promise<void> {
  const info = await lstat(directory);
  if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & 0o077) !== 0) return;
  const mark = (await readRegularFile(join(directory, MARK), { maxBytes: 100 })).toString();
  const [, pid, startTime] = /^(\d+) (\d+)\n$/.exec(mark) ?? [];
  if (pid === undefined || isRunning({ pid: Number(pid), startTime: Number(startTime) })) return;
  const locks: Lock[] = [];
  try {
    for (const path of [join(directory, MARK), join(directory, "state", "lockfile")]) {
      const lock = await tryLock(path);
      if (lock === undefined) return;
      locks.push(lock);
    }
    await removeTree(directory);
  } finally {
    for (const lock of locks) await lock.release();
  }
}
