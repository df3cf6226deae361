import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, test } from "vitest";
import { normalizeArguments, splitAtCommand } from "../../src/cli/arguments.ts";
import { createContext } from "../../src/cli/context.ts";
import { createProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";

// Every command line for our client that the documents for newcomers show is one that it accepts.

const lines = ["coming-from.md", "ci.md"].flatMap((name) => {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
  // In tables `|` is written `\|`; a column of another tool may call upstream's client by the same name, which is ours, too.
  return [...text.matchAll(/`copr-cli ([^`]+)`/g)].map(([, line = ""]) => line.split(/ (?:\\\||>)/, 1)[0] as string);
});

test("they are many", () => {
  expect(lines.length).toBeGreaterThan(50);
});

test.each([...new Set(lines)])("copr-cli %s", async (line) => {
  const context = createContext({ terminal: createTerminal(), interrupted: new AbortController().signal });
  const program = createProgram(context);
  const { rest } = splitAtCommand(new Command().option("--config <path>").option("--instance <name>"), wordsOf(line));
  const [name = "", ...words] = rest;
  const command = program.commands.find((one) => one.name() === name);
  expect(command, `there is no command ${name}`).toBeDefined();
  let isReached = false;
  command?.action(() => void (isReached = true));
  await command?.parseAsync(normalizeArguments(command, words), { from: "user" });
  expect(isReached).toBe(true);
});

/** The words of a line as a shell parts them, as far as these lines need. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}
