import { run } from "../../core/process/run.ts";
import { TextCleaner } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";

/** How to start the builder. */
export interface BuilderRun {
  argv: readonly string[];
  cwd?: string | undefined;
  /** Whether its log is shown while it grows. */
  isShown: boolean;
}

/** The builder ends a task within 20 s, mock's chroot takes 10 more; whoever still runs then is killed. */
const GRACE_MS = 40_000;

/** How the builder ended. */
interface BuilderEnding {
  exitCode: number;
  /** The last of what it said. */
  lastLine: string;
}

const MAX_TAIL_BYTES = 4096;

/**
 * Runs the builder to its end. It has a terminal of its own: an interruption reaches it and what
 * it has started, and if this program is killed it is interrupted by that. Throws the reason of an interruption, when the
 * builder has ended.
 */
export async function runBuilder({ terminal, interrupted }: Context, { argv, cwd, isShown }: BuilderRun): Promise<BuilderEnding> {
  const cleaner = new TextCleaner();
  const failure = new AbortController();
  let tail = Buffer.alloc(0);
  const print = (text: Buffer): void => {
    tail = Buffer.concat([tail, text]).subarray(-MAX_TAIL_BYTES);
    try {
      if (isShown && !failure.signal.aborted) terminal.out(text);
    } catch (error) {
      // Nobody reads the log any more.
      failure.abort(error);
    }
  };
  const { exitCode } = await run(argv, {
    cwd,
    env: builderEnvironment(),
    signal: AbortSignal.any([interrupted, failure.signal]),
    graceMs: GRACE_MS,
    hasTerminal: true,
    onOutput: (chunk) => print(cleaner.push(chunk)),
  });
  print(cleaner.flush());
  interrupted.throwIfAborted();
  failure.signal.throwIfAborted();
  return { exitCode, lastLine: tail.toString().trim().split("\n").at(-1) ?? "" };
}

/** Ours, without what is the client's alone: a build may look at the processes of its user. */
function builderEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^COPR_(LOGIN|TOKEN|USERNAME)/.test(name));
  return Object.fromEntries(own) as Record<string, string>;
}
