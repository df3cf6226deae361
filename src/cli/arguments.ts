import { type Command, InvalidArgumentError, type Option } from "commander";

/**
 * Rewrites a command line in argparse's manners, which scripts rely on, into one that Commander reads the same way:
 * long options may be shortened, values may be negative numbers, options may stand between positionals,
 * `-r=x` is `-r x`. Options come first and joined to their values, then `--`, then the positionals.
 * What is not known is passed on, so that Commander words the error.
 */
export function normalizeArguments(command: Command, words: readonly string[]): string[] {
  const options: string[] = [];
  const positionals: string[] = [];
  const queue = [...words];
  while (queue.length > 0) {
    const word = queue.shift() as string;
    if (word === "--") {
      positionals.push(...queue);
      break;
    }
    if (word.startsWith("--")) takeLong(command, word, queue, options);
    else if (isOptionLike(word)) takeShort(command, word, queue, options);
    else positionals.push(word);
  }
  return positionals.length > 0 ? [...options, "--", ...positionals] : options;
}

/**
 * How many words the options before the command take; the command's name comes next.
 * Shortened ones are completed in the result.
 */
export function splitAtCommand(program: Command, words: readonly string[]): { globals: string[]; rest: string[] } {
  const globals: string[] = [];
  const queue = [...words];
  while (queue[0] !== undefined && isOptionLike(queue[0])) {
    const word = queue.shift() as string;
    if (word === "--") break;
    if (word.startsWith("--")) takeLong(program, word, queue, globals);
    else globals.push(word);
  }
  return { globals, rest: queue };
}

/** Makes an option take all following words that are no options, as argparse's nargs="*". */
export function greedy(option: Option): Option {
  greedyOptions.add(option);
  return option;
}

const greedyOptions = new WeakSet<Option>();

/** Marks an option that upstream's command lacks: a shortened one goes on meaning upstream's wherever that fits. */
export function added(option: Option): Option {
  addedOptions.add(option);
  return option;
}

const addedOptions = new WeakSet<Option>();

function takeLong(command: Command, word: string, queue: string[], out: string[]): void {
  const equals = word.indexOf("=");
  const typed = equals < 0 ? word : word.slice(0, equals);
  const option = findLong(command, typed, equals < 0 ? queue[0] : word.slice(equals + 1));
  if (!option) {
    out.push(word);
    return;
  }
  const name = option.long as string;
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  if (value !== undefined) out.push(`${name}=${value}`);
  else takeValues(option, name, queue, out);
}

function takeShort(command: Command, word: string, queue: string[], out: string[]): void {
  const option = command.options.find((candidate) => candidate.short === word.slice(0, 2));
  if (!option?.long) {
    out.push(word);
    return;
  }
  const rest = word.slice(2);
  if (rest === "") takeValues(option, option.long, queue, out);
  else if (option.required || option.optional) out.push(`${option.long}=${rest.startsWith("=") ? rest.slice(1) : rest}`);
  else out.push(word);
}

function takeValues(option: Option, name: string, queue: string[], out: string[]): void {
  if (greedyOptions.has(option)) {
    // The last time counts, also where no value follows.
    out.splice(0, out.length, ...out.filter((word) => !word.startsWith(`${name}=`)));
    const first = out.length;
    while (queue[0] !== undefined && !isOptionLike(queue[0])) out.push(`${name}=${queue.shift()}`);
    if (out.length === first) out.push(`${name}=`);
  } else if (option.required) {
    const next = queue.shift();
    if (next === undefined || isOptionLike(next)) throw new InvalidArgumentError(`argument ${name}: expected one argument`);
    out.push(`${name}=${next}`);
  } else if (option.optional && queue[0] !== undefined && !isOptionLike(queue[0]) && (option.argChoices?.includes(queue[0]) ?? true)) {
    out.push(`${name}=${queue.shift()}`);
  } else {
    out.push(name);
  }
}

/** The option of this name, or the only one that begins with it, of upstream's first. */
function findLong(command: Command, typed: string, value: string | undefined): Option | undefined {
  const all = [...command.options, ...command.createHelp().visibleOptions(command)];
  const fitting = all.filter((option) => option.long?.startsWith(typed));
  const upstreams = fitting.filter((option) => !addedOptions.has(option));
  const exact = fitting.find((option) => option.long === typed);
  // `build --with 17` is upstream's --with-build-id: only the values of an added option tell it from a shortened one.
  const isTaken = exact && addedOptions.has(exact) && upstreams.length > 0 && !exact.argChoices?.includes(value ?? "");
  if (exact && !isTaken) return exact;
  const matching = new Map((upstreams.length > 0 ? upstreams : fitting).map((option) => [option.long, option]));
  if (matching.size > 1) throw new InvalidArgumentError(`ambiguous option: ${typed} could match ${[...matching.keys()].join(", ")}`);
  return matching.values().next().value;
}

/** As argparse decides: a leading dash, but no negative number, no lone dash, and no blank inside. */
function isOptionLike(word: string): boolean {
  return word.startsWith("-") && word !== "-" && !/^-\d+$|^-\d*\.\d+$/.test(word) && !word.includes(" ");
}
