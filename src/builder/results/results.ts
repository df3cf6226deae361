import { isUtf8 } from "node:buffer";
import { constants, type Stats } from "node:fs";
import { access, chmod, copyFile, lstat, opendir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasOddCharacters } from "../../core/text/odd-characters.ts";
import { describeFileError, errorCode } from "../../core/errors.ts";
import { ensureDirectory, exists } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { TaskError } from "../errors.ts";
import type { LiveLog } from "../log/live-log.ts";
import type { Settings } from "../settings.ts";
import { setAside } from "../state/set-aside.ts";
import { ensureSharedDirectory } from "../state/shared-directory.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** Names that belong to copr-backend and to us; a build must not bring them (security: C22). */
const reservedNames = new Set(["success", "results.json", "build.info", "backend.log", "builder-live.log", "prev_build_backup"]);

const MAX_RESULT_FILES = 20_000;
/** Directories below the results. Far below the length of a path. */
const MAX_DEPTH = 12;

/** An empty result directory, whatever was there; what is to be kept waits beside it for bringBackResults. */
export async function emptyResults({ results, keptResults }: StateDirectory, keepsResults = false): Promise<void> {
  if (!keepsResults) await setAside(keptResults);
  // After a crash the directory that was set aside is the whole one.
  else if (!(await exists(keptResults)) && (await exists(results))) await rename(results, keptResults);
  if (await isEmptied(results)) return;
  await setAside(results);
  await ensureSharedDirectory(results);
}

/** Empties a directory where it is, as it was installed; false where it is none of ours, or another user's files are in it. */
async function isEmptied(path: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isDirectory()) return false;
    await access(path, constants.W_OK | constants.X_OK);
    for (const name of await readdir(path)) await removeTree(join(path, name));
    return true;
  } catch {
    return false;
  }
}

/** Puts results of earlier tasks back beside the new ones; what says how a task went is always the new one's. */
export async function bringBackResults({ results, keptResults }: StateDirectory): Promise<void> {
  if (!(await exists(keptResults))) return;
  await unmarkSuccess(keptResults);
  for (const name of await readdir(keptResults)) {
    // A directory that another user has made can't be moved; it is set aside with the rest.
    if (!(await exists(join(results, name)))) await rename(join(keptResults, name), join(results, name)).catch(() => undefined);
  }
  await setAside(keptResults);
}

/** Moves one regular file that a build made into the results, readable for all. Links, also hard ones, are left where they are. */
export async function publishFile(from: string, results: string, name: string): Promise<void> {
  const info = await lstat(from).catch(() => undefined);
  if (!info?.isFile() || info.nlink > 1 || !isPublishableName(name)) return;
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

/**
 * Removes from the results what must not be published: links, also hard ones, devices, odd and reserved names; what
 * stays is readable for all and nothing more (security: C21, C22). Throws TaskError beyond the limits of number and size.
 */
export async function sweepResults({ results, log, settings }: SweptTask): Promise<void> {
  const sweep: Sweep = { say: log.say, maxBytes: settings.maxResultsBytes, entries: 0, bytes: 0 };
  await sweepDirectory(Buffer.from(results), 0, sweep);
}

/** The same for a task that has failed, whose logs are published too; of results beyond the limits nothing is left. */
export async function sweepFailedResults(task: SweptTask): Promise<void> {
  if (!(await exists(task.results))) return;
  try {
    await sweepResults(task);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    task.log.say(`Leaving out all results: ${error.message}`);
    await removeTree(task.results);
    await ensureDirectory(task.results);
  }
}

/** What a sweep needs of a task's context. */
export interface SweptTask {
  results: string;
  log: Pick<LiveLog, "say">;
  settings: Pick<Settings, "maxResultsBytes">;
}

interface Sweep {
  say: (text: string) => void;
  /** 0: no limit. */
  maxBytes: number;
  entries: number;
  bytes: number;
}

/** Names are bytes here: one that is no UTF-8 must be found, too. */
async function sweepDirectory(directory: Buffer, depth: number, sweep: Sweep): Promise<void> {
  // Not `readdir`: a hostile build may have left more names than fit into memory.
  const listing = (await opendir(directory, { encoding: "buffer" as BufferEncoding })) as unknown as AsyncIterable<{ name: Buffer }>;
  for await (const { name } of listing) {
    sweep.entries += 1;
    if (sweep.entries > MAX_RESULT_FILES) throw new TaskError(`The build left more than ${MAX_RESULT_FILES} files`);
    const path = Buffer.concat([directory, Buffer.from("/"), name]);
    const info = await lstat(path);
    const objection = objectionTo(name, info, depth);
    if (objection !== undefined) {
      sweep.say(`Leaving out ${JSON.stringify(name.toString())}: ${objection}`);
      await removeTree(path);
      continue;
    }
    const mode = info.isDirectory() ? 0o755 : 0o644;
    if ((info.mode & 0o7777) !== mode) await chmod(path, mode);
    if (info.isDirectory()) await sweepDirectory(path, depth + 1, sweep);
    else countBytes(sweep, info.size);
  }
}

function objectionTo(name: Buffer, info: Stats, depth: number): string | undefined {
  if (!info.isFile() && !info.isDirectory()) return "it is not a regular file";
  if (info.isFile() && info.nlink > 1) return "it is a link to a file that has other names";
  if (info.isDirectory() && depth >= MAX_DEPTH) return "it lies too deep";
  if (!isUtf8(name) || hasOddCharacters(name.toString())) return "its name is not plain";
  return isPublishableName(name.toString()) ? undefined : "its name is reserved";
}

/** A sparse file counts as what readers get. */
function countBytes(sweep: Sweep, size: number): void {
  sweep.bytes += size;
  if (sweep.maxBytes === 0 || sweep.bytes <= sweep.maxBytes) return;
  throw new TaskError(`The results are larger than the ${sweep.maxBytes / 1024 ** 3} GiB that this builder publishes (max_results_size)`);
}

/** Says that everything is there and complete. Written last: copr-backend takes its existence for the result. It must not outlast packages that the disk had not yet got, so that is not waited for. */
export async function markSuccess(directory: string): Promise<void> {
  await writeFile(join(directory, "success"), "done", { flag: "wx", mode: 0o644 });
}

/** Takes away what a failed task must not leave: anything that reads as a success. */
export async function unmarkSuccess(directory: string): Promise<void> {
  for (const name of ["success", "results.json"]) {
    if (await exists(join(directory, name))) await removeTree(join(directory, name));
  }
}

/** A name that rpm would take for a pattern, or a reader for something else, is none for a package. */
function isPublishableName(name: string): boolean {
  if (hasOddCharacters(name) || reservedNames.has(name.replace(/\.gz$/, ""))) return false;
  return !/^build-\d{8}\.rsync\.log(\.gz)?$/.test(name) && (!name.endsWith(".rpm") || /^[A-Za-z0-9_][A-Za-z0-9._+~^-]*$/.test(name));
}
