import {
  AuthenticationError,
  BuildError,
  ConfigurationError,
  CoprError,
  describeFileError,
  exitCodes,
  isOutsideError,
  RequestError,
} from "../core/errors.ts";
import { cleanText } from "../core/text/clean-text.ts";
import { version } from "../core/version.ts";
import { CommandUsageError } from "./usage-error.ts";
import { ClosedOutputError, createTerminal, type Terminal } from "./terminal.ts";

/** Runs copr-cli and sets the exit status. Never ends by a signal: tito takes that for success. */
export async function main(words: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  const terminal = createTerminal();
  process.once("SIGINT", () => {
    interruption.abort(new InterruptedError());
    // A second one ends whatever does not listen.
    process.once("SIGINT", () => process.exit(exitCodes.request));
  });
  process.once("SIGTERM", () => process.exit(128 + 15));
  // A stream that fails where nobody waits for it.
  process.once("uncaughtException", (error) => process.exit(report(error, terminal, words)));
  try {
    // Answered before anything else is loaded: scripts ask for it often.
    if (words.length === 1 && words[0] === "--version") terminal.out(`copr version ${version}\n`);
    else await run(words, interruption.signal);
    process.exitCode = exitCodes.ok;
  } catch (error) {
    process.exitCode = report(error, terminal, words);
  }
  // Idle connections and timers must not keep a finished program alive.
  process.exit();
}

async function run(words: readonly string[], interrupted: AbortSignal): Promise<void> {
  const { runProgram } = await import("./program.ts");
  await Promise.race([runProgram(words, interrupted), rejectWhenAborted(interrupted)]);
}

/** Ctrl-C outside of a watch. */
class InterruptedError extends Error {}

/** The same, as Node and the library of prompts call it. */
const interruptions: ReadonlySet<string | undefined> = new Set(["AbortError", "ExitPromptError"]);

/** Gives a command that handles the interruption itself, as the watch does, the time to do so. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(() => reject(signal.reason as Error), 100), { once: true });
  });
}

/** Prints an error the way upstream's client does, since scripts look for these words; returns the exit status. */
function report(error: unknown, terminal: Terminal, words: readonly string[]): number {
  if (error instanceof ClosedOutputError) return exitCodes.ok;
  if (error instanceof InterruptedError || interruptions.has((error as Error)?.name)) {
    terminal.error("\nInterrupted by user.");
    return exitCodes.request;
  }
  if (isOutsideError(error)) {
    terminal.error(cleanText(`\nError: ${describeFileError(error)}\n`));
    return exitCodes.client;
  }
  if (!(error instanceof CoprError)) {
    terminal.error(cleanText(`\nThis is a bug in copr-cli, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`));
    return exitCodes.request;
  }
  // Most sentences are the frontend's.
  terminal.error(cleanText(wordingOf(error, words)));
  return error.exitCode;
}

function wordingOf(error: CoprError, words: readonly string[]): string {
  const hint = error.hint === undefined ? "" : `${error.hint}\n`;
  if (error instanceof CommandUsageError) return `usage: ${error.usage}\n${error.program}: error: ${error.message}\n${hint}`;
  if (error instanceof BuildError) return `\nBuild error: ${error.message}\n${hint}`;
  if (error instanceof ConfigurationError) return `\nError: Copr configuration error. ${error.message}\n${hint}`;
  if (error instanceof AuthenticationError) {
    return `\nError: Operation requires API authentication. See the 'AUTHENTICATION' section in man copr-cli(1).\n\nError: ${error.message}\n${hint}`;
  }
  if (error instanceof RequestError && error.exitCode === exitCodes.request) return requestWording(error, words) + hint;
  return `\nError: ${error.message}\n${hint}`;
}

function requestWording({ message, page }: RequestError, words: readonly string[]): string {
  // Several validation errors come as lines `field: message`.
  const text = message.includes("\n")
    ? message
        .split("\n")
        .map((line) => `\n- ${line}`)
        .join("")
    : message;
  const head = `\nSomething went wrong:\nError: ${text}\n`;
  if (page === undefined) return head;
  if (!words.includes("--debug")) return `${head}Try 'copr-cli --debug' for more info.\n`;
  return `${head}\nServer response:\n----------------\n${page.replace(/<[^>]*>/g, "")}\n`;
}
