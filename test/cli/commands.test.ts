import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createContext } from "../../src/cli/context.ts";
import { createProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";

const context = createContext({ terminal: createTerminal(), interrupted: new AbortController().signal });
const program = createProgram(context);
const groups = ["Account:", "Projects:", "Chroots:", "Builds:", "Packages:", "Permissions:"];

/** What upstream's client does not have. */
const added = ["logs"];

describe("the command tree", () => {
  test("has upstream's commands, and its own", () => {
    const recorded = JSON.parse(readFileSync(new URL("../goldens/cases/usage.json", import.meta.url), "utf8")) as {
      cases: { id: string }[];
    };
    const names = recorded.cases.flatMap(({ id }) => /^usage\/help-(.*)$/.exec(id)?.[1] ?? []);
    expect(names).toHaveLength(46);
    expect(program.commands.map((command) => command.name()).toSorted()).toEqual([...names, ...added].toSorted());
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
