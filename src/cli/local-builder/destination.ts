import { cp, mkdir, readdir, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CoprError, describeFileError, errorCode } from "../../core/errors.ts";
import { exists } from "../../core/files/directories.ts";
import { removeTree } from "../../core/files/remove-tree.ts";

/** The user's directory for the results of a build. */
export interface Destination {
  /** As the user knows it. */
  path: string;
  /** Moves a file or directory into it, under this name. */
  take(from: string, name: string): Promise<void>;
  /** Removes what was made of it. */
  remove(): Promise<void>;
}

/**
 * Makes the directory for results: the named one, which must be empty if it is there; or one below the working directory with
 * a name that is free. Throws CoprError.
 * @param preset its name where none is given
 */
export async function makeDestination(named: string | undefined, preset: string): Promise<Destination> {
  const path = named ?? (await freeName(preset));
  const isTaken = (await readdir(path).catch(missing(path))).length > 0;
  if (isTaken) throw new CoprError(`The directory '${path}' is not empty`, { hint: "Name another one by --dest." });
  const first = await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new CoprError(`Cannot make the directory '${path}': ${describeFileError(cause)}`, { cause });
  });
  return {
    path,
    take: (from, name) => move(from, join(resolve(path), name)),
    async remove() {
      if (first === undefined) for (const name of await readdir(path)) await removeTree(join(path, name));
      else await removeTree(first);
    },
  };
}

async function freeName(preset: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? preset : `${preset}.${number}`;
    if (!(await exists(name))) return name;
  }
}

function missing(path: string): (error: unknown) => string[] {
  return (error) => {
    if (errorCode(error) === "ENOENT") return [];
    throw new CoprError(`Cannot use '${path}' for the results: ${describeFileError(error)}`, { cause: error });
  };
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") throw new CoprError(`Cannot write '${to}': ${describeFileError(error)}`, { cause: error });
    await cp(from, to, { recursive: true });
    await removeTree(from);
  }
}
