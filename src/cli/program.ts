import { Command, CommanderError, Help, Option } from "commander";
import type { ClientConfig } from "../core/account/config.ts";
import { daysUntil, WARNING_DAYS } from "../core/account/expiration.ts";
import { ResponseError, UsageError } from "../core/errors.ts";
import { asksForData, isDataFormat } from "../core/records/formats.ts";
import { version } from "../core/version.ts";
import { cleanText } from "../core/text/clean-text.ts";
import { added, normalizeArguments, splitAtCommand } from "./arguments.ts";
import { commands } from "./commands/index.ts";
import { type Context, createContext } from "./context.ts";
import { type HelpStyle, helpStyle, plainHelp } from "./format/help-style.ts";
import type { OutputOptions } from "./output/output.ts";
import { createTerminal, type Terminal, type TerminalOptions } from "./terminal.ts";
import { CommandUsageError } from "./usage-error.ts";

/** Options that stand before the command. */
interface GlobalOptions {
  config?: string;
  instance?: string;
  debug?: boolean;
  color: boolean;
}

/** The whole command tree: help, manual pages, completion and tests are made by walking it. */
export async function createProgram(
  context: Context,
  { only, style = plainHelp }: { only?: string; style?: HelpStyle } = {},
): Promise<Command> {
  const program = globalProgram().configureHelp(style);
  program.configureOutput({ getOutHasColors: () => context.terminal.hasColor });
  for (const [name, load] of Object.entries(commands)) {
    if (only !== undefined && only !== name) continue;
    const make = await load();
    program.addCommand(withManners(make(context), context.terminal, style));
  }
  // A broken configuration is told by every command, also by most of those that could do without.
  return program.hook("preAction", async (_, command) => {
    if (readsWhenAsked.has(command.name())) return;
    const config = await context.config();
    if (config.expiration !== undefined) await warnOfExpiration(context, config, command);
  });
}

/** Logs on a disk are explained without any configuration; the others make one, or tell what is wrong with it. */
const readsWhenAsked: ReadonlySet<string> = new Set(["explain", "login", "logout", "auth-status", "doctor"]);

/** A person at a terminal hears in time that the token is about to expire, but from the command that is for it. */
async function warnOfExpiration({ terminal }: Context, { expiration = "", path = "" }: ClientConfig, command: Command): Promise<void> {
  if (daysUntil(expiration) >= WARNING_DAYS || !terminal.showsProgress || command.name() === "new-api-token") return;
  if (isDataFormat(command.opts<OutputOptions>().outputFormat ?? "text")) return;
  const { expirationNotice } = await import("../core/account/expiration-notice.ts");
  const notice = await expirationNotice(path, expiration);
  if (notice !== undefined) terminal.error(cleanText(`${notice}\n`));
}

/** Runs one command line. Throws CommandUsageError for a wrong one, and CoprError for what fails in the command. */
export async function runProgram(
  words: readonly string[],
  interrupted: AbortSignal,
  openTerminal: (options: TerminalOptions) => Terminal = createTerminal,
): Promise<void> {
  const head = globalProgram();
  const { globals, rest } = await parse(head, () => splitAtCommand(head, words));
  const { unknown } = await parse(head, () => head.parseOptions(globals));
  const options = head.opts<GlobalOptions>();
  const terminal = openTerminal({ noColor: !options.color, isForData: asksForData(rest) });
  if (globals.includes("--version")) return terminal.out(`copr version ${version}\n`);
  const { config, instance, debug = false } = options;
  if (config && instance) throw new UsageError("--config and --instance both say which configuration is meant: give one of them");
  const context = createContext({ terminal, configPath: config, instance, isDebug: debug, interrupted });
  const [name, ...ownWords] = rest;

  // For the completion scripts alone, so it is not in the tree that help and manual are made of.
  if (name === "__complete") {
    const { completeNames } = await import("./complete-names.ts");
    return completeNames(context, ownWords);
  }
  if (options.debug && !globals.includes("--help") && !globals.includes("-h")) terminal.error("#  Debug log enabled  #\n");
  if (globals.includes("--help") || globals.includes("-h") || (name === undefined && unknown.length === 0)) {
    const whole = await createProgram(context, { style: await helpStyle(terminal.hasColor) });
    return terminal.out(whole.helpInformation());
  }
  if (unknown[0] !== undefined || !Object.hasOwn(commands, name as string)) {
    const whole = await createProgram(context);
    // Commander words the error and knows the nearest name.
    await parse(whole, () => whole.parseAsync([unknown[0] ?? (name as string)], { from: "user" }));
  }
  const wantsHelp = ownWords.some((word) => /^(-h|--h(e(lp?)?)?)$/.test(word));
  const program = await createProgram(context, { only: name as string, style: await helpStyle(wantsHelp && terminal.hasColor) });
  const command = program.commands[0] as Command;
  const normalized = await parse(command, () => normalizeArguments(command, ownWords));
  await parseOrShowHelp(command, () => aboutAnswers(context, () => program.parseAsync([name as string, ...normalized], { from: "user" })));
}

/**
 * Fields of an answer that are of other types than a frontend sends make JavaScript's own errors, wherever they are read. They
 * say something of the answer, not of us; who suspects us anyway finds the place with `--debug`.
 */
async function aboutAnswers(context: Context, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const isOfValues = error instanceof TypeError || error instanceof RangeError;
    if (!isOfValues || !context.hasAnswers) throw error;
    if (context.isDebug) context.terminal.error(cleanText(`${error.stack}\n`));
    // What JavaScript says of it names things of ours.
    throw new ResponseError("The frontend's answer can't be read: something in it is missing or of another kind than it should be.", {
      cause: error,
      hint: "With --debug copr-cli tells what it did with it. If the answer is a good one, please report that as a bug.",
    });
  }
}

function globalProgram(): Command {
  return new Command("copr")
    .description("Builds packages in Copr: projects, builds and their results. A command's own help tells more: copr-cli <command> --help")
    .usage("[global options] <command> [options] [arguments]")
    .addOption(new Option("--debug", "log what the client does, with every request, to standard error"))
    .addOption(new Option("--config <path>", "configuration file instead of ~/.config/copr"))
    .addOption(added(new Option("--instance <name>", "another Copr: the configuration file ~/.config/copr.d/<name>")))
    .addOption(new Option("--no-color", "print no colours"))
    .addOption(new Option("--version", "print the version"))
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined });
}

/** What all commands share: errors are thrown, not printed; help goes to our terminal. */
function withManners(command: Command, terminal: Terminal, style: HelpStyle): Command {
  const sentence = command.summary();
  return command
    .description(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
    .configureHelp({ optionDescription: describeOption, ...style })
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      getOutHasColors: () => terminal.hasColor,
      outputError: () => undefined,
      writeErr: () => undefined,
    });
}

function describeOption(option: Option): string {
  return `${option.mandatory ? "required: " : ""}${new Help().optionDescription(option)}`;
}

/** Does a step of reading the command line; Commander's complaints become ours. */
async function parse<T>(command: Command, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    const message = error.message.replace(/^error: /, "");
    throw new CommandUsageError(message, command.createHelp().commandUsage(command), misplacedGlobalHint(message));
  }
}

async function parseOrShowHelp(command: Command, step: () => Promise<unknown>): Promise<void> {
  try {
    await parse(command, step);
  } catch (error) {
    // Help was asked for, and has been printed.
    if (!(error instanceof CommanderError)) throw error;
  }
}

function misplacedGlobalHint(message: string): string | undefined {
  const flag = /^unknown option '(--[\w-]+)/.exec(message)?.[1];
  if (!globalProgram().options.some(({ long }) => long === flag)) return undefined;
  return `Global options stand before the command: copr-cli ${flag} … <command>`;
}
