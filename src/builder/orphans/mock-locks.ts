import { lstat, readFile } from "node:fs/promises";

/** Whether a mock that runs holds one of these lock files; what is not there is not held. */
export async function isAnyLocked(paths: readonly string[]): Promise<boolean> {
  const table = await readFile("/proc/locks", "utf8").catch(() => "");
  // File systems differ in the number of the device that they tell, so a file of another one with this inode counts as well.
  const inodes = new Set([...table.matchAll(/ [0-9a-f]+:[0-9a-f]+:(\d+) /g)].map(([, inode]) => inode));
  for (const path of paths) {
    const file = await lstat(path).catch(() => undefined);
    if (file && inodes.has(String(file.ino))) return true;
  }
  return false;
}
