import { chmod, chown, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../../core/errors.ts";
import { ensureDirectory, exists } from "../../core/files/directories.ts";

/**
 * Makes a directory, and those above it, that all users of a builder can work in where they share the one above, as
 * the group mock does: what root has made first must not be in the way of the builder's own user.
 */
export async function ensureSharedDirectory(path: string): Promise<void> {
  if (await exists(path)) return ensureDirectory(path);
  const parent = dirname(path);
  if (!(await exists(parent))) await ensureSharedDirectory(parent);
  await ensureDirectory(path);
  const { gid, mode } = await stat(parent);
  // In a place for everybody, such as /tmp, nothing is shared.
  if ((mode & GROUP_WRITE) === 0 || (mode & STICKY) !== 0) return;
  try {
    await chown(path, SAME, gid);
    await chmod(path, 0o775);
  } catch (error) {
    // A group that this user is not in shares nothing with it.
    if (errorCode(error) !== "EPERM") throw error;
  }
}

const GROUP_WRITE = 0o020;
const STICKY = 0o1000;
const SAME = -1;
