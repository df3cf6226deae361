// `npm run test:nodes [file …]`: the tests that show what users see, on each other major of Node.js that is supported.
import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { compileFor, nodeOf, otherMajors } from "./nodes.ts";

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : ["test/cli/goldens", "test/cli/transcripts", "test/e2e", "test/sandbox"];
for (const major of otherMajors) {
  const node = nodeOf(major);
  if (node === undefined) {
    console.log(`skipped  Node ${major}: there is no package of it for this machine, or it can't be had`);
    continue;
  }
  console.log(`Node ${major}`);
  compileFor(node);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };
  // Whole stories, each with servers and builds of its own: more of them at a time only wait for one another.
  const { status } = spawnSync(node, [vitest, "run", "--maxWorkers=2", ...files], { stdio: "inherit", env });
  if (status !== 0) process.exitCode = 1;
}
