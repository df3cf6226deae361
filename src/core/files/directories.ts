import { lstat, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import { randomName } from "./random-name.ts";

/** Makes a directory and its parents; an existing one is fine, anything else in its place is an error. */
export async function ensureDirectory(path: string, mode = 0o755): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    throw new CoprError(`Cannot make the directory '${path}': ${describeFileError(error)}`, { cause: error });
  }
}

/** Whether a file can be made in a directory, or in the nearest parent that exists. */
export async function isWritable(directory: string): Promise<boolean> {
  const probe = `${directory}/.probe-${randomName()}`;
  try {
    await (await open(probe, "wx")).close();
    await rm(probe, { force: true });
    return true;
  } catch (error) {
    // Some file systems of the kernel answer ENOENT too when they won't make a file.
    const isMissing = errorCode(error) === "ENOENT" && dirname(directory) !== directory && !(await exists(directory));
    return isMissing && (await isWritable(dirname(directory)));
  }
}

/** Whether a path is a directory itself: a link to one is none. */
export async function isDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/** Whether something, even a dangling link, has this name. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
