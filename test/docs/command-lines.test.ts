import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, test } from "vitest";
import { normalizeArguments, splitAtCommand } from "../../src/cli/arguments.ts";
import { createContext } from "../../src/cli/context.ts";
import { createProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";

// Every command line for our client that the documents for newcomers and the helps show is one that it accepts.

const inDocuments = ["coming-from.md", "ci.md"].flatMap((name) => {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
  // In tables `|` is written `\|`; a column of another tool may call upstream's client by the same name, which is ours, too.
  return [...text.matchAll(/`copr-cli ([^`]+)`/g)].map(([, line = ""]) => line);
});

const newProgram = (): Promise<Command> =>
  createProgram(createContext({ terminal: createTerminal(), interrupted: new AbortController().signal }));

/** What the helps, and so the manual, show. */
const inHelps = (await newProgram()).commands.flatMap((command) => {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return [...help.matchAll(/^  (?:.*\| )?copr-cli (.+)$/gm)].map(([, line = ""]) => line);
});

const lines = [...new Set([...inDocuments, ...inHelps].map((line) => line.split(/ (?:\\?\||>|<|&&) ?/, 1)[0] as string))];

test("they are many", () => {
  expect(lines.length).toBeGreaterThan(120);
});

test.each(lines)("copr-cli %s", async (line) => {
  const program = await newProgram();
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
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? "");
  // A script is read when it is named.
  return words.map((word) => (word === "make-sources.sh" ? fileURLToPath(import.meta.url) : word));
}
