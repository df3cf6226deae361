import { expect, test } from "vitest";
import { loadedParts } from "../support/loaded-parts.ts";
import { bin } from "../support/program.ts";

// Each part costs its file and its compilation, at every start.
test("what only tells of the program loads no part that talks to a frontend", async () => {
  const parts = await loadedParts([...bin.cli, "--version"]);
  expect(parts).toContain("commander");
  expect(parts).not.toContain("commands");
  expect(parts).not.toContain("http");
});

test("help of a command loads no HTTP library", async () => {
  const parts = await loadedParts([...bin.cli, "list", "--help"]);
  expect(parts).toContain("commander");
  expect(parts).not.toContain("http");
});
