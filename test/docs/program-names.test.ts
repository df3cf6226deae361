import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { otherPrograms, rpmbuildTree } from "../../scripts/docs/builder-names.ts";
import { builderTree } from "../../scripts/docs/command-tree.ts";
import { companionSections } from "../../scripts/docs/companions.ts";
import { repository } from "../../scripts/docs/generated-files.ts";
import { escapeLiteral, literal } from "../../scripts/docs/roff.ts";
import { createProgram } from "../../src/builder/names/copr-rpmbuild.ts";
import { output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { isInstalled } from "./installed.ts";
import { section, subsection } from "./man-source.ts";

const names = Object.keys(packageJson.bin) as (keyof typeof packageJson.bin)[];
const launcher = (name: string): string => join(repository, packageJson.bin[name as (typeof names)[number]]);
const manFile = (name: string): string => join(repository, "man", `${name}.1`);

/** A page's own source, whether the name is its own or a link. */
function pageOf(name: string): string {
  const source = readFileSync(manFile(name), "utf8");
  const target = /^\.so man1\/(.*)\.1\n$/.exec(source)?.[1];
  return target === undefined ? source : pageOf(target);
}

describe.each(names)("%s", (name) => {
  test("has a manual page, which names it for whatis, and a line in the README", () => {
    expect(section(pageOf(name), "NAME").split(" \\- ")[0]?.split(", ")).toContain(name);
    expect(readFileSync(join(repository, "README.md"), "utf8")).toMatch(new RegExp(`\\W${name}[\`*) ]`));
  });

  test.skipIf(!isInstalled("man"))("is found by man (needs man)", async () => {
    const directory = join(await temporaryDirectory(), "man1");
    mkdirSync(directory);
    // man reads it as a user of its own.
    chmodSync(join(directory, ".."), 0o755);
    for (const page of [name, "copr-cli", "copr-rpmbuild"]) copyFileSync(manFile(page), join(directory, `${page}.1`));
    const env = { LC_ALL: "C.UTF-8", MANWIDTH: "80", MANOPT: "", MANPAGER: "cat", MANROFFOPT: "" };
    expect(await output(["man", "-M", join(directory, ".."), name], { env })).toContain(name);
  });
});

// These read their words themselves, and have no help.
const withoutHelp = ["copr-rpmbuild-loggify", "copr-builder-rhsm-subscribe-daemon"];

test.each(otherPrograms().filter(({ name }) => !withoutHelp.includes(name)))(
  "$name: its page has every option of its help",
  async ({ name }) => {
    const page = pageOf(name);
    const text = name === "copr-rpmbuild" ? section(page, "OPTIONS") : subsection(section(page, "COMPANION PROGRAMS"), name);
    const command = name === "package-build-order" ? ["copr"] : [];
    const help = await output([launcher(name), "--help"]);
    const more = await output([launcher(name), ...command, "--help"]);
    const flags = [...`${help}${more}`.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)]
      .map(([, flag]) => flag as string)
      .filter((flag) => flag !== "--help");
    expect(flags.length).toBeGreaterThan(0);
    for (const flag of flags) expect(text).toContain(literal(flag));
  },
);

describe("copr-rpmbuild(1)", () => {
  const source = pageOf("copr-rpmbuild");

  test("has the sections of a manual page, and tells every exit status", () => {
    for (const title of ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "TASKS", "FILES", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"]) {
      expect(section(source, title), title).not.toBe("");
    }
    const told = [...section(source, "EXIT STATUS").matchAll(/^\.TP\n\\fB(\d+)\\fR$/gm)].map(([, code]) => Number(code));
    expect(told).toEqual([0, 1, 2]);
    expect(rpmbuildTree().commands).toEqual([]);
  });

  test("explains every companion, and shows the examples of the help", () => {
    const companions = otherPrograms().filter(({ name }) => pageOf(name) === source && name !== "copr-rpmbuild");
    expect(companions.map(({ name }) => name).sort()).toEqual(
      names.filter((name) => /^copr-(rpmbuild-|sources-|builder-)/.test(name)).sort(),
    );
    for (const { name } of companions) expect(subsection(section(source, "COMPANION PROGRAMS"), name)).toMatch(/exit status/i);
    let help = "";
    createProgram()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    const examples = help.split("Examples:\n")[1]?.trim().split(/\n\s*/) ?? [];
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) expect(section(source, "EXAMPLES")).toContain(`\n${escapeLiteral(example)}\n`);
  });

  test.skipIf(!isInstalled("groff"))("is formatted by groff without a warning (needs groff)", async () => {
    expect(await runProgram(["groff", "-man", "-ww", "-Tutf8", manFile("copr-rpmbuild")])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("fails to be made without the text about a companion", () => {
    expect(() => companionSections([{ name: "copr-other", summary: "", command: undefined }], [])).toThrow("copr-other");
  });
});

/** Command lines of the builder's programs on a page, and among the examples of copr-builder's help. */
const examples = [...new Set(["copr-rpmbuild", "copr-builder"].flatMap((page) => commandLines(pageOf(page))))];

test("there are examples to try", () => {
  for (const { name } of builderTree().commands)
    expect(
      examples.some((line) => line.startsWith(`copr-builder ${name}`)),
      name,
    ).toBe(true);
  expect(examples.filter((line) => line.startsWith("copr-rpmbuild ")).length).toBeGreaterThan(4);
});

// A command line that is understood gets as far as the configuration.
test.each(examples.filter((line) => !line.startsWith("copr-builder help")))("is understood: %s", async (line) => {
  const [name = "", ...words] = line.split(" ");
  const config = join(await temporaryDirectory(), "main.ini");
  const { exitCode, stderr } = await runProgram([launcher(name), ...words], { env: { COPR_BUILDER_CONFIG: config } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(`Cannot read the configuration '${config}'`) });
  expect(existsSync(config), basename(config)).toBe(false);
});

function commandLines(source: string): string[] {
  const blocks = [...source.matchAll(/^\.EX\n([\s\S]*?)^\.EE$/gm)].map(([, block]) => block as string);
  const lines = blocks.flatMap((block) => block.replaceAll("\\-", "-").split("\n"));
  return lines.map((line) => line.trim().replace(/^ssh builder /, "")).filter((line) => /^copr-(builder|rpmbuild)\S*( |$)/.test(line));
}
