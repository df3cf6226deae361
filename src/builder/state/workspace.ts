import { constants } from "node:fs";
import { access, lstat, readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isDirectory } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { setAside } from "./set-aside.ts";
import { ensureSharedDirectory } from "./shared-directory.ts";
import type { StateDirectory } from "./state-directory.ts";

/** How the names of work directories begin; the second is upstream's. */
const OURS = /^(workdir|safe-resultdir)-/;

/**
 * Removes the work files of tasks; no others where the configuration has put the workspace elsewhere. A chroot may have left directories of root there; what can't be removed is told and
 * stays, without harm to this task or the next.
 */
export async function removeWorkspace({ path, workspace }: StateDirectory, say: (text: string) => void = () => undefined): Promise<void> {
  const isShared = workspace !== join(path, "workspace");
  // A link in its place is no workspace: what it points at is somebody else's (security: C31).
  if (!isShared && !(await isDirectory(workspace))) return removeTree(workspace);
  for (const name of await workNames({ path, workspace })) {
    const directory = join(workspace, name);
    if (!(await isRemoved(directory))) say(`Can not remove the '${directory}', run copr-builder-cleanup.`);
  }
  // One that others use, too, stays.
  if (!isShared && (await isOursAlone(workspace))) await rmdir(workspace).catch(() => undefined);
}

/** Names of the work files in a workspace; none where it is no directory. */
export async function workNames({ path, workspace }: Pick<StateDirectory, "path" | "workspace">): Promise<string[]> {
  const isShared = workspace !== join(path, "workspace");
  if (!isShared && !(await isDirectory(workspace))) return [];
  const names = await readdir(workspace).catch(() => []);
  return isShared ? names.filter((name) => OURS.test(name)) : names;
}

/** As much of a tree as can be; resolves to whether all of it is gone. */
async function isRemoved(path: string): Promise<boolean> {
  const isWhole = await removeTree(path).then(
    () => true,
    () => false,
  );
  if (isWhole) return true;
  if (!(await isDirectory(path))) return false;
  const entries = await readdir(path).catch(() => []);
  for (const name of entries) await isRemoved(join(path, name));
  return rmdir(path).then(
    () => true,
    () => false,
  );
}

/** A directory for work files. What another user has left in its place, and we can't write to, is set aside. */
export async function makeWorkspace({ workspace }: StateDirectory): Promise<void> {
  await ensureSharedDirectory(workspace);
  const isUsable = await access(workspace, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (isUsable) return;
  await setAside(workspace);
  await ensureSharedDirectory(workspace);
}

async function isOursAlone(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && info.uid === process.getuid?.() && (info.mode & GROUP_WRITE) === 0;
}

const GROUP_WRITE = 0o020;
