import type { CompletedNames } from "../../src/cli/complete-names.ts";
import { type ArgumentDoc, allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";

/** What a shell may offer for a value: paths, names that the program itself knows, or words that are always the same. */
export type Offer = "files" | "directories" | "nothing" | "builds-or-files" | CompletedNames | readonly string[];

/** Names that the same program is installed under. */
export const programNames = ["copr-cli", "copr"] as const;

/** Values that are paths on this computer; others that look so, as `--spec`, are paths in a repository or a chroot. */
const pathOptions: Readonly<Record<string, Offer>> = {
  "--config": "files",
  "--script": "files",
  "--upload-comps": "files",
  "--file": "files",
  "--update": "files",
  "--dest": "directories",
};

/** Values that the frontend has a list of; the program prints them when it is asked to `__complete`. */
const nameOptions: Readonly<Record<string, CompletedNames>> = {
  "--chroot": "chroots",
  "--exclude-chroot": "chroots",
  "--script-chroot": "chroots",
  "--after-build-id": "builds",
  "--with-build-id": "builds",
  "--after-success": "builds",
  "--project": "projects",
  "--name": "packages",
  "--package": "packages",
};
const offersOfArguments: Readonly<Record<string, Offer>> = {
  pkgs: "files",
  packages: "files",
  path: "files",
  project: "projects",
  source: "projects",
  chroot: "chroots",
  "project/chroot": "project-chroots",
  build: "builds",
  build_id: "builds",
  build_or_path: "builds-or-files",
  what: "pages",
};

/** What to offer for the value of an option; undefined for a switch. */
export function offerForOption({ flags, value, choices }: OptionDoc): Offer | undefined {
  if (value === undefined) return undefined;
  const words = choices.length > 0 ? choices : value.includes("|") ? value.split("|") : [];
  if (words.length > 0) return words.map(plainWord);
  const flag = flags.at(-1) as string;
  return pathOptions[flag] ?? nameOptions[flag] ?? "nothing";
}

/** What to offer for an argument. */
export function offerForArgument({ name }: ArgumentDoc): Offer {
  return offersOfArguments[name] ?? "nothing";
}

/** Whether the program itself is to be asked. */
export function isNames(offer: Offer): offer is CompletedNames {
  return typeof offer === "string" && (names as readonly string[]).includes(offer);
}

const names: readonly CompletedNames[] = ["projects", "chroots", "project-chroots", "builds", "packages", "pages"];

/** Flags of a whole program whose value is a word of its own, so that it does not count as an argument. */
export function flagsWithValue({ options, commands }: ProgramDoc): string[] {
  const withValue = (command: Pick<CommandDoc, "optionGroups">): OptionDoc[] =>
    allOptions(command as CommandDoc).filter(({ value, isValueOptional }) => value !== undefined && !isValueOptional);
  const all = [...options.filter(({ value }) => value !== undefined), ...commands.flatMap(withValue)];
  return [...new Set(all.flatMap(({ flags }) => flags))];
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
