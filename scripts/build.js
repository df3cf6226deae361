// Bundles the two programs: one small file at start-up and the rest when needed is what makes them start fast.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    "copr-cli": "src/cli/main.ts",
    "copr-builder": "src/builder/main.ts",
    "copr-builder-keeper": "src/builder/keeper.ts",
  },
  outdir: "dist",
  bundle: true,
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
