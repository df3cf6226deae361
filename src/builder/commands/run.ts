import { resolve } from "node:path";
import { Command, Option } from "commander";
import { CoprError, UsageError } from "../../core/errors.ts";
import { parseTaskId } from "../../core/names.ts";
import { openEcho } from "../echo.ts";
import { startInBackground, startReport } from "../daemon.ts";
import { TaskAborted } from "../errors.ts";
import type { TaskOrigin } from "../fetch-task.ts";
import { addHostOptions, type HostOptions, readHostOptions } from "../options.ts";
import type { Settings } from "../settings.ts";
import { runTask } from "../task.ts";
import { shown } from "../task-context.ts";

interface RunOptions extends HostOptions {
  taskUrl?: string;
  taskFile?: string;
  detached?: boolean;
  buildroot?: Settings["buildroot"];
}

/** `run`: does one task. */
export function run(setExitCode: (code: number) => void): Command {
  return addHostOptions(new Command("run"))
    .summary("do one task: make a source package, or build packages in a chroot")
    .argument("[task_id]", "<build id> for the source package, <build id>-<chroot> for packages")
    .option("--task-url <url>", "address of the build definition")
    .option("--task-file <path>", "local file with the build definition")
    .addOption(new Option("--buildroot <kind>", "who runs rpmbuild: mock, or the host itself without isolation").choices(["mock", "host"]))
    .option("--detached", "return as soon as the task runs, and let it go on without a terminal")
    .addHelpText(
      "after",
      "\nExamples:\n  copr-builder run 1234567-fedora-rawhide-x86_64\n  copr-builder run --detached --task-url https://copr.example.org/backend/get-srpm-build-task/1234567",
    )
    .action(async (taskId: string | undefined, options: RunOptions) => setExitCode(await runCommand(taskId, options)));
}

async function runCommand(taskId: string | undefined, options: RunOptions): Promise<number> {
  const origin = originOf(taskId, options);
  if (options.detached) {
    await startInBackground(detachedCommandLine(taskId, options));
    return 0;
  }
  // Results are served to everybody, whatever umask the caller has.
  process.umask(0o022);
  const report = startReport();
  const echo = report === undefined ? openEcho() : undefined;
  const abort = new AbortController();
  listenToSignals(abort, report !== undefined);
  try {
    const { settings, directory } = await readHostOptions(options);
    const status = await runTask({
      origin,
      settings,
      abort,
      directory,
      buildroot: options.buildroot ?? settings.buildroot,
      commandLine: commandLineForPeople(taskId, options),
      echo: echo?.write,
      onStarted: report?.started,
    });
    return status.exit_code ?? 1;
  } catch (error) {
    if (report && error instanceof CoprError) report.failed(error);
    throw error;
  } finally {
    await echo?.end();
  }
}

function originOf(taskId: string | undefined, { taskUrl, taskFile }: RunOptions): TaskOrigin {
  if ([taskId, taskUrl, taskFile].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError("Give exactly one of a task id, --task-url and --task-file");
  }
  if (taskUrl !== undefined) {
    if (!/^https?:\/\//i.test(taskUrl) || !URL.canParse(taskUrl)) throw new UsageError("The value of --task-url is not an http(s) address");
    if (new URL(taskUrl).username !== "" || new URL(taskUrl).password !== "") {
      throw new UsageError("The value of --task-url holds a user name or password, which others would see in the list of processes");
    }
    return { url: taskUrl };
  }
  return taskFile === undefined ? { id: parseTaskId(taskId as string) } : { file: resolve(taskFile) };
}

function detachedCommandLine(taskId: string | undefined, options: RunOptions): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] as string, "run", ...wordsOf(taskId, options)];
}

/** The same command again, with paths that hold in any directory. */
function wordsOf(taskId: string | undefined, { taskUrl, taskFile, config, stateDir, buildroot }: RunOptions): string[] {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`${name}=${value}`]);
  const path = (value: string | undefined): string | undefined => (value === undefined ? undefined : resolve(value));
  return [
    ...option("--task-url", taskUrl),
    ...option("--task-file", path(taskFile)),
    ...option("--config", path(config)),
    ...option("--state-dir", path(stateDir)),
    ...option("--buildroot", buildroot),
    ...(taskId === undefined ? [] : [taskId]),
  ];
}

function commandLineForPeople(taskId: string | undefined, options: RunOptions): string {
  return shown(["copr-builder", "run", ...wordsOf(taskId, options)]);
}

/** A request to stop ends the task in order. A hang-up is one only while somebody sits at the terminal. */
function listenToSignals(abort: AbortController, isDetached: boolean): void {
  const cancel = (): void => abort.abort(new TaskAborted("canceled", "The task was canceled"));
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  process.on("SIGHUP", isDetached ? () => undefined : cancel);
}
