import { CoprError } from "../../core/errors.ts";
import { openEcho } from "../log/echo.ts";
import { startReport } from "./start-report.ts";
import { checkStateDirectory } from "../state/check-state-directory.ts";
import { BusyError, TaskAborted } from "../errors.ts";
import { type BuilderHost, type HostOptions, readHost } from "../options.ts";
import type { Settings } from "../settings.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { TaskStatus } from "../state/status.ts";
import { runTask } from "./task.ts";
import type { TaskOptions } from "./task-options.ts";

/** A task as a command line asks for it. */
export interface TaskRequest extends Pick<TaskOptions, "origin" | "action" | "expected" | "keepsResults" | "commandLine"> {
  host: HostOptions;
  /** Its results are fetched by copr-backend, which knows one place only. */
  isForBackend?: boolean;
  /** Overrides the configuration. */
  buildroot?: Settings["buildroot"] | undefined;
}

/**
 * Does a task in this process, to its end, with the log on standard output. Signals end it in order.
 * Throws what keeps it from beginning, e.g. BusyError.
 */
export async function doTask({ host, buildroot, isForBackend = false, ...request }: TaskRequest): Promise<Readonly<TaskStatus>> {
  // Results are served to everybody, whatever umask the caller has.
  process.umask(0o022);
  const report = startReport();
  const echo = report === undefined ? openEcho() : undefined;
  const abort = new AbortController();
  listenToSignals(abort, report !== undefined);
  try {
    const { settings, slots } = await readHost(host, { isForBackend }, abort.signal);
    for (const slot of slots) checkStateDirectory(slot);
    const options = {
      ...request,
      settings,
      abort,
      buildroot: buildroot ?? settings.buildroot,
      echo: echo?.write,
      onStarted: report?.started,
    };
    return await inFreeSlot(slots, (directory, waits) => runTask({ ...options, directory, waits, slots: slots.length }));
  } catch (error) {
    if (report && error instanceof CoprError) report.failed(error);
    throw error;
  } finally {
    await echo?.end();
  }
}

/**
 * Does it in the first slot that is free. One that is only being cleaned up is waited for when there is no other.
 * Throws BusyError when none is.
 */
async function inFreeSlot<T>(slots: BuilderHost["slots"], work: (directory: StateDirectory, waits: boolean) => Promise<T>): Promise<T> {
  let first: BusyError | undefined;
  let candidates = slots;
  for (const waits of slots.length === 1 ? [true] : [false, true]) {
    const passing: StateDirectory[] = [];
    for (const slot of candidates) {
      try {
        return await work(slot, waits);
      } catch (error) {
        if (!(error instanceof BusyError) || slots.length === 1) throw error;
        if (error.isPassing) passing.push(slot);
        first ??= error;
      }
    }
    candidates = passing;
  }
  throw new BusyError(`This builder is busy: each of its ${slots.length} slots has a task`, {
    cause: first,
    hint: "'copr-builder status' tells them all.",
  });
}

/** A request to stop ends the task in order. A hang-up is one only while somebody sits at the terminal. */
function listenToSignals(abort: AbortController, isDetached: boolean): void {
  const cancel = (): void => abort.abort(new TaskAborted("canceled", "The task was canceled"));
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  process.on("SIGHUP", isDetached ? () => undefined : cancel);
}
