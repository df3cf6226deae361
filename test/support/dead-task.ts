import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { bin } from "./program.ts";
import { processesMentioning } from "./processes.ts";

/** A builder that a test may kill. */
export interface StartedBuilder {
  pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Its exit status, or the signal that ended it, when it has ended. */
  ended: Promise<number | NodeJS.Signals>;
  /** Kills it as the kernel does; with its keeper, so that nobody cleans up. */
  kill(options?: { withKeeper?: boolean }): Promise<void>;
}

/** Starts `copr-builder run` in the foreground. */
export function startBuilder(words: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): StartedBuilder {
  const [program, ...first] = bin.builder as readonly [string, ...string[]];
  const child: ChildProcess = spawn(program, [...first, "run", ...words], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += String(chunk)));
  const pid = child.pid as number;
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    pid,
    output: () => text,
    ended,
    async kill({ withKeeper = false } = {}) {
      if (withKeeper) for (const keeper of await keepersOf(pid)) process.kill(keeper, "SIGKILL");
      child.kill("SIGKILL");
      // What it started may hold its output open.
      child.stdout?.destroy();
      child.stderr?.destroy();
      await ended;
    },
  };
}

async function keepersOf(pid: number): Promise<number[]> {
  const found = await processesMentioning("copr-builder-keeper.cjs");
  // Behind the mark of its task; what comes then says which hooks there are.
  return found.filter((line) => new RegExp(` [0-9a-f-]{36} ${pid}( |$)`).test(line)).map((line) => Number.parseInt(line, 10));
}
