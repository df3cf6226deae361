import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the clone is, and whether others may look into it, is its owner's business. */
const clone = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What the programs consist of. */
const parts = ["bin", "dist", "package.json"];

/** Copies our programs into a directory, where every user may read them. Node is to be `node` beside them. */
export async function copyPrograms(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  execFileSync("cp", ["-R", ...parts.map((name) => `${clone}/${name}`), directory]);
  execFileSync("chmod", ["-R", "a+rX", ...parts.map((name) => `${directory}/${name}`)]);
}

/** A command line with these copies in place of our programs and of Node. */
export function withCopies(argv: readonly string[], directory: string): string[] {
  return argv.map((word) => {
    if (word === process.execPath) return `${directory}/node`;
    return word.startsWith(`${clone}/bin/`) ? `${directory}${word.slice(clone.length)}` : word;
  });
}
