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

const bundles = build({
  entryPoints: {
    "copr-cli": "src/cli/main.ts",
    "package-build-order": "src/cli/package-build-order/main.ts",
    "copr-builder": "src/builder/main.ts",
    "copr-builder-keeper": "src/builder/keeper.ts",
    "copr-rpmbuild-loggify": "src/builder/loggify.ts",
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
  plugins: [withoutSubprograms],
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
