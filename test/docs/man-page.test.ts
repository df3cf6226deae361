import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { builderTree, cliTree, type CommandDoc, type ProgramDoc } from "../../scripts/docs/command-tree.ts";
import { repository } from "../../scripts/docs/generated-files.ts";
import { manPage } from "../../scripts/docs/man-page.ts";
import { parseProse } from "../../scripts/docs/prose.ts";
import { escapeLiteral, literal } from "../../scripts/docs/roff.ts";
import { builderExitCodes } from "../../src/builder/errors.ts";
import { slotsAt, type StateDirectory } from "../../src/builder/state/state-directory.ts";
import { beginStatus } from "../../src/builder/state/status.ts";
import { exitCodes } from "../../src/core/errors.ts";
import { runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { isInstalled } from "./installed.ts";
import { section, subsection } from "./man-source.ts";

const pages = [
  { tree: await cliTree(), codes: exitCodes },
  { tree: builderTree(), codes: builderExitCodes },
].map(({ tree, codes }) => {
  const path = join(repository, "man", `${tree.name}.1`);
  return { name: tree.name, tree, codes, path, source: readFileSync(path, "utf8") };
});

describe.each(pages)("$name(1)", ({ tree, codes, path, source }) => {
  test("has the sections of a man page, and every command with all its options", () => {
    for (const title of ["NAME", "SYNOPSIS", "DESCRIPTION", "CONFIGURATION", "FILES", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"]) {
      expect(section(source, title), title).not.toBe("");
    }
    for (const command of tree.commands) {
      const text = subsection(section(source, "COMMANDS"), command.name);
      const words = command.optionGroups.flatMap(({ options }) => options.map(({ flags }) => flags.at(-1) as string));
      for (const word of words) expect(text, command.name).toContain(literal(word));
      for (const example of command.examples) expect(text).toContain(`\n${escapeLiteral(example)}\n`);
    }
  });

  test("tells every exit status", () => {
    const told = [...section(source, "EXIT STATUS").matchAll(/^\.TP\n\\fB(\d+)\\fR$/gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(codes));
  });

  test.skipIf(!isInstalled("groff"))("is formatted by groff without a warning (needs groff)", async () => {
    expect(await runProgram(["groff", "-man", "-ww", "-Tutf8", path])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test.skipIf(!isInstalled("man"))("is shown by man without a warning (needs man)", async () => {
    const env = { LC_ALL: "C.UTF-8", MANWIDTH: "80", MANOPT: "", MANROFFOPT: "" };
    expect(await runProgram(["man", "--warnings", "-l", path], { env })).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("copr-builder(1)", () => {
  const { source } = pages[1] as (typeof pages)[number];

  test("tells every file of the state directory and every key of status.json", async () => {
    const [directory] = slotsAt(await temporaryDirectory(), 1) as [StateDirectory];
    const { path, slot: _slot, host: _host, ...files } = directory;
    const { current } = await beginStatus(directory, "mark");
    const told = section(source, "FILES");
    for (const file of Object.values(files)) expect(told).toMatch(`\\fB${escapeLiteral(basename(file))}`);
    for (const key of Object.keys(current)) expect(told).toContain(literal(key));
    expect(path).not.toBe("");
  });

  test("tells every key of the configuration", () => {
    const settings = readFileSync(join(repository, "src/builder/settings.ts"), "utf8");
    const keys = [...settings.matchAll(/\b(?:text|number|path)\("(\w+)"/g)].map(([, key]) => key as string);
    const rpkg = readFileSync(join(repository, "src/builder/sources/rpkg-config.ts"), "utf8");
    keys.push(...[...rpkg.matchAll(/\burl\("(\w+)"/g)].map(([, key]) => key as string));
    expect(keys).toEqual(expect.arrayContaining(["frontend_url", "distgit_clone_url"]));
    // Keys that are told together stand on one line.
    const terms = [...section(source, "CONFIGURATION").matchAll(/(?<=^\.TP\n).*$/gm)].flatMap(([line]) => line.split(", "));
    for (const key of keys) expect(terms).toContain(literal(key));
  });
});

test.skipIf(!isInstalled("groff"))("no text of a command is taken for roff (needs groff)", async () => {
  const texts = [".so /etc/passwd", "'br", "\\fBbold\\fR \\n(.x \\*(lq", 'a "quoted" `word` ~ ^', "one\n.sp 5", "-- ünïcode — …"];
  const page = manPage(
    programWith(
      texts.map((text, index) => ({
        name: `command-${index}`,
        group: undefined,
        summary: `x${text}`,
        arguments: [{ name: "name", isRequired: true, isVariadic: false, description: text }],
        optionGroups: [],
        notes: [text],
        examples: text.split("\n"),
      })),
    ),
    parseProse("# NAME\n\nx - y\n\n# DESCRIPTION\n\nText.\n"),
  );
  const { stdout, stderr } = await runProgram(["groff", "-man", "-ww", "-Tutf8", "-P-cbou"], { stdin: page });
  expect(stderr).toBe("");
  const words = stdout.replace(/\s+/g, " ");
  for (const text of texts) {
    const wanted = text.replace(/\s+/g, " ");
    expect(words.split(wanted).length - 1, text).toBe(4);
  }
});

function programWith(commands: CommandDoc[]): ProgramDoc {
  return { name: "x", usage: "<command>", options: [], commands };
}
