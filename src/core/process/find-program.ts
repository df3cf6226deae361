import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where a program of this name lies on a search path; undefined when it is not installed. A name with `/` is its own path. */
export function findProgram(name: string, searchPath?: string): Promise<string | undefined> {
  return findFile(name, searchPath, constants.X_OK);
}

/** The same for any file, also one that this user may not execute. */
export async function findFile(
  name: string,
  searchPath = process.env["PATH"] ?? "",
  mode: number = constants.F_OK,
): Promise<string | undefined> {
  const directories = searchPath.split(":").filter(Boolean);
  for (const path of name.includes("/") ? [name] : directories.map((directory) => join(directory, name))) {
    const isFile = await access(path, mode)
      .then(() => stat(path))
      .then(
        (info) => info.isFile(),
        () => false,
      );
    if (isFile) return path;
  }
  return undefined;
}
