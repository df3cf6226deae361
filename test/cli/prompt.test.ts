import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { expectSchema } from "../support/schemas.ts";
import { typeAt } from "../support/typed-line.ts";
import { sendJson, webServer } from "../support/web-server.ts";

const words = [...bin.cli, "new-webhook-secret", "hello"];
let home: string;
let asked: readonly unknown[];

beforeEach(async () => {
  home = await temporaryDirectory();
  const server = await webServer((response) => sendJson(response, { name: "hello", webhook_secret: "S-1" }));
  asked = server.requests;
  await mkdir(join(home, ".config"));
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${server.url}\nencrypted = no\n`;
  await writeFile(join(home, ".config", "copr"), config);
});

const prompt = "[y/n]?";

/** Answers at a terminal; `TERM` may be one that can't move its cursor. */
const answer = (dialogue: Parameters<typeof typeAt>[0], terminal = "xterm"): Promise<Outcome> =>
  typeAt(dialogue, words, { env: { HOME: home, TERM: terminal, CI: "", no_proxy: "127.0.0.1" } });

test.each([
  ["y\r", "Generated new token: S-1", 1],
  ["yes\r", "Generated new token: S-1", 1],
  ["n\r", "", 0],
  ["no\r", "", 0],
])("a person answers %j", async (line, told, requests) => {
  const { exitCode, stdout } = await answer([[prompt, line]]);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("Generate a new webhook secret for hello [y/n]?");
  expect(stdout).toContain(told);
  expect(asked).toHaveLength(requests);
});

test.each(["", "perhaps"])("what is no answer is asked for again: %j", async (text) => {
  const { exitCode, stdout } = await answer([
    [prompt, `${text}\r`],
    ["Please answer yes or no.", "\u0015yes\r"],
  ]);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("Please answer yes or no.");
  expect(asked).toHaveLength(1);
});

test("Ctrl-C interrupts", async () => {
  const { exitCode, stdout } = await answer([[prompt, "\u0003"]]);
  expect(exitCode, stdout).toBe(1);
  expect(stdout).toContain("Interrupted by user.");
  expect(asked).toEqual([]);
});

test("a terminal that can't move its cursor is asked in plain lines", async () => {
  const { exitCode, stdout } = await answer(
    [
      [prompt, "perhaps\r"],
      [prompt, "yes\r"],
    ],
    "dumb",
  );
  expect(exitCode, stdout).toBe(0);
  expect(stdout).not.toContain("\u001b");
  expect(asked).toHaveLength(1);
});

test("a pipe is asked in plain lines", async () => {
  const question = "Generate a new webhook secret for hello [y/n]? ";
  const { stdout } = await runProgram(words, { env: { HOME: home, no_proxy: "127.0.0.1" }, stdin: "perhaps\nyes\n" });
  expect(stdout).toBe(`${question}${question}Generated new token: S-1\n`);
});

test("who asked for data is asked beside it, and a pipe not at all", async () => {
  const file = join(home, "out.json");
  const argv = ["sh", "-c", 'exec "$@" --json >out.json', "sh", ...words];
  const { exitCode, stdout } = await typeAt([[prompt, "yes\r"]], argv, {
    cwd: home,
    env: { HOME: home, TERM: "xterm", no_proxy: "127.0.0.1" },
  });
  expect(exitCode, stdout).toBe(0);
  const written = await readFile(file, "utf8");
  expect(JSON.parse(written)).toEqual({ name: "hello", webhook_secret: "S-1" });
  const piped = await runProgram([...words, "--json"], { env: { HOME: home, no_proxy: "127.0.0.1" }, stdin: "yes\n" });
  expect([piped.stdout, piped.stderr]).toEqual([written, ""]);
  const silent = await runProgram([...words, "--json"], { env: { HOME: home, no_proxy: "127.0.0.1" }, stdin: "" });
  expectSchema("error", silent.stderr);
  expect(silent.stdout).toBe("");
});
