import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, runProgram } from "../support/program.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-test-"));
  const listing = 'process.on("exit", () => process.stderr.write(Object.keys(require.cache).join("\\n")));';
  await writeFile(join(directory, "list.cjs"), listing);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The parts of the bundle that a command line has loaded, without their hashes. */
async function partsOf(...words: string[]): Promise<string[]> {
  const [node, ...program] = bin.cli;
  const { stderr } = await runProgram([node, "--require", join(directory, "list.cjs"), ...program, ...words]);
  return stderr.split("\n").map((path) => basename(path).replace(/-[\w-]{8}\.cjs$/, ""));
}

// Each part costs its file and its compilation, at every start.
test("what only tells of the program loads no part that talks to a frontend", async () => {
  const parts = await partsOf("--version");
  expect(parts).toContain("commander");
  expect(parts).not.toContain("commands");
  expect(parts).not.toContain("http");
});

test("help of a command loads no HTTP library", async () => {
  const parts = await partsOf("list", "--help");
  expect(parts).toContain("commander");
  expect(parts).not.toContain("http");
});
