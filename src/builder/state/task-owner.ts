import { lstat } from "node:fs/promises";
import { type ProcessInfo, userOf } from "../../core/process/table.ts";

/** Which processes the owner of a file may have us end. Root does not act on the word of others beyond their own. */
export async function ownersOnly(path: string): Promise<(process: Pick<ProcessInfo, "pid">) => boolean> {
  const owner = (await lstat(path)).uid;
  return ({ pid }) => process.getuid?.() !== 0 || owner === 0 || userOf(pid) === owner;
}
