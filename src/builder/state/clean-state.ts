import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { capture } from "../../core/process/run.ts";
import { leftOf } from "./set-aside.ts";
import type { StateDirectory } from "./state-directory.ts";

/** The builder in whose state directory a path is: the path to that is the administrator's, what is below it the users'. */
type Owner = Pick<StateDirectory, "host">;

/**
 * Removes what tasks have left in a slot, as root, while whoever owns it may change it under our hands. The programs
 * that remove go down by file descriptors, so that no link leads them elsewhere, and stay on their file system.
 */
export async function removeState(slot: StateDirectory): Promise<void> {
  for (const path of [slot.results, slot.keptResults, slot.workspace, slot.keptChroots]) await emptyDirectory(path, slot);
  for (const path of [slot.results, slot.keptResults, slot.workspace])
    for (const left of await leftOf(path)) await removeByName(left, slot);
  const { pid, loggerPid, running, liveLog, logJournal, mainLog, status, keptResults, keptChroots, chrootConfig } = slot;
  for (const path of [pid, loggerPid, running, liveLog, logJournal, mainLog, status, keptResults, keptChroots, chrootConfig])
    await removeByName(path, slot);
}

/** Removes all that is in a directory, hidden files too; the directory itself stays as it is, unless it is none. */
export async function emptyDirectory(path: string, owner: Owner): Promise<void> {
  await inParent(path, owner, async (parent, name) => {
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

/** Removes a file, a link itself, or a tree; what is not there is fine. Without an owner all of the path is the administrator's. */
export async function removeByName(path: string, owner?: Owner): Promise<void> {
  await inParent(path, owner, (parent, name) => removeIn(parent, name, path));
}

function removeIn(parent: FileHandle, name: string, path: string): Promise<void> {
  const rm = ["rm", "--recursive", "--force", "--one-file-system", "--"];
  if (isText(name)) return remove([...rm, `/proc/self/fd/3/${name}`], parent, path);
  const pattern = name.replaceAll(/[*?[\]\\]/g, "\\$&").replaceAll(NO_TEXT, "*");
  const find = ["find", "-P", "/proc/self/fd/3/", "-mindepth", "1", "-maxdepth", "1", "-name", pattern];
  return remove([...find, "-exec", ...rm, "{}", "+"], parent, path);
}

/** What a name has for bytes that are no text. A file can't be named by it; what is removed is all that it may stand for. */
const NO_TEXT = "\ufffd";

function isText(name: string): boolean {
  return !name.includes(NO_TEXT);
}

/** With a path's directory held open, which is where the path says. */
async function inParent(path: string, owner: Owner | undefined, work: (parent: FileHandle, name: string) => Promise<void>): Promise<void> {
  let parent: FileHandle;
  try {
    if (isText(basename(path))) await lstat(path);
    parent = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw new CoprError(`Cannot clean '${path}' up: ${describeFileError(error)}`, { cause: error });
  }
  try {
    // Whoever owns the directories in between may have put a link in the place of one.
    if (owner && !(await isBelow(parent, dirname(path), owner)))
      throw new CoprError(`Cannot clean '${path}' up: there is a link in this path`);
    await work(parent, basename(path));
  } finally {
    await parent.close();
  }
}

/** Whether an open directory is the one of a path in the owner's, or one that the configuration has put elsewhere. */
async function isBelow(directory: FileHandle, path: string, { host }: Owner): Promise<boolean> {
  const below = relative(host, path);
  if (below.startsWith("..")) return true;
  return (await readlink(`/proc/self/fd/${directory.fd}`)) === join(await realpath(host), below);
}

async function remove(argv: readonly string[], inside: FileHandle, path: string): Promise<void> {
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" };
  const { exitCode, stderr } = await capture(argv, { inherit: [inside.fd], cwd: "/", env });
  if (exitCode !== 0) throw new CoprError(`Cannot clean '${path}' up: ${stderr.toString().trim().split("\n").at(-1) ?? ""}`);
}
