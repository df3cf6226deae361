import { closeSync, writeSync } from "node:fs";
import type { CoprError } from "../../core/errors.ts";
import { exitCodeFor } from "../errors.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** Tells the started process that somebody waits to hear of its start, on this descriptor. */
export const HANDSHAKE_VARIABLE = "COPR_BUILDER_HANDSHAKE_FD";
export const HANDSHAKE_FD = 3;

/** Which slot took the task, and its directory. */
export type StartedIn = Pick<StateDirectory, "slot" | "path">;

/** The first word of the task process: it runs, or why not. */
export type Handshake =
  | { started: true; slot: number; path: string }
  | { started: false; message: string; hint?: string | undefined; exitCode: number };

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
