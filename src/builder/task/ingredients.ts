import { mkdtemp, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDirectory } from "../../core/files/directories.ts";
import type { Transport } from "../../core/http/transport.ts";
import type { BuildTask } from "../../core/task/build-task.ts";
import type { LiveLog } from "../log/live-log.ts";
import type { StatusWriter } from "../state/status.ts";
import { makeWorkspace } from "../state/workspace.ts";
import { taskEnvironment } from "./environment.ts";
import { mayUseLocalFiles } from "./origin.ts";
import { macrosOf, rpmmacrosText } from "./macros.ts";
import type { TaskOptions } from "./task-options.ts";
import { type TaskContext, taskRunner } from "./task-context.ts";

/** What there is when a task's definition is known. */
export interface Ingredients {
  options: TaskOptions;
  task: BuildTask;
  log: LiveLog;
  status: StatusWriter;
  mark: string;
  transport: Transport;
  /** See TaskContext. */
  mockOptions: readonly string[];
  /** Told of each program that was started. */
  admit: (pid: number) => void;
}

/** Makes the workspace, and from all that what the steps of the task are given. */
export async function makeContext({ options, task, log, status, mark, transport, mockOptions, admit }: Ingredients): Promise<TaskContext> {
  const { directory, settings, abort } = options;
  await makeWorkspace(directory);
  const workDirectory = await realpath(await mkdtemp(join(directory.workspace, "workdir-")));
  const home = join(workDirectory, "home");
  await ensureDirectory(home);
  await writeFile(join(home, ".rpmmacros"), rpmmacrosText(macrosOf(task, settings)));
  const allowLocalFiles = mayUseLocalFiles(options.origin);
  const checkout = "checkout" in options.origin ? options.origin.checkout : undefined;
  const environment = taskEnvironment({ home, mark, allowLocalFiles });
  const base = { log, signal: abort.signal, environment };
  return {
    ...base,
    settings,
    transport,
    workDirectory,
    home,
    allowLocalFiles,
    checkout,
    mockOptions,
    results: directory.results,
    directory,
    enter: status.enter,
    setChroot: status.setChroot,
    ...taskRunner(base, status.setProgram, admit),
  };
}
