import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CoprError, describeFileError } from "../errors.ts";
import { randomName } from "./random-name.ts";

interface WriteOptions {
  /** The mode is what the file is to have, whatever the umask. */
  isExactMode?: boolean;
}

/**
 * Replaces a file so that a reader sees the old or the new content, never a part, also after a crash of the machine.
 * Throws CoprError naming the file.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o644, options: WriteOptions = {}): Promise<void> {
  return replace(path, content, { ...options, mode, isDurable: true });
}

/**
 * The same for a file that is worth nothing when the machine has crashed: the disk is not waited for, which on a busy one
 * takes longer than all the rest.
 */
export function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  return replace(path, content, { mode: 0o644, isDurable: false });
}

async function replace(
  path: string,
  content: string | Uint8Array,
  { mode, isDurable, isExactMode = false }: WriteOptions & { mode: number; isDurable: boolean },
): Promise<void> {
  const temporary = `${path}.${randomName()}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      if (isExactMode) await file.chmod(mode);
      await file.writeFile(content);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  }
}

/** Nobody takes so long to write a file. */
const WRITING_MS = 3600_000;

/**
 * Removes what killed writers of a file have left beside it: nobody would look for the secrets in there. Nothing depends on it,
 * so what can't be removed stays.
 */
export async function removeHalfWritten(path: string): Promise<void> {
  const directory = dirname(path);
  const beginning = `${basename(path)}.`;
  for (const name of await readdir(directory).catch(() => [])) {
    if (!name.startsWith(beginning) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(beginning.length))) continue;
    const info = await lstat(join(directory, name)).catch(() => undefined);
    if (info === undefined || !info.isFile() || info.uid !== process.getuid?.()) continue;
    if (Date.now() - info.mtimeMs > WRITING_MS) await rm(join(directory, name), { force: true }).catch(() => undefined);
  }
}
