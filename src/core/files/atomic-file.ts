import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { CoprError, describeFileError } from "../errors.ts";

/**
 * Replaces a file so that a reader sees the old or the new content, never a part, also after a crash.
 * Throws CoprError naming the file.
 * @param isExactMode the mode is what the file is to have, whatever the umask
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
  { isExactMode = false }: { isExactMode?: boolean } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      if (isExactMode) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
  }
}
