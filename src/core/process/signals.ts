import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../errors.ts";
import { isRunning, type ProcessInfo } from "./table.ts";
import type { ProgramTerminal } from "./terminal.ts";

/** How a running program is ended early. */
export interface Supervision {
  /** Ends the program and its process group: INT, after 10 s TERM, after 20 s KILL. */
  signal?: AbortSignal | undefined;
  /** Between these signals, instead of 10 s. */
  graceMs?: number | undefined;
  /** Told before each signal of that row, e.g. to write it to the log; HUP instead of TERM where only that can reach the program. */
  onSignal?: ((name: "INT" | "TERM" | "KILL" | "HUP") => void) | undefined;
  /** The terminal that the program runs on. */
  terminal?: ProgramTerminal | undefined;
}

/**
 * Ends processes for good: TERM, a moment, KILL. `find` is asked again each time, since processes make processes.
 * `isSpared` leaves one alone that ends without this signal. Resolves to those that are still there, e.g. in uninterruptible sleep.
 */
export async function endProcesses(
  find: () => ProcessInfo[],
  {
    signals = ["SIGTERM", "SIGKILL"] as readonly NodeJS.Signals[],
    graceMs = 2000,
    isSpared = (_process: ProcessInfo, _signal: NodeJS.Signals): boolean => false,
  } = {},
): Promise<ProcessInfo[]> {
  for (const signal of signals) {
    const reached = new Set<number>();
    const end = Date.now() + graceMs;
    do {
      const found = find();
      if (found.length === 0) return [];
      // What can't be signalled now, e.g. mock while it is root, may be a moment later.
      for (const process of found) {
        if (!reached.has(process.pid) && !isSpared(process, signal) && sendSignal(process, signal)) reached.add(process.pid);
      }
      await sleep(20);
    } while (Date.now() < end);
  }
  return find();
}

/** Signals exactly this process, not one that got its number later. Returns whether it could be signalled. */
export function sendSignal(target: Pick<ProcessInfo, "pid" | "startTime">, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  return signalQuietly(target.pid, signal);
}

/**
 * Walks down the ladder once the abort signal comes; `end` stops it and tells whether it came. A program with more
 * rights than ours, as mock has most of the time, can't be signalled: it is reached through its terminal, and each
 * other signal waits for a moment in which it has laid its rights down.
 */
export function supervise(
  child: { pid?: number | undefined },
  { signal, onSignal, terminal, graceMs = 10_000 }: Supervision,
): { end(): boolean } {
  const timers: NodeJS.Timeout[] = [];
  const { pid } = child;
  const send = (name: (typeof ladder)[number]): void => {
    const isOutOfReach = terminal !== undefined && pid !== undefined && !canSignal(pid);
    onSignal?.(name === "TERM" && isOutOfReach ? "HUP" : name);
    if (name === "INT" && terminal?.interrupt()) return;
    if (isOutOfReach) terminal.hangUp();
    if (pid !== undefined) timers.push(signalGroup(pid, `SIG${name}`));
  };
  const abort = (): void => {
    for (const [step, name] of ladder.entries()) timers.push(setTimeout(() => send(name), step * graceMs));
    // Python drops an interrupt that comes in some moments: now and then mock goes on as if nothing had been.
    if (terminal && graceMs > AGAIN_MS) timers.push(setTimeout(() => send("INT"), AGAIN_MS));
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return {
    end() {
      signal?.removeEventListener("abort", abort);
      for (const timer of timers) clearTimeout(timer);
      return signal?.aborted ?? false;
    },
  };
}

/** Signals a process group, and its leader again until it can be signalled; returns the timer of that. */
function signalGroup(leader: number, signal: NodeJS.Signals): NodeJS.Timeout {
  let isReached = canSignal(leader);
  signalQuietly(-leader, signal);
  const insisting = setInterval(() => {
    isReached ||= signalQuietly(leader, signal);
    if (isReached) clearInterval(insisting);
  }, INSIST_MS);
  return insisting;
}

/** Each signal is harder than the one before. */
const ladder = ["INT", "TERM", "KILL"] as const;

/** When a program on a terminal is interrupted once more. Who cleans up longer leaves the rest to the scrub that follows. */
const AGAIN_MS = 3000;

/** How often a signal is tried that could not be sent. */
const INSIST_MS = 50;

/** Whether a process would take our signals, or is gone. */
function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) !== "EPERM";
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
