import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import { isDirectory } from "../../core/files/directories.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Whether a slot has a directory of its own. Those of further slots belong to the builder's users, who may have put a link in their place. */
export async function isOwnPath({ slot, host, path }: StateDirectory): Promise<boolean> {
  if (slot === 1) return true;
  const found = await realpath(path).catch(() => undefined);
  return found === join(await realpath(host), "slots", String(slot)) && (await isDirectory(path));
}

/** The link on the way to a slot's directory that keeps it from being its own; undefined where that is something else. */
export async function linkTo({ host, path }: StateDirectory): Promise<string | undefined> {
  for (const one of [join(host, "slots"), path]) if ((await lstat(one).catch(() => undefined))?.isSymbolicLink()) return one;
  return undefined;
}
