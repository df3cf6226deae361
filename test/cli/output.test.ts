import { expect, test } from "vitest";
import { bin, nameOfBuilder, runProgram } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";

test.each([["--version"], ["--help"], ["build", "--help"]])("output that can't be written is one sentence: %j", async (...words) => {
  const { exitCode, stderr } = await runProgram(["sh", "-c", 'exec "$@" >/dev/full', "sh", ...bin.cli, ...words]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("\nError: Cannot write the output: no space left on the disk\n");
});

test.each([
  [bin.cli, ["nosuch"], 2],
  [bin.cli, ["status", "x", "--json"], 2],
  [bin.builder, ["nosuch"], 2],
])("an error that nobody can be told has its exit status all the same: %j %j", async (program, words, exit) => {
  for (const place of ["2>/dev/full", ">/dev/full 2>&-"]) {
    const { exitCode } = await runProgram(["sh", "-c", `exec "$@" ${place}`, "sh", ...program, ...words]);
    expect([place, exitCode]).toEqual([place, exit]);
  }
});

test("of --json and --output-format the last one counts, for data and errors alike", async () => {
  const config = "[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = https://copr.example\n";
  const whoami = async (...words: string[]) => {
    const run = await runCli({ argv: ["whoami", ...words], config });
    return run.stdout;
  };
  expect(await whoami("--output-format", "table", "--json")).toBe('{\n    "name": "me"\n}\n');
  expect(await whoami("--json", "--output-format", "jsonl")).toBe('{"name":"me"}\n');
  expect(await whoami("--json", "--output-format", "text")).toBe("me\n");
  const { stderr } = await runProgram([...bin.builder, "log", "--output-format", "text", "--json", "--phase", "nosuch"]);
  expectSchema("error", stderr);
});

test("the clean-up of a builder tells its errors as data, too", async () => {
  const words = ["--orphans", "--json", "--cache-max-age", "x"];
  const { exitCode, stderr } = await runProgram([...nameOfBuilder("copr-builder-cleanup"), ...words]);
  expect(exitCode).toBe(2);
  expectSchema("error", stderr);
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
