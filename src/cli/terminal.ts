import { fstatSync, writeSync } from "node:fs";
import { CoprError, describeFileError } from "../core/errors.ts";
import { withoutKnownSecrets } from "../core/text/known-secrets.ts";
import { CommandGuard } from "./ci/command-guard.ts";

/** The only way to the user's terminal: everything the program prints goes through here. */
export interface Terminal {
  /** Prints to standard output, before the call returns. Bytes are printed as they are; text loses the secrets of this run. */
  out(text: string | Uint8Array): void;
  /** Prints to standard error. */
  error(text: string): void;
  /**
   * Tells people something that is no error, on standard error. Who asked for data reads that as data, too, where an error is one
   * line: there only a person at a terminal is told.
   */
  notice(text: string): void;
  /** Whether the command line asks for data. */
  readonly isForData: boolean;
  /** Prints a command to a CI system: only there text may be one. */
  command(text: string, stream: "out" | "error"): void;
  /** From now on no printed text is a command to GitHub's runner; in its jobs that is so from the beginning. */
  guardCommands(): void;
  /** Whether that is so for standard output. */
  readonly isGuarded: boolean;
  /** Whether colour belongs on standard output. */
  readonly hasColor: boolean;
  /** Whether progress may be drawn on standard error. */
  readonly showsProgress: boolean;
  /** Width of standard output; undefined where it is no terminal. */
  readonly columns: number | undefined;
  /** Height of standard output; undefined where it is no terminal. */
  readonly rows: number | undefined;
  /** Whether a person looks at standard output, so that things may be drawn there. */
  readonly isWatched: boolean;
  /** Whether a person can be asked: one who sees standard output and types. */
  readonly isInteractive: boolean;
}

export interface TerminalOptions {
  noColor?: boolean;
  /** The command line asks for data. */
  isForData?: boolean;
  environment?: Readonly<Record<string, string | undefined>>;
}

/** The terminal, or what stands for it: pipes and files. */
export function createTerminal({ noColor = false, isForData = false, environment = process.env }: TerminalOptions = {}): Terminal {
  if (environment["GITHUB_ACTIONS"] === "true") guardCommands();
  const showsProgress = (): boolean => mayBeTerminal(2) && hasPerson(process.stderr, environment);
  return {
    isForData,
    out: (text) => print(1, typeof text === "string" ? withoutKnownSecrets(text) : text),
    error: (text) => print(2, withoutKnownSecrets(text)),
    notice: (text) => (isForData && !showsProgress() ? undefined : print(2, withoutKnownSecrets(text))),
    command: (text, stream) => write(stream === "out" ? 1 : 2, withoutKnownSecrets(text)),
    guardCommands,
    get isGuarded() {
      return guards.has(1);
    },
    // Looked at when they are asked for: most commands never do.
    get hasColor() {
      return !noColor && wantsColor(environment);
    },
    get columns() {
      return mayBeTerminal(1) && process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : undefined;
    },
    get rows() {
      return mayBeTerminal(1) && process.stdout.isTTY && process.stdout.rows > 0 ? process.stdout.rows : undefined;
    },
    get isWatched() {
      return mayBeTerminal(1) && hasPerson(process.stdout, environment);
    },
    get showsProgress() {
      return showsProgress();
    },
    get isInteractive() {
      return mayBeTerminal(0) && mayBeTerminal(1) && process.stdin.isTTY && hasPerson(process.stdout, environment);
    },
  };
}

/** Each watches over one stream of this process, whoever prints. */
const guards = new Map<1 | 2, CommandGuard>();

/** The runner does not read what goes into a file. */
function guardCommands(): void {
  for (const fd of [1, 2] as const) if (!guards.has(fd) && !isFile(fd)) guards.set(fd, new CommandGuard());
}

function isFile(fd: 1 | 2): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** A terminal of no width, as ssh opens one when it is forced to, has nobody before it. */
function hasPerson({ isTTY, columns }: NodeJS.WriteStream, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTTY && environment["TERM"] !== "dumb" && columns > 0;
}

/** What is a file or a pipe for sure. Node's own answer comes with its streams, which cost a tenth of a short command. */
function mayBeTerminal(fd: 0 | 1 | 2): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** https://no-color.org/ first, then https://force-color.org/, then whether it is a terminal that knows colour. */
function wantsColor(environment: Readonly<Record<string, string | undefined>>): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"]) return true;
  return mayBeTerminal(1) && process.stdout.isTTY && environment["TERM"] !== "dumb" && environment["TERM"] !== "unknown";
}

function print(fd: 1 | 2, text: string | Uint8Array): void {
  write(fd, guards.get(fd)?.guard(text) ?? text);
}

/**
 * Writes at once, so that nothing is lost however the program ends, and readers of a pipe see each line early.
 * A reader that went away ends the program quietly, as for any Unix filter.
 */
function write(fd: 1 | 2, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") {
        // A pipe that another process made non-blocking: wait a moment, without an event loop.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      // A socket, as some programs give to others for a pipe, tells it by a reset when something was left unread.
      if (code === "EPIPE" || code === "ECONNRESET") throw new ClosedOutputError();
      throw new CoprError(`Cannot write the output: ${describeFileError(error)}`, { cause: error });
    }
  }
}

/** The reader of our output has gone, e.g. `| head -n 1`. */
export class ClosedOutputError extends Error {}
