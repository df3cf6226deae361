import { Command, CommanderError, Option } from "commander";
import { splitAtCommand, normalizeArguments } from "./arguments.ts";
import { commands } from "./commands/index.ts";
import { createContext, type Context } from "./context.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { UsageError } from "../core/errors.ts";
import { version } from "../core/version.ts";

/** Options that stand before the command. */
export interface GlobalOptions {
  config?: string;
  debug?: boolean;
  color: boolean;
}

/** The whole command tree: help, manual pages, completion and tests are made by walking it. */
export function createProgram(context: Context, only?: string): Command {
  const program = globalProgram();
  for (const [name, build] of Object.entries(commands)) {
    if (only === undefined || only === name) program.addCommand(withManners(build(context), context.terminal));
  }
  return program;
}

/** Runs one command line. Throws UsageError, CoprError, or CommanderError when help was printed. */
export async function runProgram(words: readonly string[], interrupted: AbortSignal): Promise<void> {
  const head = globalProgram();
  const { globals, rest } = splitAtCommand(head, words);
  parse(() => head.parseOptions(globals));
  const unknown = head.parseOptions(globals).unknown[0];
  const options = head.opts<GlobalOptions>();
  const terminal = createTerminal({ noColor: !options.color });
  if (globals.includes("--version")) return terminal.out(`copr version ${version}\n`);
  const context = createContext({ terminal, configPath: options.config, isDebug: options.debug ?? false, interrupted });
  const [name, ...words2] = rest;

  if (globals.includes("--help") || globals.includes("-h") || (name === undefined && unknown === undefined)) {
    return terminal.out(createProgram(context).helpInformation());
  }
  if (unknown !== undefined) throw new UsageError(`unrecognized arguments: ${unknown}`);
  if (!((name as string) in commands)) throw unknownCommand(createProgram(context), name as string);

  const program = createProgram(context, name);
  const command = program.commands[0] as Command;
  if (options.debug) terminal.error("#  Debug log enabled  #\n");
  await parse(() => program.parseAsync([name as string, ...normalizeArguments(command, words2)], { from: "user" }));
}

/** An error of the command line; knows the command it is about, for the usage text. */
export class CommandUsageError extends UsageError {
  readonly command: Command | undefined;

  constructor(message: string, command: Command | undefined) {
    super(message);
    this.command = command;
  }
}

function globalProgram(): Command {
  const program = new Command("copr")
    .usage("[global options] <command> [options] [arguments]")
    .addOption(new Option("--debug", "log what the client does, with every request, to standard error"))
    .addOption(new Option("--config <path>", "configuration file instead of ~/.config/copr"))
    .addOption(new Option("--no-color", "print no colours"))
    .addOption(new Option("--version", "print the version"))
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  return program;
}

/** What all commands share: errors are thrown, not printed; help goes to our terminal. */
function withManners(command: Command, terminal: Terminal): Command {
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => terminal.out(text), outputError: () => undefined, writeErr: () => undefined });
}

function parse<T>(work: () => T): T {
  const rethrow = (error: unknown): never => {
    if (error instanceof CommanderError && error.exitCode !== 0)
      throw new UsageError(error.message.replace(/^error: /, ""), { cause: error });
    throw error;
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(rethrow) as T) : result;
  } catch (error) {
    return rethrow(error);
  }
}

function unknownCommand(program: Command, name: string): UsageError {
  // Commander knows how to find the nearest name.
  try {
    program.parse([name], { from: "user" });
  } catch (error) {
    return new UsageError((error as Error).message.replace(/^error: /, ""));
  }
  return new UsageError(`unknown command '${name}'`);
}
