import type { CommandDoc } from "./command-tree.ts";
import { argumentWord, optionEntry, optionWord } from "./option-entry.ts";
import type { ProseSection } from "./prose.ts";
import { definition, escapeLiteral, escapeText, literal, macro, placeholder } from "./roff.ts";

/** A small program that is explained on the man page of another one. */
export interface CompanionDoc {
  name: string;
  summary: string;
  /** Undefined where the program reads its words itself; then the prose has its synopsis and its options. */
  command: CommandDoc | undefined;
}

/** The section about companions; empty for none. Each has a section of its name in the prose. */
export function companionSections(companions: readonly CompanionDoc[], prose: readonly ProseSection[]): string[] {
  if (companions.length === 0) return [];
  return [macro("SH", "COMPANION PROGRAMS"), ...companions.flatMap((companion) => companionSection(companion, prose))];
}

function companionSection({ name, command }: CompanionDoc, prose: readonly ProseSection[]): string[] {
  const text = prose.find(({ title }) => title === name);
  if (!text) throw new Error(`The prose has no section ${name}`);
  return [
    macro("SS", escapeLiteral(name)),
    ...(command ? [synopsis(command), ".PP"] : []),
    ...text.roff,
    ...(command ? words(command) : []),
  ];
}

function synopsis({ name, arguments: positionals, optionGroups }: CommandDoc): string {
  const options = optionGroups.flatMap((group) => group.options);
  const required = options.filter(({ isRequired }) => isRequired).map((option) => optionWord(option, option.flags.slice(-1)));
  return [literal(name), ...required, `[${placeholder("options")}]`, ...positionals.map(argumentWord)].join(" ");
}

function words({ arguments: positionals, optionGroups }: CommandDoc): string[] {
  return [
    ...positionals.flatMap((argument) => definition(argumentWord(argument), [escapeText(argument.description)])),
    ...optionGroups.flatMap((group) => group.options).flatMap(optionEntry),
  ];
}
