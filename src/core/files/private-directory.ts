import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoprError, describeFileError } from "../errors.ts";
import { removeTree } from "./remove-tree.ts";

/**
 * Gives work a directory that nobody else can read, and removes it afterwards: also when the program is ended meanwhile, but
 * for a SIGKILL. Throws CoprError when it can't be made or removed, and whatever the work throws.
 */
export async function withPrivateDirectory<T>(prefix: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await makeDirectory(prefix);
  const removeNow = (): void => rmSync(directory, { recursive: true, force: true });
  // A hang-up ends Node without its exit event, unless the program decides what becomes of it.
  const hangUp = (): void => {
    if (process.listenerCount("SIGHUP") > 0) return;
    removeNow();
    process.kill(process.pid, "SIGHUP");
  };
  process.once("exit", removeNow);
  process.once("SIGHUP", hangUp);
  try {
    return await work(directory);
  } finally {
    await removeTree(directory);
    process.off("exit", removeNow);
    process.off("SIGHUP", hangUp);
  }
}

async function makeDirectory(prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), prefix));
  } catch (error) {
    throw new CoprError(`Cannot make a directory in '${tmpdir()}': ${describeFileError(error)}`, { cause: error });
  }
}
