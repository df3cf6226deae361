import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where a program of this name lies on a search path; undefined when it is not installed. A name with `/` is its own path. */
export async function findProgram(name: string, searchPath = process.env["PATH"] ?? ""): Promise<string | undefined> {
  const places = name.includes("/")
    ? [name]
    : searchPath
        .split(":")
        .filter(Boolean)
        .map((directory) => join(directory, name));
  for (const path of places) {
    const isProgram = await access(path, constants.X_OK)
      .then(() => stat(path))
      .then(
        (info) => info.isFile(),
        () => false,
      );
    if (isProgram) return path;
  }
  return undefined;
}
