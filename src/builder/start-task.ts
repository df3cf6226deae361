import { CoprError } from "../core/errors.ts";
import { openEcho } from "./echo.ts";
import { startInBackground, startReport } from "./daemon.ts";
import { TaskAborted } from "./errors.ts";
import { type HostOptions, readHostOptions } from "./options.ts";
import type { Settings } from "./settings.ts";
import type { TaskStatus } from "./status.ts";
import { runTask, type TaskOptions } from "./task.ts";

/** A task as a command line asks for it. */
export interface TaskRequest extends Pick<TaskOptions, "origin" | "action" | "expected" | "keepsResults" | "commandLine"> {
  host: HostOptions;
  /** Overrides the configuration. */
  buildroot?: Settings["buildroot"] | undefined;
}

/** Lets the same program do the task in the background; `words` is its command line without the request to do so. */
export function startDetachedTask(words: readonly string[], cwd = "/"): Promise<void> {
  return startInBackground([process.execPath, ...process.execArgv, process.argv[1] as string, ...words], cwd);
}

/**
 * Does a task in this process, to its end, with the log on standard output. Signals end it in order.
 * Throws what keeps it from beginning, e.g. BusyError.
 */
export async function doTask({ host, buildroot, ...request }: TaskRequest): Promise<Readonly<TaskStatus>> {
  // Results are served to everybody, whatever umask the caller has.
  process.umask(0o022);
  const report = startReport();
  const echo = report === undefined ? openEcho() : undefined;
  const abort = new AbortController();
  listenToSignals(abort, report !== undefined);
  try {
    const { settings, directory } = await readHostOptions(host);
    return await runTask({
      ...request,
      settings,
      abort,
      directory,
      buildroot: buildroot ?? settings.buildroot,
      echo: echo?.write,
      onStarted: report?.started,
    });
  } catch (error) {
    if (report && error instanceof CoprError) report.failed(error);
    throw error;
  } finally {
    await echo?.end();
  }
}

/** A request to stop ends the task in order. A hang-up is one only while somebody sits at the terminal. */
function listenToSignals(abort: AbortController, isDetached: boolean): void {
  const cancel = (): void => abort.abort(new TaskAborted("canceled", "The task was canceled"));
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  process.on("SIGHUP", isDetached ? () => undefined : cancel);
}
