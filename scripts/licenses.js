import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Writes the licences of the libraries that were bundled: their terms ask that the texts go with the code.
 * @param {readonly string[]} inputs  files that went into the bundles
 * @param {string} target
 */
export async function writeLicenses(inputs, target) {
  const packages = new Set(
    inputs.map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter((path) => path !== undefined),
  );
  const notices = [];
  for (const path of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
    const file = (await readdir(path)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? "" : `\n${(await readFile(join(path, file), "utf8")).trim()}\n`;
    notices.push(`${name} ${version} (${license})\n${text}`);
  }
  await writeFile(target, notices.join(`\n${"-".repeat(78)}\n\n`));
}
