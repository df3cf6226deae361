import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { TaskError } from "../errors.ts";

/**
 * A path of the task inside a clone, links resolved: what lies outside, or leads there, is refused (security: C12).
 * Undefined when there is nothing.
 */
export async function findInside(clone: string, path: string): Promise<string | undefined> {
  const found = await realpath(join(clone, path)).catch(() => undefined);
  if (found === undefined || found === clone || found.startsWith(`${clone}/`)) return found;
  throw new TaskError(`Refusing '${path}': it leads out of the repository`);
}

/** rpmbuild packs what a link points at, so a link out of a directory would publish a file of this host (security: C20, C35). */
export async function refuseLeavingLinks(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = await realpath(path).catch(() => undefined);
    if (target !== undefined && !target.startsWith(`${directory}/`)) {
      throw new TaskError(`Refusing the link '${path.slice(directory.length + 1)}': it leads out of the repository`);
    }
  }
}
