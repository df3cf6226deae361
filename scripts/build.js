// Bundles the two programs: one small file at start-up and the rest when needed is what makes them start fast.
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: {
    "copr-cli": "src/cli/main.ts",
    "copr-builder": "src/builder/main.ts",
    "copr-builder-keeper": "src/builder/keeper.ts",
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
  // Libraries in CommonJS ask for Node's modules by require().
  banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
});

// Old files go last: programs that run meanwhile still find theirs.
const written = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of await readdir("dist")) {
  if (!written.has(name)) await rm(join("dist", name), { recursive: true });
}
