import { constants, createWriteStream } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { describeFileError } from "../../core/errors.ts";
import { removeTree } from "../../core/files/remove-tree.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";

const MAX_SRPM_BYTES = 50 * 1024 ** 3;

/**
 * Publishes the only source package of a directory that a stranger's program wrote to, and nothing else of it: there
 * may be links to files of this host, or a file named `success` (security: C19, C22). It is copied because it may
 * belong to another user. Throws TaskError for none, several, or one that is no plain file.
 */
export async function publishForeignSrpm({ results, signal }: TaskContext, directory: string): Promise<void> {
  const found = (await readdir(directory)).filter((name) => name.endsWith(".src.rpm")).sort();
  const [name] = found;
  if (name === undefined) throw new TaskError("No source package was made");
  if (found.length > 1) throw new TaskError(`Several source packages were made: ${found.join(", ")}`);
  const target = join(results, name);
  try {
    const file = await open(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile()) throw new TaskError(`Refusing the source package '${name}': it is not a regular file`);
      if (info.size > MAX_SRPM_BYTES)
        throw new TaskError(`Refusing the source package '${name}': it is larger than ${MAX_SRPM_BYTES} bytes`);
      const content = file.createReadStream({ autoClose: false, end: info.size });
      await pipeline(content, createWriteStream(target, { flags: "wx", mode: 0o644 }), { signal });
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeTree(target);
    if (error instanceof TaskError || signal.aborted) throw error;
    throw new TaskError(`Cannot take the source package '${name}': ${describeFileError(error)}`, { cause: error });
  }
}
