import type { Settings } from "../settings.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { ExpectedTask } from "./fetch-task.ts";
import type { TaskOrigin } from "./origin.ts";

/** A task as its caller wants it done. */
export interface TaskOptions {
  origin: TaskOrigin;
  settings: Settings;
  directory: StateDirectory;
  buildroot: Settings["buildroot"];
  /** Do the task, or only write mock's configuration for it. Default: do it. */
  action?: "build" | "dump-configs" | undefined;
  /** What the caller knows of the task; a definition of another kind is refused, another chroot overridden. */
  expected?: ExpectedTask | undefined;
  /** Leave the results of earlier tasks where they are, but for what this task makes anew. */
  keepsResults?: boolean | undefined;
  /** Command line that repeats this task, for the head of the log. */
  commandLine: string;
  /** Gets the log's bytes, too. */
  echo?: ((bytes: Uint8Array) => void) | undefined;
  /** Called when the lock is held and the log and pid files exist. */
  onStarted?: ((directory: StateDirectory) => void) | undefined;
  /** How many tasks this builder does at once; with more than one the log tells the slot. */
  slots: number;
  /** Whether a clean-up that holds the slot is waited for. */
  waits: boolean;
  /** Ends the task early. */
  abort: AbortController;
}
