import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

/**
 * Compiled code of the bundled programs, made by `npm run build`: to compile what a short command needs takes Node as long as
 * to start. A directory for the version of Node and the kind of processor that made it, as no other can use it. It lies with
 * the programs, and nothing is ever written there when they run: who can write it can run what he likes.
 */
export const codeCacheDirectory = join("code-cache", `${process.version}-${process.arch}`);

/** A script that is a CommonJS module. Its places are those of the file: stack traces must tell the same with a cache and without. */
export function moduleScript(path: string, source: string, cachedData?: Buffer): Script {
  const wrapped = `(function (exports, require, module, __filename, __dirname) {\n${source}\n})`;
  return new Script(wrapped, { filename: path, lineOffset: -1, ...(cachedData && { cachedData }) });
}

/** The file in `codeCacheDirectory` for a module of this path. */
export function cacheFileOf(path: string): string {
  return `${basename(path)}.cache`;
}

/**
 * From now on the `.cjs` modules beside this one are loaded with their compiled code, where there is some. V8 itself refuses
 * what another version, or one with other flags, has made, and compiles the module then.
 */
export function useCodeCache(): void {
  const directory = join(import.meta.dirname, codeCacheDirectory);
  if (!existsSync(directory)) return;
  const { extensions } = createRequire(import.meta.filename);
  const load = extensions[".js"];
  extensions[".cjs"] = (module, path) => {
    const cachedData = dirname(path) === import.meta.dirname ? readOrNothing(join(directory, cacheFileOf(path))) : undefined;
    if (cachedData === undefined) return load(module, path);
    const run = moduleScript(path, readFileSync(path, "utf8"), cachedData).runInThisContext() as (...parts: unknown[]) => void;
    run.call(module.exports, module.exports, createRequire(path), module, path, import.meta.dirname);
  };
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
