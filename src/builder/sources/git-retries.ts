import { setTimeout as sleep } from "node:timers/promises";
import { TaskError } from "../errors.ts";
import type { TaskContext } from "../task/task-context.ts";

const FIRST_WAIT_MS = 1000;
/** Enough of an output to find the reason of a failure in. */
const OUTPUT_TAIL = 16_384;

interface GitCommand {
  /** What can't be done when it fails, for the message. */
  what: string;
  /** Runs the command; resolves to its exit status. */
  tryOnce(onOutput: (chunk: Buffer) => void): Promise<number>;
  /** Knows outputs that call for another command. */
  isRefused?: ((output: string) => boolean) | undefined;
}

/**
 * Runs a command of git again while it fails for reasons that may pass, after 1, 2, 4, … seconds, as long as the
 * configuration allows (upstream: 300 s, whatever the reason). Resolves to false when it was refused; throws
 * TaskError with git's own words.
 */
export async function retryGit(
  { log, settings, signal }: TaskContext,
  { what, tryOnce, isRefused = () => false }: GitCommand,
): Promise<boolean> {
  const ends = Date.now() + settings.cloneRetrySeconds * 1000;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs *= 2) {
    let output = "";
    const status = await tryOnce((chunk) => {
      output = (output + chunk.toString("latin1")).slice(-OUTPUT_TAIL);
    });
    if (status === 0) return true;
    if (isRefused(output)) return false;
    const leftMs = ends - Date.now();
    if (leftMs <= 0 || !mayRecover(output)) throw new TaskError(`${what}: ${lastLine(output) || `git ended with ${status}`}`);
    const nextMs = Math.min(waitMs, leftMs);
    log.say(`That failed for a reason that may pass, trying again in ${Math.ceil(nextMs / 1000)} s`);
    await sleep(nextMs, undefined, { signal });
  }
}

function mayRecover(output: string): boolean {
  return /could not resolve host|connection (refused|reset|timed out|closed)|failed to connect|unable to connect|early EOF|unexpected disconnect|RPC failed|returned error: (5\d\d|429|408)|unexpected HTTP status (5\d\d|429)|remote end hung up|temporary failure|operation timed out|TLS connection was non-properly terminated/i.test(
    output,
  );
}

function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "";
}
