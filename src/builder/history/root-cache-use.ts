import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile } from "../../core/files/regular-file.ts";

/** mock's log of its own steps, which no package writes to. */
const STATE_LOG = "state.log";
const MAX_BYTES = 1024 * 1024;

/**
 * Whether mock has unpacked a root cache for the task's chroot, as it tells in the results; null where it did neither that nor
 * made one. Results of earlier tasks, that began before `since`, tell nothing.
 */
export async function rootCacheUse(results: string, since: number): Promise<"hit" | "miss" | null> {
  const path = join(results, STATE_LOG);
  try {
    if ((await stat(path)).mtimeMs < since * 1000) return null;
    const text = (await readRegularFile(path, { maxBytes: MAX_BYTES })).toString();
    if (/ Start: unpacking root cache$/m.test(text)) return "hit";
    return / Start: creating root cache$/m.test(text) ? "miss" : null;
  } catch {
    return null;
  }
}
