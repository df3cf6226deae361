import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "../core/files.ts";

/**
 * Removes the work files of tasks. A chroot may have left directories of root there; what can't be removed is told and
 * stays, without harm to this task or the next.
 */
export async function removeWorkspace(path: string, say: (text: string) => void = () => undefined): Promise<void> {
  for (const name of await readdir(path).catch(() => [])) {
    const directory = join(path, name);
    if (!(await isRemoved(directory))) say(`Can not remove the '${directory}', run copr-builder-cleanup.`);
  }
  await rmdir(path).catch(() => undefined);
}

/** As much of a tree as can be; resolves to whether all of it is gone. */
async function isRemoved(path: string): Promise<boolean> {
  const isWhole = await removeTree(path).then(
    () => true,
    () => false,
  );
  if (isWhole) return true;
  const entries = await readdir(path).catch(() => []);
  for (const name of entries) await isRemoved(join(path, name));
  return rmdir(path).then(
    () => true,
    () => false,
  );
}
