import { CoprError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { builderExitCodes, exitCodeFor } from "./errors.ts";
import { print, printError } from "./terminal.ts";

/** Runs copr-builder and sets the exit status. */
export async function main(words: readonly string[]): Promise<void> {
  if (words.length === 1 && words[0] === "--version") {
    print(`copr-builder version ${version}\n`);
    return;
  }
  let exitCode: number = builderExitCodes.ok;
  try {
    const { runProgram } = await import("./program.ts");
    await runProgram(words, (code) => {
      exitCode = code;
    });
  } catch (error) {
    exitCode = report(error);
  }
  process.exit(exitCode);
}

function report(error: unknown): number {
  if (error instanceof CoprError) {
    printError(`copr-builder: ${error.message}\n${error.hint === undefined ? "" : `${error.hint}\n`}`);
    return exitCodeFor(error);
  }
  printError(`copr-builder: this is a bug, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`);
  return builderExitCodes.failed;
}
