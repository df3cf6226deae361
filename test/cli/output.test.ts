import { expect, test } from "vitest";
import { bin, runProgram } from "../support/program.ts";

test.each([["--version"], ["--help"], ["build", "--help"]])("output that can't be written is one sentence: %j", async (...words) => {
  const { exitCode, stderr } = await runProgram(["sh", "-c", 'exec "$@" >/dev/full', "sh", ...bin.cli, ...words]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("\nError: Cannot write the output: no space left on the disk\n");
});
