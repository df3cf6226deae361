import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoprError, describeFileError } from "../errors.ts";
import { readProcess } from "../process/table.ts";
import { type OwnedDirectories, OWNER_MARK } from "./abandoned-directories.ts";
import { type Lock, tryLock } from "./lock.ts";
import { removeTree } from "./remove-tree.ts";

/** A directory that goes with its process: whose that is, it says itself. */
export interface OwnedDirectory {
  path: string;
  /** Gives up the directory, which should be gone by then. */
  release(): Promise<void>;
}

/** Makes a directory of this process; the caller is to remove it. Throws CoprError. */
export async function makeOwnedDirectory(place: OwnedDirectories): Promise<OwnedDirectory> {
  const path = await makeDirectory(place);
  try {
    const mark = await markAsOwn(path);
    return { path, release: async () => mark?.release() };
  } catch (cause) {
    await removeTree(path);
    throw new CoprError(`Cannot write in '${path}': ${describeFileError(cause)}`, { cause });
  }
}

/** Makes a directory that is to stay. Throws CoprError. */
export async function makeDirectory({ parent, prefix }: OwnedDirectories): Promise<string> {
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (cause) {
    throw new CoprError(`Cannot make a directory in '${parent}': ${describeFileError(cause)}`, { cause, hint: "TMPDIR names another." });
  }
}

async function markAsOwn(directory: string): Promise<Lock | undefined> {
  const path = join(directory, OWNER_MARK);
  const { pid, startTime } = readProcess(process.pid) ?? { pid: process.pid, startTime: 0 };
  await writeFile(path, `${pid} ${startTime}\n`, { mode: 0o600, flag: "wx" });
  // In a container that shares the directory nobody sees this process, but the lock counts there, too.
  return tryLock(path).catch(() => undefined);
}
