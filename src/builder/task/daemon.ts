import { writeSync, closeSync } from "node:fs";
import type { Readable } from "node:stream";
import { CoprError } from "../../core/errors.ts";
import { startDetached } from "../../core/process/detached.ts";
import { builderExitCodes, exitCodeFor, StartError } from "../errors.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** Tells the started process that somebody waits to hear of its start, on this descriptor. */
const HANDSHAKE_VARIABLE = "COPR_BUILDER_HANDSHAKE_FD";
const HANDSHAKE_FD = 3;

/** Which slot took the task, and its directory. */
export type StartedIn = Pick<StateDirectory, "slot" | "path">;

/** The first word of the task process: it runs, or why not. */
type Handshake =
  | { started: true; slot: number; path: string }
  | { started: false; message: string; hint?: string | undefined; exitCode: number };

/**
 * Starts the same program again in a session of its own, and returns when it holds the lock and its log and pid
 * files exist. From then on no hang-up of our terminal or ssh connection reaches it. Resolves to where it runs.
 */
export async function startInBackground(argv: readonly string[], cwd: string): Promise<StartedIn> {
  const child = await startDetached(argv, {
    cwd,
    env: { ...definedVariables(), [HANDSHAKE_VARIABLE]: String(HANDSHAKE_FD) },
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const pipe = child.stdio[HANDSHAKE_FD] as Readable;
  let text = "";
  for await (const chunk of pipe) {
    text += String(chunk);
    if (text.endsWith("\n")) break;
  }
  pipe.destroy();
  const noWord = { started: false as const, message: "The builder process ended before the task began", exitCode: builderExitCodes.failed };
  const message = text === "" ? noWord : (JSON.parse(text) as Handshake);
  if (!message.started) throw new StartError(message);
  return message;
}

/** The task process's end of the hand-shake; undefined when nobody waits. */
export interface StartReport {
  started(where: StartedIn): void;
  failed(error: CoprError): void;
}

export function startReport(environment: Record<string, string | undefined> = process.env): StartReport | undefined {
  const fd = Number(environment[HANDSHAKE_VARIABLE]);
  delete environment[HANDSHAKE_VARIABLE];
  if (!fd) return undefined;
  let isOpen = true;
  const tell = (message: Handshake): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      writeSync(fd, `${JSON.stringify(message)}\n`);
    } catch {
      // Whoever started us has gone, e.g. with its ssh connection. The task goes on.
    }
    closeSync(fd);
  };
  return {
    started: ({ slot, path }) => tell({ started: true, slot, path }),
    failed: (error) => tell({ started: false, message: error.message, hint: error.hint, exitCode: exitCodeFor(error) }),
  };
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
