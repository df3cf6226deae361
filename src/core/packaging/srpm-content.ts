import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CoprError } from "../errors.ts";
import { pipeline } from "../process/pipeline.ts";
import type { ProcessOptions } from "../process/start.ts";

/** Which source package, where to, and which of its files. */
export interface SrpmContent extends Pick<ProcessOptions, "env" | "signal"> {
  srpm: string;
  /** A private directory; must exist. */
  directory: string;
  /** The names that are taken; all when left out. */
  names?: readonly string[];
}

/**
 * Unpacks files of a source package; resolves to the exit status of what did it. Names inside are a stranger's: what came out
 * is for the caller to look at (security: C7, C9).
 */
export function extractFromSrpm({ srpm, directory, names = [], ...options }: SrpmContent): Promise<number> {
  const untar = ["tar", "-x", "-f", "-", "--no-same-owner", "--no-same-permissions", "--"];
  // tar complains of the spelling that is not there.
  return pipeline(["rpm2archive", "-n"], [...untar, ...names.flatMap((name) => [name, `./${name}`])], {
    ...options,
    cwd: directory,
    inputPath: srpm,
  });
}

/**
 * Unpacks a whole source package into an empty directory. Throws CoprError when it can't be read, or holds anything but plain
 * files, as no source package of rpmbuild does.
 */
export async function unpackSrpm(content: Omit<SrpmContent, "names">): Promise<void> {
  const status = await extractFromSrpm(content);
  content.signal?.throwIfAborted();
  const entries = await readdir(content.directory);
  if (status !== 0 || entries.length === 0) throw new CoprError(`'${content.srpm}' can't be unpacked: is it a source package?`);
  for (const name of entries) {
    const info = await lstat(join(content.directory, name));
    if (!info.isFile() || info.nlink > 1) throw new CoprError(`'${content.srpm}' holds '${name}', which is no plain file`);
  }
}
