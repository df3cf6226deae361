import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "../../src/cli/interruption.ts";
import { runProgram } from "../../src/cli/program.ts";
import { QuietEnd } from "../../src/cli/quiet-end.ts";
import { reportError } from "../../src/cli/report.ts";
import type { Terminal, TerminalOptions } from "../../src/cli/terminal.ts";
import type { CliResult } from "./run-cli.ts";

// For tests of so many command lines that a program for each would take minutes: all of copr-cli but its streams and its exit.

/** Shortens the long sleeps of this process, as those of a program under test; `log` is a file that may be written to. */
export function shortenSleeps(log: string): void {
  process.env["GOLDEN_SLEEP_LOG"] = log;
  createRequire(import.meta.url)("../goldens/preload/fast-timers.cjs");
}

export interface InProcessRun {
  words: readonly string[];
  stdin?: string;
  /** Interrupts it when it takes longer, milliseconds. */
  patienceMs: number;
}

/** Runs a command line in this process, with its directory, environment and home, on pipes. */
export async function runInProcess({ words, stdin = "", patienceMs }: InProcessRun): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const interruption = new AbortController();
  Object.defineProperty(process, "stdin", { value: Readable.from([Buffer.from(stdin)]), configurable: true });
  const running = runProgram(words, interruption.signal, (options) => pipes(written, options));
  const ended = new AbortController();
  const tooLong = async (): Promise<never> => {
    await sleep(patienceMs, undefined, { signal: ended.signal });
    interruption.abort(new InterruptedError());
    await sleep(patienceMs, undefined, { signal: ended.signal });
    throw new Error(`copr-cli ${words.join(" ")} goes on after an interruption`);
  };
  try {
    await Promise.race([running, tooLong()]);
    return { exit: 0, ...written };
  } catch (error) {
    if (error instanceof QuietEnd) return { exit: error.exitCode, ...written };
    const { text, exitCode } = reportError(error, words);
    return { exit: exitCode, stdout: written.stdout, stderr: written.stderr + text };
  } finally {
    ended.abort();
  }
}

function pipes(written: { stdout: string; stderr: string }, { isForData = false }: TerminalOptions): Terminal {
  return {
    isForData,
    out: (text) => void (written.stdout += typeof text === "string" ? text : Buffer.from(text).toString()),
    error: (text) => void (written.stderr += text),
    notice: (text) => void (written.stderr += isForData ? "" : text),
    command: (text) => void (written.stdout += text),
    guardCommands: () => undefined,
    isGuarded: false,
    hasColor: false,
    showsProgress: false,
    columns: undefined,
    rows: undefined,
    isWatched: false,
    isInteractive: false,
  };
}
