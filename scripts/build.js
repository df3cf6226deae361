// Bundles the two programs and the library: one small file at start-up and the rest when needed is what makes them start fast.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { writeLicenses } from "./licenses.js";

const LICENSES = join("dist", "THIRD-PARTY-LICENSES");

/**
 * Commander can run other programs as its commands. Ours never do, and loading Node's part for it would cost each
 * start a few milliseconds.
 * @type {import("esbuild").Plugin}
 */
const withoutSubprograms = {
  name: "without-subprograms",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/commander/") ? { path: "node:child_process", namespace: "unused" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * undici without what it loads and we never use, which would be a sixth of the CPU of a short command: HTTP/2, which is
 * off unless asked for, and Node's own HTTP, of which it wants a number and the class of an object we don't hand it.
 * @type {import("esbuild").Plugin}
 */
const withoutOtherHttp = {
  name: "without-other-http",
  setup({ onResolve, onLoad }) {
    const from = /** @type {(importer: string) => boolean} */ (importer) => importer.includes("/undici/");
    onResolve({ filter: /\/client-h2\.js$/ }, ({ importer }) =>
      from(importer) ? { path: "client-h2", namespace: "left-out" } : undefined,
    );
    onResolve({ filter: /^node:http$/ }, ({ importer }) => (from(importer) ? { path: "http", namespace: "left-out" } : undefined));
    onLoad({ filter: /^client-h2$/, namespace: "left-out" }, () => ({
      contents: 'module.exports = () => { throw new Error("HTTP/2 is not used"); };',
    }));
    // The number is Node's default.
    onLoad({ filter: /^http$/, namespace: "left-out" }, () => ({
      contents: "module.exports = { maxHeaderSize: 16 * 1024, IncomingMessage: class {} };",
    }));
  },
};

const bundles = build({
  entryPoints: {
    "copr-cli": "src/cli/main.ts",
    "package-build-order": "src/cli/package-build-order/main.ts",
    "copr-builder": "src/builder/main.ts",
    "copr-builder-keeper": "src/builder/task/keeper.ts",
    "copr-rpmbuild-loggify": "src/builder/log/loggify.ts",
    "lib/index": "src/core/index.ts",
  },
  outdir: "dist",
  bundle: true,
  metafile: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  plugins: [withoutSubprograms, withoutOtherHttp],
  // Libraries in CommonJS ask for Node's modules by require().
  banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
});

// The library's types, without checking them: `npm run check` does.
const compiler = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
const types = promisify(execFile)(process.execPath, [compiler, "--project", "tsconfig.library.json"]).catch(({ stdout }) => {
  throw new Error(`The types of the library can't be written:\n${stdout}`);
});

const [{ metafile }] = await Promise.all([bundles, types]);
await writeLicenses(Object.keys(metafile.inputs), LICENSES);

// Old files go last: programs that run meanwhile still find theirs.
const written = new Set(Object.keys(metafile.outputs));
for (const entry of await readdir("dist", { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && path !== LICENSES && !written.has(path) && !isCurrentType(path)) await rm(path, { force: true });
}

/** @param {string} path */
function isCurrentType(path) {
  const [, module] = /^dist\/lib\/(.*)\.d\.ts$/.exec(path) ?? [];
  return path === "dist/lib/.tsbuildinfo" || (module !== undefined && existsSync(`src/core/${module}.ts`));
}
