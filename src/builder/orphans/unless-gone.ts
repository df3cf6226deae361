import { exists } from "../../core/files/directories.ts";

/** Removes paths by other programs. A failure is none where somebody else has removed them meanwhile. */
export async function unlessGone(paths: readonly string[], remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if ((await Promise.all(paths.map(exists))).includes(true)) throw error;
  }
}
