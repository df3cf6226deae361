import { version } from "../../src/core/version.ts";
import type { CommandDoc, OptionDoc, OptionGroupDoc, ProgramDoc } from "./command-tree.ts";
import { type CompanionDoc, companionSections } from "./companions.ts";
import { groupBy } from "./group-by.ts";
import { argumentWord, optionEntry, optionWord } from "./option-entry.ts";
import type { ProseSection } from "./prose.ts";
import { definition, escapeLiteral, escapeText, example, literal, macro, placeholder, sentences } from "./roff.ts";

/** So many commands must have a group of options in common before it gets a section of its own. */
const SHARED_BY = 4;

/**
 * The man page of a program. What the command tree knows comes from there; the rest is prose, which brings the
 * sections NAME and DESCRIPTION for the start of the page, any others for its end, and one for each companion. It may
 * bring the SYNOPSIS, too. No date is in it: the same tree always gives the same bytes.
 */
export function manPage(program: ProgramDoc, prose: readonly ProseSection[], companions: readonly CompanionDoc[] = []): string {
  const taken = new Set(["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO", ...companions.map(({ name }) => name)]);
  const lines = [
    '.\\" Made by "npm run docs"; edit the command tree in src/ or the .prose.md file beside this page.',
    // Ragged and unhyphenated: names of commands and options must come out whole.
    ".nr HY 0",
    `.TH ${escapeLiteral(program.name.toUpperCase())} 1 "" "copr\\-tools ${version}" "User Commands"`,
    ".ad l",
    // Here the dash is a mark, by which whatis(1) finds the description.
    ...proseSection(prose, "NAME").map((line) => line.replace(" - ", " \\- ")),
    ...synopsis(program, prose),
    ...proseSection(prose, "DESCRIPTION"),
    ...commandTree(program),
    ...prose.filter(({ title }) => !taken.has(title)).flatMap(({ title }) => proseSection(prose, title)),
    ...companionSections(companions, prose),
    ...(hasSection(prose, "SEE ALSO") ? proseSection(prose, "SEE ALSO") : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Another name of a page. */
export function manLink(page: string): string {
  return `.so man1/${page}.1\n`;
}

function synopsis(program: ProgramDoc, prose: readonly ProseSection[]): string[] {
  if (hasSection(prose, "SYNOPSIS")) return proseSection(prose, "SYNOPSIS");
  return [macro("SH", "SYNOPSIS"), `${literal(program.name)} ${usageWords(program.usage)}`];
}

function commandTree(program: ProgramDoc): string[] {
  const shared = sharedGroups(program);
  const hasCommands = program.commands.length > 0;
  const help = hasCommands ? "print help; after a command, the help of that command" : "print help";
  return [
    macro("SH", hasCommands ? "GLOBAL OPTIONS" : "OPTIONS"),
    ...program.options.flatMap(optionEntry),
    ...definition(`${literal("-h")}, ${literal("--help")}`, [help]),
    ...(hasCommands ? [macro("SH", "COMMANDS"), ...overview(program)] : []),
    ...program.commands.flatMap((command) => commandSection(program, command, shared)),
    ...[...shared].flatMap(([title, options]) => [macro("SH", escapeText(title.toUpperCase())), ...options.flatMap(optionEntry)]),
  ];
}

function hasSection(prose: readonly ProseSection[], wanted: string): boolean {
  return prose.some(({ title }) => title === wanted);
}

function proseSection(prose: readonly ProseSection[], wanted: string): string[] {
  const section = prose.find(({ title }) => title === wanted);
  if (!section) throw new Error(`The prose has no section ${wanted}`);
  return [macro("SH", escapeText(wanted)), ...section.roff];
}

/** The commands by group: a page of this length needs a map. */
function overview({ commands }: ProgramDoc): string[] {
  const groups = groupBy(commands, ({ group }) => group);
  return [...groups].flatMap(([group, members]) =>
    group === undefined ? [] : definition(escapeText(group), [members.map(({ name }) => literal(name)).join(",\n")]),
  );
}

function commandSection(program: ProgramDoc, command: CommandDoc, shared: ReadonlyMap<string, OptionDoc[]>): string[] {
  return [
    macro("SS", escapeLiteral(command.name)),
    commandUsage(program, command),
    ".PP",
    `${escapeText(capitalized(command.summary))}.`,
    ...command.arguments.flatMap((argument) => definition(argumentWord(argument), [escapeText(argument.description)])),
    ...command.optionGroups.flatMap((group) => optionGroup(command, group, shared.get(group.title))),
    ...command.notes.flatMap((note) => [".PP", ...sentences(escapeText(note.replaceAll("\n", " ")))]),
    ...(command.examples.length > 1 ? [".PP", "Examples:"] : [".PP", "Example:"]),
    ...example(command.examples),
  ];
}

/** Required options are part of how a command is used; the help leaves them in the crowd. */
function commandUsage(program: ProgramDoc, { name, arguments: positionals, optionGroups }: CommandDoc): string {
  const options = optionGroups.flatMap((group) => group.options);
  const required = options.filter(({ isRequired }) => isRequired).map((option) => optionWord(option, option.flags.slice(-1)));
  const hasMore = options.length > required.length;
  const words = [literal(`${program.name} ${name}`), ...required, ...(hasMore ? [`[${placeholder("options")}]`] : [])];
  return [...words, ...positionals.map(argumentWord)].join(" ");
}

/** Options that are explained elsewhere are only named. A group needs its title only where there are several. */
function optionGroup({ optionGroups }: CommandDoc, { title, options }: OptionGroupDoc, shared: readonly OptionDoc[] = []): string[] {
  const others = withoutThose(options, shared);
  const hasShared = shared.length > 0 && others.length + shared.length === options.length;
  const own = hasShared ? others : options;
  return [
    ...(own.length > 0 && optionGroups.length > 1 ? [".PP", `\\fB${escapeText(title)}:\\fR`] : []),
    ...own.flatMap(optionEntry),
    ...(hasShared ? sharedReference(title, shared, own.length > 0) : []),
  ];
}

function sharedReference(title: string, shared: readonly OptionDoc[], isContinued: boolean): string[] {
  const flags = shared.map((option) => literal(option.flags.at(-1) as string)).join(",\n");
  const head = isContinued ? "And those" : `\\fB${escapeText(title)}\\fR,`;
  return [".PP", `${head} of the section ${escapeText(title.toUpperCase())}:`, `${flags}.`];
}

/** Options that many commands have word for word, by the title of their group; they are explained once. */
function sharedGroups({ commands }: ProgramDoc): Map<string, OptionDoc[]> {
  const groups = commands.flatMap(({ optionGroups }) => optionGroups).filter(({ options }) => options.length > 1);
  const shared = [...groupBy(groups, (group) => JSON.stringify(group)).values()].filter((same) => same.length >= SHARED_BY);
  return new Map(shared.map(([first]) => [(first as OptionGroupDoc).title, (first as OptionGroupDoc).options]));
}

function withoutThose(options: readonly OptionDoc[], others: readonly OptionDoc[]): OptionDoc[] {
  const known = new Set(others.map((option) => JSON.stringify(option)));
  return options.filter((option) => !known.has(JSON.stringify(option)));
}

/** `[options] <command>` of Commander, with the words set as in every synopsis. */
function usageWords(usage: string): string {
  return usage.replace(/<([^>]*)>|([^<>[\]]+)/g, (_, required: string | undefined, other: string | undefined) =>
    required === undefined ? (other?.trim() ? placeholder(other) : (other ?? "")) : placeholder(required),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
