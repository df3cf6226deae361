import { setTimeout as sleep } from "node:timers/promises";
import { addressesWithoutSecrets } from "../../core/text/without-secrets.ts";
import { TaskError } from "../errors.ts";
import type { TaskContext, TaskRunOptions } from "../task/task-context.ts";
import { GitOutput } from "./git-output.ts";

const FIRST_WAIT_MS = 1000;
/** Enough of an output to find the reason of a failure in. */
const OUTPUT_TAIL = 16_384;

interface GitCommand {
  /** What can't be done when it fails, for the message. */
  what: string;
  /** Runs the command in this way; resolves to its exit status. */
  tryOnce(options: Pick<TaskRunOptions, "onOutput" | "watcher">): Promise<number>;
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
    const onOutput = (chunk: Buffer): void => {
      output = (output + chunk.toString("latin1")).slice(-OUTPUT_TAIL);
    };
    const status = await tryOnce({ onOutput, watcher: new GitOutput() });
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

/** Of what git has printed, byte by byte, the line that tells why it failed. */
function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const last = lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "";
  return addressesWithoutSecrets(Buffer.from(last, "latin1").toString());
}
