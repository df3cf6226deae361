import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { capture } from "../../core/process/run.ts";
import { leftOf } from "./set-aside.ts";
import type { StateDirectory } from "./state-directory.ts";

/**
 * Removes what tasks have left in a slot, as root, while whoever owns it may change it under our hands. The programs
 * that remove go down by file descriptors, so that no link leads them elsewhere, and stay on their file system.
 */
export async function removeState(slot: StateDirectory): Promise<void> {
  for (const path of [slot.results, slot.keptResults, slot.workspace, slot.keptChroots]) await emptyDirectory(path);
  for (const path of [slot.results, slot.keptResults, slot.workspace]) for (const left of await leftOf(path)) await removeByName(left);
  const { pid, loggerPid, running, liveLog, logJournal, mainLog, status, keptResults, keptChroots, chrootConfig } = slot;
  for (const path of [pid, loggerPid, running, liveLog, logJournal, mainLog, status, keptResults, keptChroots, chrootConfig])
    await removeByName(path);
}

/** Removes all that is in a directory, hidden files too; the directory itself stays as it is, unless it is none. */
export async function emptyDirectory(path: string): Promise<void> {
  await inParent(path, async (parent, name) => {
    let directory: FileHandle;
    try {
      directory = await open(`/proc/self/fd/${parent.fd}/${name}`, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return;
      // A link or a file in its place goes itself.
      if (!["ENOTDIR", "ELOOP"].includes(errorCode(error) ?? "")) throw error;
      await removeIn(parent, name, path);
      return;
    }
    try {
      await remove(["find", "-P", "/proc/self/fd/3/", "-xdev", "-mindepth", "1", "-delete"], directory, path);
    } finally {
      await directory.close();
    }
  });
}

/** Removes a file, a link itself, or a tree; what is not there is fine. */
export async function removeByName(path: string): Promise<void> {
  await inParent(path, (parent, name) => removeIn(parent, name, path));
}

/** The same for what lies in a directory of the slot, which its users may have replaced by a link. */
export async function removeFrom(directory: string, name: string): Promise<void> {
  await inParent(join(directory, name), (parent, base) => removeIn(parent, base, join(directory, name)), constants.O_NOFOLLOW);
}

function removeIn(parent: FileHandle, name: string, path: string): Promise<void> {
  return remove(["rm", "--recursive", "--force", "--one-file-system", "--", `/proc/self/fd/3/${name}`], parent, path);
}

/** With a path's directory held open. The path to that is the administrator's. */
async function inParent(path: string, work: (parent: FileHandle, name: string) => Promise<void>, flags = 0): Promise<void> {
  let parent: FileHandle;
  try {
    await lstat(path);
    parent = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY | flags);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw new CoprError(`Cannot clean '${path}' up: ${describeFileError(error)}`, { cause: error });
  }
  try {
    await work(parent, basename(path));
  } finally {
    await parent.close();
  }
}

async function remove(argv: readonly string[], inside: FileHandle, path: string): Promise<void> {
  const { exitCode, stderr } = await capture(argv, { inherit: [inside.fd], cwd: "/" });
  if (exitCode !== 0) throw new CoprError(`Cannot clean '${path}' up: ${stderr.toString().trim().split("\n").at(-1) ?? ""}`);
}
