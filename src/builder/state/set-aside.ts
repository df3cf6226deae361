import { readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { removeTree } from "../../core/files/remove-tree.ts";
import { randomName } from "../../core/files/random-name.ts";

/**
 * Takes a directory out of the way: removed, or, where another user has left what we can't remove, under another name
 * until copr-builder-cleanup comes. Resolves to that name. Throws where neither can be done.
 */
export async function setAside(path: string): Promise<string | undefined> {
  try {
    await removeTree(path);
    return undefined;
  } catch {
    const aside = `${path}${MARK}${randomName()}`;
    await rename(path, aside);
    return aside;
  }
}

const MARK = ".left-";

/** What was set aside of a directory. */
export async function leftOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter((name) => name.startsWith(`${basename(path)}${MARK}`)).map((name) => join(dirname(path), name));
}
