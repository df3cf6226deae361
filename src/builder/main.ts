import { CoprError, describeFileError, isOutsideError, UsageError } from "../core/errors.ts";
import { type ErrorKind, errorLine, kindOfError } from "../core/records/error-document.ts";
import { asksForData } from "../core/records/formats.ts";
import { version } from "../core/version.ts";
import { builderExitCodes, exitCodeFor } from "./errors.ts";
import { print, printError } from "./terminal.ts";

/** What one of the names does; resolves to the exit status. */
interface Program {
  run(words: readonly string[]): Promise<number>;
}

/** Every name the program answers to, each loaded when it is called. */
const programs = {
  "copr-builder": (): Promise<Program> => import("./program.ts"),
  "copr-rpmbuild": (): Promise<Program> => import("./names/copr-rpmbuild.ts"),
  "copr-sources-custom": (): Promise<Program> => import("./names/copr-sources-custom.ts"),
  "copr-rpmbuild-log": (): Promise<Program> => import("./names/copr-rpmbuild-log.ts"),
  "copr-rpmbuild-cancel": (): Promise<Program> => import("./names/copr-rpmbuild-cancel.ts"),
  "copr-builder-rhsm-subscribe": (): Promise<Program> => import("./names/copr-builder-rhsm-subscribe.ts"),
  "copr-builder-rhsm-subscribe-daemon": (): Promise<Program> => import("./names/copr-builder-rhsm-subscribe-daemon.ts"),
  "copr-builder-ready": (): Promise<Program> => import("./names/copr-builder-ready.ts"),
  "copr-builder-cleanup": (): Promise<Program> => import("./names/copr-builder-cleanup.ts"),
} as const;

/** A name of the program, as in `bin/`. */
export type ProgramName = keyof typeof programs;

/** Runs the program under one of its names and sets the exit status. */
export async function main(words: readonly string[], name: ProgramName = "copr-builder"): Promise<void> {
  if (words.length === 1 && words[0] === "--version") {
    print(`${name} version ${version}\n`);
    return;
  }
  // A stream that fails where nobody waits for it.
  process.once("uncaughtException", (error) => process.exit(report(error, name, words)));
  let exitCode: number;
  try {
    const program = await programs[name]();
    exitCode = await program.run(words);
  } catch (error) {
    exitCode = report(error, name, words);
  }
  process.exit(exitCode);
}

/** Upstream's names have no option of how to print. */
const knowsFormats: ReadonlySet<ProgramName> = new Set(["copr-builder", "copr-builder-cleanup"]);

function report(error: unknown, name: ProgramName, words: readonly string[]): number {
  const { kind, message, exitCode } = readError(error, name);
  const hint = error instanceof CoprError && error.hint !== undefined ? `${error.hint}\n` : "";
  const isData = knowsFormats.has(name) && asksForData(words);
  try {
    printError(isData ? errorLine(error, { kind, message, exitCode }) : `${name}: ${message}\n${hint}`);
  } catch {
    // Nobody can be told; the exit status still is.
  }
  return exitCode;
}

interface ReadError {
  kind: ErrorKind;
  message: string;
  exitCode: number;
}

function readError(error: unknown, name: ProgramName): ReadError {
  const failed = (message: string): ReadError => ({ kind: "client", message, exitCode: builderExitCodes.failed });
  if ((error as { syscall?: unknown } | null)?.syscall === "uv_cwd") return failed("The working directory does not exist any more");
  if (isOutsideError(error)) return failed(describeFileError(error));
  if (!(error instanceof CoprError)) {
    return failed(`this is a bug, please report it:\n${error instanceof Error ? error.stack : String(error)}`);
  }
  const found = { kind: kindOfError(error), message: error.message };
  // Callers of upstream's names know no finer reasons than these.
  if (name !== "copr-builder")
    return { ...found, exitCode: error instanceof UsageError ? builderExitCodes.usage : builderExitCodes.failed };
  return { ...found, exitCode: exitCodeFor(error) };
}
