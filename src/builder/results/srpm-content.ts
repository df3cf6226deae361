import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "../../core/process/pipeline.ts";
import { TaskError } from "../errors.ts";
import { maxSpecBytes } from "./rpm-query.ts";
import type { TaskContext } from "../task/task-context.ts";

/**
 * Unpacks one file of a source package into a private directory. Names inside a package are a stranger's:
 * only the named one is taken, and only if it comes out as a plain file there (security: C7, C9).
 */
export async function extractFromSrpm(context: TaskContext, srpm: string, name: string, directory: string): Promise<void> {
  // tar complains of the spelling that is not there; what counts is what came out.
  await pipeline(["rpm2archive", "-n"], ["tar", "-x", "-f", "-", "--no-same-owner", "--no-same-permissions", "--", name, `./${name}`], {
    cwd: directory,
    env: context.environment,
    signal: context.signal,
    inputPath: srpm,
  });
  const info = await lstat(join(directory, name)).catch(() => undefined);
  if (!info?.isFile() || info.nlink > 1 || info.size > maxSpecBytes)
    throw new TaskError(`The spec file '${name}' can't be taken out of the source package`);
}
