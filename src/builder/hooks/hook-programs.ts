import { constants, type Stats } from "node:fs";
import { access, lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeFileError, errorCode } from "../../core/errors.ts";

/** A program of the administrator's that is told of each task. */
export interface Hook {
  name: string;
  path: string;
}

/** The hooks of a directory, in their order, and one sentence for each file there that is none but should be. */
export interface FoundHooks {
  hooks: Hook[];
  refused: string[];
}

/** What editors and package managers leave, and what explains a directory. */
const PASSED_OVER = /^\.|^#.*#$|~$|^README|\.(rpmsave|rpmnew|rpmorig|dpkg-\w+|ucf-\w+|bak|orig|old|swp|tmp)$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const WRITABLE_BY_OTHERS = 0o022;

/** Whether there may be hooks: files with names of any. */
export async function hasHooks(directory: string | undefined): Promise<boolean> {
  return directory !== undefined && (await namesIn(directory)).length > 0;
}

/** Finds the hooks: programs that nobody could have put there but root and the user who runs them. */
export async function findHooks(directory: string): Promise<FoundHooks> {
  const found: FoundHooks = { hooks: [], refused: [] };
  const names = await namesIn(directory);
  if (names.length === 0) return found;
  const fault = faultOf(await stat(directory));
  if (fault) return { hooks: [], refused: [`The hooks in '${directory}' are not run: the directory ${fault}`] };
  for (const name of names) {
    const path = join(directory, name);
    const why = await faultOfFile(name, path);
    if (why === undefined) found.hooks.push({ name, path });
    else found.refused.push(`The hook '${name}' is not run: it ${why}`);
  }
  return found;
}

/** Sorted as `LC_ALL=C` does, whatever the language. */
async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !PASSED_OVER.test(name)).toSorted();
}

async function faultOfFile(name: string, path: string): Promise<string | undefined> {
  if (!NAME.test(name)) return "has a name with other characters than letters, digits, '_', '.' and '-'";
  try {
    const info = await lstat(path);
    if (!info.isFile()) return "is not a regular file";
    const fault = faultOf(info);
    if (fault) return fault;
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return errorCode(error) === "EACCES" ? "can't be executed" : `can't be read: ${describeFileError(error)}`;
  }
}

function faultOf({ uid, mode }: Stats): string | undefined {
  if (uid !== 0 && uid !== process.getuid?.()) return "belongs to another user";
  return (mode & WRITABLE_BY_OTHERS) === 0 ? undefined : "can be written to by others";
}
