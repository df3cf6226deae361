import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type ProcessInfo } from "./process-table.ts";

/** How a running program is ended early. */
export interface Supervision {
  /** Ends the program and its process group: INT, after 10 s TERM, after 20 s KILL. */
  signal?: AbortSignal | undefined;
  /** Told before each signal of that row, e.g. to write it to the log. */
  onSignal?: ((name: "INT" | "TERM" | "KILL") => void) | undefined;
}

/**
 * Ends processes for good: TERM, a moment, KILL. `find` is asked again each time, since processes make processes.
 * Resolves to those that are still there, e.g. in uninterruptible sleep.
 */
export async function endProcesses(
  find: () => ProcessInfo[],
  { signals = ["SIGTERM", "SIGKILL"] as readonly NodeJS.Signals[], graceMs = 2000 } = {},
): Promise<ProcessInfo[]> {
  for (const signal of signals) {
    const found = find();
    if (found.length === 0) return [];
    for (const process of found) sendSignal(process, signal);
    const end = Date.now() + graceMs;
    while (Date.now() < end && find().length > 0) await sleep(20);
  }
  return find();
}

/** Signals exactly this process, not one that got its number later. Returns whether it could be signalled. */
export function sendSignal(target: Pick<ProcessInfo, "pid" | "startTime">, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  return signalQuietly(target.pid, signal);
}

/** Walks down the ladder once the abort signal comes; `end` stops it and tells whether it came. */
export function supervise(child: { pid?: number | undefined }, { signal, onSignal }: Supervision): { end(): boolean } {
  const timers: NodeJS.Timeout[] = [];
  const abort = (): void => {
    for (const { name, afterMs } of ladder) {
      timers.push(
        setTimeout(() => {
          onSignal?.(name);
          if (child.pid !== undefined) signalQuietly(-child.pid, `SIG${name}`);
        }, afterMs),
      );
    }
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

/** How long the group has after each signal before the next, harder one. Upstream's timing. */
const ladder = [
  { name: "INT", afterMs: 0 },
  { name: "TERM", afterMs: 10_000 },
  { name: "KILL", afterMs: 20_000 },
] as const;

function signalQuietly(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
