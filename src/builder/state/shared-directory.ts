import { chmod, chown, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ensureDirectory, exists } from "../../core/files.ts";

/**
 * Makes a directory that all users of a builder can work in where they share the one above it, as the group mock does:
 * what root has made first must not be in the way of the builder's own user.
 */
export async function ensureSharedDirectory(path: string): Promise<void> {
  if (await exists(path)) return ensureDirectory(path);
  await ensureDirectory(path);
  const { gid, mode } = await stat(dirname(path));
  if ((mode & GROUP_WRITE) === 0) return;
  await chown(path, SAME, gid);
  await chmod(path, 0o775);
}

const GROUP_WRITE = 0o020;
const SAME = -1;
