import { exitCodes } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { endOfWork, hasUnfinishedWork, InterruptedError } from "./interruption.ts";
import { QuietEnd } from "./quiet-end.ts";
import { reportError } from "./report.ts";
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
  let deadlySignal = 0;
  const endBy = (number: number): void => {
    if (!hasUnfinishedWork()) process.exit(128 + number);
    deadlySignal = number;
    interruption.abort(new InterruptedError());
  };
  process.once("SIGTERM", () => endBy(15));
  process.on("SIGHUP", () => void hasTerminal().then((isHungUp) => isHungUp && endBy(1)));
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
  if (deadlySignal > 0) process.exitCode = 128 + deadlySignal;
  // Idle connections and timers must not keep a finished program alive.
  process.exit();
}

/**
 * Whether there is a terminal that can hang up. Node forgets that its caller ignores that, as `nohup` does; but then there is
 * none, as for any program that works in the background.
 */
async function hasTerminal(): Promise<boolean> {
  const { isatty } = await import("node:tty");
  return [0, 1, 2].some((fd) => isatty(fd));
}

async function run(words: readonly string[], interrupted: AbortSignal): Promise<void> {
  const { runProgram } = await import("./program.ts");
  await Promise.race([runProgram(words, interrupted), rejectWhenAborted(interrupted)]);
}

/** Gives a command that handles the interruption itself, as the watch does, the time to do so. */
function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    // What the command itself has to say of it goes before.
    const rejectInTime = (): void => void endOfWork().then(() => setImmediate(reject, signal.reason as Error));
    signal.addEventListener("abort", () => setTimeout(rejectInTime, 100), { once: true });
  });
}

/** Prints an error; returns the exit status. A reader that went away is none. */
function report(error: unknown, terminal: Terminal, words: readonly string[]): number {
  if (error instanceof ClosedOutputError) return exitCodes.ok;
  if (error instanceof QuietEnd) return error.exitCode;
  const { text, exitCode } = reportError(error, words);
  try {
    terminal.error(text);
  } catch {
    // Nobody can be told; the exit status still is.
  }
  return exitCode;
}
