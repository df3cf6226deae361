import { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import { added, greedy, normalizeArguments, splitAtCommand } from "../../src/cli/arguments.ts";

function command(): Command {
  return new Command("build")
    .argument("<words...>")
    .option("-r, --chroot <chroot>")
    .option("-t, --template <name>")
    .option("--nowait")
    .option("--repo <url>")
    .option("--repo-priority <number>")
    .option("--delete-after-days <days>")
    .option("--admin [state]")
    .addOption(greedy(new Option("--pythonversions <versions>")));
}

describe("a command line in argparse's manners", () => {
  const table: readonly (readonly [string, string[], string[]])[] = [
    ["nothing", [], []],
    ["positionals come last", ["a", "--nowait", "b"], ["--nowait", "--", "a", "b"]],
    ["a value of its own", ["--chroot", "c"], ["--chroot=c"]],
    ["a joined value", ["--chroot=c=d"], ["--chroot=c=d"]],
    ["an empty value", ["--chroot=", "a"], ["--chroot=", "--", "a"]],
    ["an empty value of its own", ["--chroot", ""], ["--chroot="]],
    ["a short option", ["-r", "c"], ["--chroot=c"]],
    ["a short option with its value", ["-rc"], ["--chroot=c"]],
    ["a short option with an equals sign", ["-r=c"], ["--chroot=c"]],
    ["repeated options keep their order", ["-r", "c", "--chroot", "d"], ["--chroot=c", "--chroot=d"]],
    ["a shortened option", ["--now"], ["--nowait"]],
    ["a shortened option with a value", ["--chr", "c", "--templ=x"], ["--chroot=c", "--template=x"]],
    ["the whole name wins over longer ones", ["--repo", "x"], ["--repo=x"]],
    ["a shortened help", ["--hel"], ["--help"]],
    ["a negative number as a value", ["--delete-after-days", "-1"], ["--delete-after-days=-1"]],
    ["a negative number as a positional", ["-1", "-.5"], ["--", "-1", "-.5"]],
    ["a lone dash is a word", ["-"], ["--", "-"]],
    ["a dash before a text with blanks", ["--template", "-a b"], ["--template=-a b"]],
    ["after -- all are positionals", ["--nowait", "--", "--chroot", "-r"], ["--nowait", "--", "--chroot", "-r"]],
    ["an optional value that is there", ["--admin", "nothing"], ["--admin=nothing"]],
    ["an optional value that is not", ["--admin", "--nowait"], ["--admin", "--nowait"]],
    [
      "a greedy option takes all words",
      ["--pythonversions", "3", "2", "--nowait"],
      ["--pythonversions=3", "--pythonversions=2", "--nowait"],
    ],
    ["a greedy option without any", ["--pythonversions", "--nowait"], ["--pythonversions=", "--nowait"]],
    ["a greedy option again", ["--pythonversions", "3", "2", "--nowait", "--pythonversions", "4"], ["--nowait", "--pythonversions=4"]],
    ["unknown options pass", ["--bogus", "-x", "a"], ["--bogus", "-x", "--", "a"]],
  ];
  test.each(table)("%s", (_, words, expected) => {
    expect(normalizeArguments(command(), words)).toEqual(expected);
  });

  test.each([
    ["one of upstream's comes first", ["--out", "x"], ["--output-dir=x"]],
    ["an added one where none of upstream's fits", ["--outputf", "x"], ["--outputformat=x"]],
    ["an added one by its whole name", ["--with", "tito"], ["--with=tito"]],
    ["one of upstream's, though an added one has that name", ["--with", "17"], ["--with-build-id=17"]],
    ["the same, joined", ["--with=17"], ["--with-build-id=17"]],
  ])("a shortened option: %s", (_, words, expected) => {
    const build = new Command("build")
      .option("--output-dir <path>")
      .option("--with-build-id <id>")
      .addOption(added(new Option("--outputformat <format>")))
      .addOption(added(new Option("--with <tool>").choices(["rpkg", "tito"])));
    expect(normalizeArguments(build, words)).toEqual(expected);
  });

  test("an ambiguous beginning is refused, with the candidates", () => {
    expect(() => normalizeArguments(command(), ["--rep", "x"])).toThrow("--rep could match --repo, --repo-priority");
  });

  test.each([[["--chroot"]], [["--chroot", "--nowait"]], [["-r"]]])("%j lacks a value", (words) => {
    expect(() => normalizeArguments(command(), words)).toThrow("argument --chroot: expected one argument");
  });
});

describe("options before the command", () => {
  const program = new Command("copr").option("--config <path>").option("--debug");

  test.each([
    [["whoami"], [], ["whoami"]],
    [["--debug", "get", "--config"], ["--debug"], ["get", "--config"]],
    [["--conf", "x", "get", "p"], ["--config=x"], ["get", "p"]],
    [["--config=x", "get"], ["--config=x"], ["get"]],
    [["--", "get"], [], ["get"]],
    [["-h"], ["-h"], []],
  ])("%j", (words, globals, rest) => {
    expect(splitAtCommand(program, words)).toEqual({ globals, rest });
  });
});
