import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { errorCode } from "../../core/errors.ts";
import { removeTree } from "../../core/files/remove-tree.ts";

/** How the names of the directories begin that hold such a configuration. */
export const SCRUB_PREFIX = "copr-scrub-";

/** Where they are made. In memory where the disk is full: what is to be removed is what makes room on it. */
export function scrubPlaces(): string[] {
  return [tmpdir(), "/dev/shm"];
}

/** Writes a configuration of mock that serves a removal only, readable for the user that mock works for, and removes it after the work. */
export async function withScrubConfig<T>(name: string, content: string | Uint8Array, work: (config: string) => Promise<T>): Promise<T> {
  const config = await writeSomewhere(name, content, scrubPlaces());
  try {
    return await work(config);
  } finally {
    await removeTree(dirname(config));
  }
}

async function writeSomewhere(name: string, content: string | Uint8Array, [place, ...others]: readonly string[]): Promise<string> {
  let directory: string | undefined;
  try {
    directory = await mkdtemp(join(place as string, SCRUB_PREFIX));
    const config = join(directory, name);
    await writeFile(config, content, { mode: 0o644 });
    await chmod(config, 0o644);
    await chmod(directory, 0o755);
    return config;
  } catch (error) {
    if (directory !== undefined) await removeTree(directory);
    if (others.length === 0 || !["ENOSPC", "EDQUOT"].includes(errorCode(error) ?? "")) throw error;
    return writeSomewhere(name, content, others);
  }
}
