import type { CommandDoc } from "../../scripts/docs/command-tree.ts";

/** The words of a command's first example, without what says how to print. */
export function wordsOfExample(program: string, { examples }: CommandDoc): string[] {
  const example = examples.find((line) => line.includes(`${program} `)) ?? "";
  const [line] = example.slice(example.indexOf(`${program} `) + program.length + 1).split(/ [|>]/) as [string];
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? (word as string));
  return words.filter(
    (word, at) => !/^--(json|output-format|fields)$/.test(word) && !/^--(output-format|fields)$/.test(words[at - 1] ?? ""),
  );
}
