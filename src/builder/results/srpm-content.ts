import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { extractFromSrpm } from "../../core/packaging/srpm-content.ts";
import { TaskError } from "../errors.ts";
import { maxSpecBytes } from "./rpm-query.ts";
import type { TaskContext } from "../task/task-context.ts";

/**
 * Unpacks the spec file of a source package into a private directory. Names inside a package are a stranger's: only the named
 * one is taken, and only if it comes out as a plain file there (security: C7, C9).
 */
export async function extractSpec({ environment, signal }: TaskContext, srpm: string, name: string, directory: string): Promise<void> {
  await extractFromSrpm({ srpm, directory, names: [name], env: environment, signal });
  const info = await lstat(join(directory, name)).catch(() => undefined);
  if (!info?.isFile() || info.nlink > 1 || info.size > maxSpecBytes)
    throw new TaskError(`The spec file '${name}' can't be taken out of the source package`);
}
