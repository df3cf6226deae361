import { fileURLToPath } from "node:url";
import { startDetached } from "../../core/process/detached.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** The hooks of a slot's tasks, and how they are to be run. */
export interface HookWork {
  directory: StateDirectory;
  hooksDirectory: string;
  /** Seconds that one hook may take. */
  limitSeconds: number;
  /** Path of the builder's configuration, if it was named. */
  config: string | undefined;
}

/**
 * Starts a process that runs the hooks of all tasks that wait in the spool. It has its own session, and neither the mark of a
 * task nor anything else of our environment: neither a `cancel` nor the next task ends it, and nobody waits for it.
 */
export async function startHooks(work: HookWork): Promise<void> {
  const program = fileURLToPath(new URL("./copr-builder-hooks.cjs", import.meta.url));
  await startDetached([process.execPath, program, JSON.stringify(work)], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "ignore", "ignore"],
  });
}
