import { version } from "../../src/core/version.ts";
import type { ArgumentDoc, CommandDoc, OptionDoc, OptionGroupDoc, ProgramDoc } from "./command-tree.ts";
import { groupBy } from "./group-by.ts";
import type { ProseSection } from "./prose.ts";
import { definition, escapeLiteral, escapeText, example, literal, macro, placeholder, sentences } from "./roff.ts";

/** So many commands must have a group of options in common before it gets a section of its own. */
const SHARED_BY = 4;

/**
 * The man page of a program. What the command tree knows comes from there; the rest is prose, which brings the
 * sections NAME and DESCRIPTION for the start of the page, and any others for its end.
 * No date is in it: the same tree always gives the same bytes.
 */
export function manPage(program: ProgramDoc, prose: readonly ProseSection[]): string {
  const shared = sharedGroups(program);
  const opening = new Set(["NAME", "DESCRIPTION"]);
  const lines = [
    '.\\" Made by "npm run docs"; edit the command tree in src/ or the .prose.md file beside this page.',
    // Ragged and unhyphenated: names of commands and options must come out whole.
    ".nr HY 0",
    `.TH ${escapeLiteral(program.name.toUpperCase())} 1 "" "copr\\-tools ${version}" "User Commands"`,
    ".ad l",
    // Here the dash is a mark, by which whatis(1) finds the description.
    ...proseSection(prose, "NAME").map((line) => line.replace(" - ", " \\- ")),
    macro("SH", "SYNOPSIS"),
    `${literal(program.name)} ${usageWords(program.usage)}`,
    ...proseSection(prose, "DESCRIPTION"),
    macro("SH", "GLOBAL OPTIONS"),
    ...program.options.flatMap(optionEntry),
    ...definition(`${literal("-h")}, ${literal("--help")}`, ["print help; after a command, the help of that command"]),
    macro("SH", "COMMANDS"),
    ...overview(program),
    ...program.commands.flatMap((command) => commandSection(program, command, shared)),
    ...[...shared].flatMap(([title, options]) => [macro("SH", escapeText(title.toUpperCase())), ...options.flatMap(optionEntry)]),
    ...prose.filter(({ title }) => !opening.has(title)).flatMap(({ title }) => proseSection(prose, title)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Another name of a page. */
export function manLink(page: string): string {
  return `.so man1/${page}.1\n`;
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

function argumentWord({ name, isRequired, isVariadic }: ArgumentDoc): string {
  const word = `${placeholder(name)}${isVariadic ? " .\\|.\\|." : ""}`;
  return isRequired ? word : `[${word}]`;
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

function optionEntry(option: OptionDoc): string[] {
  return definition(optionWord(option, option.flags), sentences(escapeText(option.description + remarks(option))));
}

function optionWord({ value, isValueOptional }: OptionDoc, flags: readonly string[]): string {
  const word = flags.map(literal).join(", ");
  if (value === undefined) return word;
  // `on|off` is typed as it stands, `seconds` is not.
  const shown = value.includes("|") ? value.split("|").map(literal).join("|") : placeholder(value);
  return isValueOptional ? `${word} [${shown}]` : `${word} ${shown}`;
}

function remarks({ isRequired, choices, value = "", default: byDefault }: OptionDoc): string {
  const remarks = [
    ...(isRequired ? ["required"] : []),
    ...(choices.length > 0 && choices.join("|") !== value ? [`one of ${choices.join(", ")}`] : []),
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
  ];
  return remarks.length > 0 ? ` (${remarks.join("; ")})` : "";
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
