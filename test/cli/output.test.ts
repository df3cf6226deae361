import { expect, test } from "vitest";
import { bin, runProgram } from "../support/program.ts";

test.each([["--version"], ["--help"], ["build", "--help"]])("output that can't be written is one sentence: %j", async (...words) => {
  const { exitCode, stderr } = await runProgram(["sh", "-c", 'exec "$@" >/dev/full', "sh", ...bin.cli, ...words]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("\nError: Cannot write the output: no space left on the disk\n");
});

test.each([[["--help"]], [["build", "--help"]], [["build", "-h"]], [[]]])(
  "colour in the help is only for those who see it: %j",
  async (words) => {
    const help = async (environment: Record<string, string>, ...globals: string[]): Promise<string> =>
      (await runProgram([...bin.cli, ...globals, ...words], { env: { NO_COLOR: "", FORCE_COLOR: "", ...environment } })).stdout;
    const plain = await help({});
    expect(plain).toMatch(/^Usage: copr/);
    expect(plain).not.toContain("\u001b");
    const coloured = await help({ FORCE_COLOR: "1" });
    expect(coloured).toContain("\u001b[1mUsage:\u001b[22m");
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain);
    expect(await help({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(plain);
    expect(await help({ FORCE_COLOR: "1" }, "--no-color")).toBe(plain);
  },
);
