import { constants, readFileSync, statSync } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigurationError, describeFileError, errorCode } from "../errors.ts";
import { ensureDirectory, isWritable } from "../files/directories.ts";
import { parseIni } from "../text/ini.ts";

/** A configuration file that is going to be changed. */
export interface ConfigFile {
  /** As the user knows it. */
  path: string;
  /** Where it lies: the path may be a link. */
  target: string;
  /** What it holds; empty when it is not there yet. */
  text: string;
  exists: boolean;
}

/**
 * Makes sure that a configuration file can be changed, before anything is done that must not get lost; it need not exist.
 * Throws ConfigurationError for one that can't be read or written, or that is no INI file.
 */
export async function openConfigFile(path: string): Promise<ConfigFile> {
  const target = await realpath(path).catch(() => path);
  const text = read(target);
  try {
    if (text !== undefined) parseIni(text, { source: path });
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause, hint: "Mend the file, or put it out of the way." });
  }
  // The file is replaced as a whole, which takes a place beside it.
  const isReplaceable = text === undefined || (await canWrite(target));
  if (!isReplaceable || !(await isWritable(dirname(target)))) {
    throw new ConfigurationError(`File ${path} is not writable.  Can't update.`);
  }
  return { path, target, text: text ?? "", exists: text !== undefined };
}

/** Replaces the file by one that only its owner may read; a reader sees the old or the new text. Throws CoprError. */
export async function saveConfigFile({ target }: ConfigFile, text: string): Promise<void> {
  const { removeHalfWritten, writeFileAtomic } = await import("../files/atomic-file.ts");
  await ensureDirectory(dirname(target), 0o700);
  await removeHalfWritten(target);
  await writeFileAtomic(target, text, 0o600, { isExactMode: true });
}

/** Whether others than its owner may read a file; false when there is none. */
export function isReadableByOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o044) !== 0;
}

function read(path: string): string | undefined {
  try {
    // A pipe can be read from, and a directory be none: neither can be replaced by what is written.
    if (statSync(path).isFile()) return readFileSync(path, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new ConfigurationError(`Cannot read ${path}: ${describeFileError(cause)}`, { cause });
  }
  throw new ConfigurationError(`${path} is no regular file, so no configuration can be written there.`);
}

function canWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
