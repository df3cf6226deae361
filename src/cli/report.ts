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
import { guardedJson } from "./ci/command-guard.ts";
import { InterruptedError } from "./interruption.ts";
import { type ErrorKind, errorLine, kindOfError } from "../core/records/error-document.ts";
import { asksForData } from "../core/records/formats.ts";
import { CommandUsageError } from "./usage-error.ts";

/** What is told of an error, and the exit status. */
export interface ErrorReport {
  text: string;
  exitCode: number;
}

/** An error in the words of upstream's client, since scripts look for them; or, for who asked for data, as a line of JSON. */
export function reportError(error: unknown, words: readonly string[]): ErrorReport {
  const { text, ...known } = readError(error, words);
  // Most sentences are the frontend's.
  const report = asksForData(words) ? guardedJson(errorLine(error, known)) : cleanText(text);
  return { text: report, exitCode: known.exitCode };
}

interface ReadError {
  kind: ErrorKind;
  message: string;
  exitCode: number;
  text: string;
  /** Of what is no error of ours. */
  hint?: string | undefined;
}

/** An interruption, as Node and the library of prompts call it. */
const interruptions: ReadonlySet<string | undefined> = new Set(["AbortError", "ExitPromptError"]);

function readError(error: unknown, words: readonly string[]): ReadError {
  if (error instanceof InterruptedError || interruptions.has((error as Error)?.name)) {
    const message = "Interrupted by user.";
    const hint = error instanceof InterruptedError ? error.hint : undefined;
    return {
      kind: "interrupted",
      message,
      hint,
      exitCode: exitCodes.request,
      text: `\n${message}${hint === undefined ? "" : `\n${hint}\n`}`,
    };
  }
  if (isOutsideError(error)) {
    const message = describeFileError(error);
    return { kind: "client", message, exitCode: exitCodes.client, text: `\nError: ${message}\n` };
  }
  if (!(error instanceof CoprError)) {
    const message = `This is a bug in copr-cli, please report it:\n${error instanceof Error ? error.stack : String(error)}`;
    return { kind: "client", message, exitCode: exitCodes.request, text: `\n${message}\n` };
  }
  return { kind: kindOfError(error), message: error.message, exitCode: error.exitCode, text: wordingOf(error, words) };
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
