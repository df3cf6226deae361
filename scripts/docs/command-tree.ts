import type { Argument, Command, Option } from "commander";
import { createProgram as createBuilderProgram } from "../../src/builder/program.ts";
import { createContext } from "../../src/cli/context.ts";
import { createProgram as createCliProgram } from "../../src/cli/program.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import { groupBy } from "./group-by.ts";

/** A program as its documentation sees it: what Commander knows, without Commander. */
export interface ProgramDoc {
  name: string;
  usage: string;
  options: OptionDoc[];
  /** Empty for a program that does one thing. */
  commands: CommandDoc[];
}

export interface CommandDoc {
  name: string;
  /** Heading in the help, without its colon; undefined where a program has no groups. */
  group: string | undefined;
  summary: string;
  arguments: ArgumentDoc[];
  /** In the order of the help; the title is without its colon. */
  optionGroups: OptionGroupDoc[];
  /** Paragraphs that stand after the options. */
  notes: string[];
  /** Command lines, as the help shows them. */
  examples: string[];
}

export interface OptionGroupDoc {
  title: string;
  options: OptionDoc[];
}

export interface ArgumentDoc {
  name: string;
  isRequired: boolean;
  isVariadic: boolean;
  description: string;
}

export interface OptionDoc {
  /** Short form first, if there is one. */
  flags: string[];
  /** What stands for the value in the help; undefined for a switch. */
  value: string | undefined;
  /** Whether the value may be left out. */
  isValueOptional: boolean;
  isRequired: boolean;
  description: string;
  /** The only values there are; empty when any will do. */
  choices: string[];
  default: string | undefined;
}

/** The command tree of copr-cli. Reads no configuration: that happens when a command runs. */
export async function cliTree(): Promise<ProgramDoc> {
  const context = createContext({ terminal: createTerminal(), interrupted: new AbortController().signal });
  return describeProgram("copr-cli", await createCliProgram(context));
}

/** The command tree of copr-builder. */
export function builderTree(): ProgramDoc {
  return describeProgram(
    "copr-builder",
    createBuilderProgram(() => undefined),
  );
}

/** All options of a command, whatever their group. */
export function allOptions({ optionGroups }: CommandDoc): OptionDoc[] {
  return optionGroups.flatMap(({ options }) => options);
}

/** A program, from its command tree. */
export function describeProgram(name: string, program: Command): ProgramDoc {
  return {
    name,
    usage: program.usage(),
    options: visibleOptions(program).map(describeOption),
    commands: inHelpOrder(program).map(describeCommand),
  };
}

/** Commands of a group stand together, in the order in which the groups begin. */
function inHelpOrder(program: Command): Command[] {
  const groups = groupBy(program.commands, (command) => command.helpGroup());
  return [...groups.values()].flat();
}

/** One command, or a program that has no commands. */
export function describeCommand(command: Command): CommandDoc {
  const groups = groupBy(visibleOptions(command), (option) => option.helpGroupHeading ?? "Options:");
  return {
    name: command.name(),
    group: withoutColon(command.helpGroup()) || undefined,
    summary: command.summary(),
    arguments: command.registeredArguments.map(describeArgument),
    optionGroups: [...groups].map(([title, options]) => ({ title: withoutColon(title), options: options.map(describeOption) })),
    ...textAfterHelp(command),
  };
}

function describeArgument(argument: Argument): ArgumentDoc {
  return {
    name: argument.name(),
    isRequired: argument.required,
    isVariadic: argument.variadic,
    description: argument.description,
  };
}

/** Without `--help`, which every command has. */
function visibleOptions(command: Command): Option[] {
  return command.options.filter(({ hidden }) => !hidden);
}

function describeOption(option: Option): OptionDoc {
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    value: /[<[](.*)[>\]]/.exec(option.flags)?.[1],
    isValueOptional: option.optional,
    isRequired: option.mandatory,
    description: option.description,
    choices: option.argChoices ?? [],
    default: describeDefault(option),
  };
}

/** That a switch is off, or `--no-…` on, goes without saying. */
function describeDefault({ defaultValue, defaultValueDescription }: Option): string | undefined {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  return typeof defaultValue === "string" || typeof defaultValue === "number" ? String(defaultValue) : undefined;
}

/** Commander keeps this text to itself, so it is cut off the whole help. */
function textAfterHelp(command: Command): Pick<CommandDoc, "notes" | "examples"> {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const paragraphs = help.slice(command.helpInformation().length).split(/\n{2,}/);
  const isExample = (paragraph: string): boolean => /^\s*Examples?:\n/.test(paragraph);
  return {
    notes: paragraphs.filter((paragraph) => !isExample(paragraph)).flatMap((paragraph) => paragraph.trim() || []),
    examples: paragraphs.filter(isExample).flatMap((paragraph) => paragraph.trim().split("\n").slice(1).map(unindented)),
  };
}

function unindented(line: string): string {
  return line.replace(/^ {2}/, "");
}

function withoutColon(title: string): string {
  return title.replace(/:$/, "");
}
