// `node scripts/code-cache.js DIRECTORY`: writes the compiled code of the bundles in a directory, for the Node that runs this.
// Without NODE_OPTIONS, which may change what V8 takes for its own.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";

const [, , dist = "dist"] = process.argv;
/** @type {typeof import("../src/core/process/code-cache.ts")} */
const { cacheFileOf, codeCacheDirectory, moduleScript } = createRequire(import.meta.url)(resolve(dist, "code-cache.cjs"));

const directory = join(dist, codeCacheDirectory);
mkdirSync(directory, { recursive: true });
// V8 knows a source by its length alone, so only what is named by its content can have a cache that outlives no change of it.
const chunks = readdirSync(dist).filter((name) => /-[\w-]{8}\.cjs$/.test(name));
for (const chunk of chunks) {
  const path = join(directory, cacheFileOf(chunk));
  // A program may read it meanwhile.
  writeFileSync(`${path}.new`, compiled(join(dist, chunk)));
  renameSync(`${path}.new`, path);
}

/**
 * All functions of a module, also those that V8 would compile when they are first called.
 * @param {string} path
 */
function compiled(path) {
  setFlagsFromString("--no-lazy");
  const script = moduleScript(path, readFileSync(path, "utf8"));
  // What is written down with the code: the flags of a program that reads it are the usual ones.
  setFlagsFromString("--lazy");
  return script.createCachedData();
}
