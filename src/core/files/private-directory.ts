import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { PIPES_PREFIX } from "../process/pipes-prefix.ts";
import { removeAbandoned, removeForgotten } from "./abandoned-directories.ts";
import { exists } from "./directories.ts";
import { makeDirectory, makeOwnedDirectory, type OwnedDirectory } from "./owned-directory.ts";
import { removeTree } from "./remove-tree.ts";

/** A directory that nobody else can read. */
export interface PrivateDirectory {
  path: string;
  remove(): Promise<void>;
}

/**
 * Gives work a private directory, and removes it afterwards; see `makePrivateDirectory`. Throws CoprError when it can't be made
 * or removed, and whatever the work throws.
 */
export async function withPrivateDirectory<T>(name: string, work: (directory: string) => Promise<T>): Promise<T> {
  const { path, remove } = await makePrivateDirectory(name);
  try {
    return await work(path);
  } finally {
    await remove();
  }
}

/**
 * Makes a directory that nobody else can read, inside the one that this process has for all of them. It goes with the process,
 * however that ends; what a SIGKILL leaves, the next process of this user removes that needs such a directory. Throws CoprError.
 *
 * @param name what its name begins with
 */
export async function makePrivateDirectory(name: string): Promise<PrivateDirectory> {
  const path = await makeDirectory({ parent: await ownDirectory(tmpdir()), prefix: name });
  const stopListening = removeAtHangUp(path);
  return {
    path,
    async remove() {
      await removeTree(path);
      stopListening();
    },
  };
}

/** What this process has, by where it lies. */
const owned = new Map<string, Promise<OwnedDirectory>>();

async function ownDirectory(parent: string): Promise<string> {
  const known = await owned.get(parent);
  // Who tidies up the system's temporary files may have taken it.
  if (known !== undefined && (await exists(known.path))) return known.path;
  const made = makeOwnDirectory(parent);
  owned.set(parent, made);
  made.catch(() => owned.delete(parent));
  return (await made).path;
}

async function makeOwnDirectory(parent: string): Promise<OwnedDirectory> {
  await removeForgotten({ parent, prefix: PIPES_PREFIX });
  const place = { parent, prefix: "copr-work-" };
  await removeAbandoned(place);
  const own = await makeOwnedDirectory(place);
  process.once("exit", () => removeNow(own.path));
  return own;
}

/** A hang-up ends Node without its exit event, unless the program decides what becomes of it. */
function removeAtHangUp(path: string): () => void {
  const hangUp = (): void => {
    if (process.listenerCount("SIGHUP") > 0) return;
    removeNow(path);
    process.kill(process.pid, "SIGHUP");
  };
  process.once("SIGHUP", hangUp);
  return () => process.off("SIGHUP", hangUp);
}

/** What can't be removed now stays for the next process. */
function removeNow(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}
