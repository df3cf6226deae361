import type { ArgumentDoc, OptionDoc } from "./command-tree.ts";

/** What a shell may offer for a value. Names of projects and chroots would take a request, so there are none yet. */
export type Offer = "files" | "directories" | "nothing" | readonly string[];

/** Names that the same program is installed under. */
export const programNames = ["copr-cli", "copr"] as const;

/** Values that are paths on this computer; others that look so, as `--spec`, are paths in a repository or a chroot. */
const pathOptions: Readonly<Record<string, Offer>> = {
  "--config": "files",
  "--script": "files",
  "--upload-comps": "files",
  "--dest": "directories",
};
const pathArguments = new Set(["pkgs"]);

/** What to offer for the value of an option; undefined for a switch. */
export function offerForOption({ flags, value, choices }: OptionDoc): Offer | undefined {
  if (value === undefined) return undefined;
  const words = choices.length > 0 ? choices : value.includes("|") ? value.split("|") : [];
  if (words.length > 0) return words.map(plainWord);
  return pathOptions[flags.at(-1) as string] ?? "nothing";
}

/** What to offer for an argument. */
export function offerForArgument({ name }: ArgumentDoc): Offer {
  return pathArguments.has(name) ? "files" : "nothing";
}

/** The scripts hold such words unquoted, so one that a shell could take for something else must not get in. */
export function plainWord(word: string): string {
  if (!/^[\w-]+$/.test(word)) throw new Error(`This word cannot be put into a completion script: ${word}`);
  return word;
}

/** A text in single quotes, for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The first lines of a completion script, below what its shell wants to see at the top. */
export function completionHeader(shell: string): string[] {
  return [
    `# Completes commands, options and their values in ${shell}.`,
    '# Made by "npm run docs" from the command tree in src/cli; edit that.',
  ];
}
