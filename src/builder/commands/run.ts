import { resolve } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import { parseTaskId } from "../../core/task/names.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { builderExitCodes } from "../errors.ts";
import { parseTaskUrl, type TaskOrigin } from "../task/origin.ts";
import { addHostOptions, type HostOptions } from "../options.ts";
import type { Settings } from "../settings.ts";
import { print } from "../terminal.ts";

interface RunOptions extends HostOptions {
  taskUrl?: string;
  taskFile?: string;
  localFiles: boolean;
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
    .option("--no-local-files", "refuse file: addresses in the definition, as in one that a frontend sends")
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
    const { startDetachedTask } = await import("../task/daemon.ts");
    const { slot, path } = await startDetachedTask(["run", ...wordsOf(taskId, options)]);
    if (slot > 1) print(`Slot: ${slot}, in ${path}\n`);
    return builderExitCodes.ok;
  }
  const { config, stateDir, buildroot } = options;
  const commandLine = shellLine(["copr-builder", "run", ...wordsOf(taskId, options)]);
  const { doTask } = await import("../task/start-task.ts");
  const status = await doTask({ origin, host: { config, stateDir }, buildroot, commandLine });
  return status.exit_code ?? builderExitCodes.failed;
}

function originOf(taskId: string | undefined, { taskUrl, taskFile, localFiles }: RunOptions): TaskOrigin {
  if ([taskId, taskUrl, taskFile].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError("Give exactly one of a task id, --task-url and --task-file");
  }
  if (taskUrl !== undefined) return { url: parseTaskUrl(taskUrl) };
  return taskFile === undefined ? { id: parseTaskId(taskId as string) } : { file: resolve(taskFile), isForeign: !localFiles };
}

/** The same command again, with paths that hold in any directory. */
function wordsOf(taskId: string | undefined, { taskUrl, taskFile, localFiles, config, stateDir, buildroot }: RunOptions): string[] {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`${name}=${value}`]);
  const path = (value: string | undefined): string | undefined => (value === undefined ? undefined : resolve(value));
  return [
    ...option("--task-url", taskUrl),
    ...option("--task-file", path(taskFile)),
    ...(localFiles ? [] : ["--no-local-files"]),
    ...option("--config", path(config)),
    ...option("--state-dir", path(stateDir)),
    ...option("--buildroot", buildroot),
    ...(taskId === undefined ? [] : [taskId]),
  ];
}
