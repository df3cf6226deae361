import { constants } from "node:fs";
import { chmod, copyFile, lstat, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { describeFileError, errorCode } from "../core/errors.ts";
import { ensureDirectory, exists, removeTree } from "../core/files.ts";
import { TaskError } from "./errors.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Names that belong to copr-backend and to us; a build must not bring them (security: C22). */
const reservedNames = new Set(["success", "results.json", "build.info", "backend.log", "builder-live.log", "prev_build_backup"]);

const MAX_RESULT_FILES = 20_000;

/** An empty result directory, whatever was there; what is to be kept waits beside it for bringBackResults. */
export async function emptyResults({ results, keptResults }: StateDirectory, keepsResults = false): Promise<void> {
  if (!keepsResults) await removeTree(keptResults);
  // After a crash the directory that was set aside is the whole one.
  else if (!(await exists(keptResults)) && (await exists(results))) await rename(results, keptResults);
  await removeTree(results);
  await ensureDirectory(results);
}

/** Puts results of earlier tasks back beside the new ones; what says how a task went is always the new one's. */
export async function bringBackResults({ results, keptResults }: StateDirectory): Promise<void> {
  if (!(await exists(keptResults))) return;
  await unmarkSuccess(keptResults);
  for (const name of await readdir(keptResults)) {
    if (!(await exists(join(results, name)))) await rename(join(keptResults, name), join(results, name));
  }
  await removeTree(keptResults);
}

/** Moves one regular file that a build made into the results, readable for all. Links are never followed. */
export async function publishFile(from: string, results: string, name: string): Promise<void> {
  const info = await lstat(from).catch(() => undefined);
  if (!info?.isFile() || !isPublishableName(name)) return;
  const target = join(results, name);
  try {
    await rename(from, target).catch(async (error: unknown) => {
      if (errorCode(error) !== "EXDEV") throw error;
      await copyFile(from, target, constants.COPYFILE_EXCL);
    });
    await chmod(target, 0o644);
  } catch (error) {
    throw new TaskError(`Cannot write the result '${name}': ${describeFileError(error)}`, { cause: error });
  }
}

/** Removes from the results what must not be published: links, devices, odd and reserved names (security: C21). */
export async function sweepResults(directory: string, say: (text: string) => void): Promise<void> {
  let count = 0;
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    count += 1;
    if (count > MAX_RESULT_FILES) throw new TaskError(`The build left more than ${MAX_RESULT_FILES} files`);
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (entry.isFile() && isPublishableName(entry.name)) continue;
    say(`Leaving out '${entry.name}': ${entry.isFile() ? "its name is reserved" : "it is not a regular file"}`);
    await removeTree(path);
  }
}

/** Says that everything is there and complete. Written last: copr-backend takes its existence for the result. */
export async function markSuccess(directory: string): Promise<void> {
  const file = await open(join(directory, "success"), "wx", 0o644);
  try {
    await file.writeFile("done");
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Takes away what a failed task must not leave: anything that reads as a success. */
export async function unmarkSuccess(directory: string): Promise<void> {
  for (const name of ["success", "results.json"]) {
    if (await exists(join(directory, name))) await removeTree(join(directory, name));
  }
}

function isPublishableName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !reservedNames.has(name) && !/[\u0000-\u001f\u007f]|^build-\d{8}\.rsync\.log$/.test(name);
}
