import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createContext } from "../../src/cli/context.ts";
import { createProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";

const context = createContext({ terminal: createTerminal(), interrupted: new AbortController().signal });
const program = await createProgram(context);
const groups = ["Account:", "Projects:", "Chroots:", "Builds:", "Packages:", "Permissions:"];

describe("the command tree", () => {
  test("has upstream's commands, and its own", () => {
    const recorded = JSON.parse(readFileSync(new URL("../goldens/cases/usage.json", import.meta.url), "utf8")) as {
      cases: { id: string }[];
    };
    const names = recorded.cases.flatMap(({ id }) => /^usage\/help-(.*)$/.exec(id)?.[1] ?? []);
    expect(names).toHaveLength(46);
    expect(
      program.commands
        .map((command) => command.name())
        .slice(0, 46)
        .toSorted(),
    ).toEqual(names.toSorted());
  });

  test.each(program.commands.map((command) => [command.name(), command] as const))("%s prints data, too", (name, command) => {
    expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(["--output-format", "--json", "--fields"]));
    for (const format of ["json", "jsonl"]) {
      expect(existsSync(new URL(`../../docs/json/copr-cli-${name}.${format}.schema.json`, import.meta.url)), `${name}: ${format}`).toBe(
        true,
      );
    }
  });

  test.each(program.commands.map((command) => [command.name(), command] as const))("%s explains itself", (name, command) => {
    expect(groups).toContain(command.helpGroup());
    expect(command.summary()).toMatch(/^[a-z].*[^.]$/);
    const unexplained = [...command.registeredArguments, ...command.options].filter(({ description }) => description === "");
    expect(unexplained).toEqual([]);
    expect(helpOf(command)).toMatch(new RegExp(`\\nExamples?:\\n  (.*\\| )?copr-cli ${name}\\b`));
  });
});

/** With what stands after the options, which `helpInformation()` leaves out. */
function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}
