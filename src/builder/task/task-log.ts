import type { BuildTask } from "../../core/task/build-task.ts";
import { addressesWithoutSecrets, withoutSecrets } from "../../core/text/without-secrets.ts";
import { version } from "../../core/version.ts";
import type { LiveLog } from "../log/live-log.ts";

/** The head of a task's log. Users look for these words, to repeat a build at home. */
export function sayHeader(commandLine: string, { say }: LiveLog): void {
  say(`
You can reproduce this build on your computer by running:

  sudo dnf install copr-rpmbuild
  ${addressesWithoutSecrets(commandLine)}


Version: ${version}
PID: ${process.pid}
Logging PID: ${process.pid}`);
}

/** The log is public: only what is known to be harmless is told, never the whole definition. */
export function sayTask(task: BuildTask, { say }: LiveLog): void {
  const { kind, task_id, project_owner, project_name, package_name, timeout } = task;
  const own =
    kind === "rpm"
      ? { chroot: task.chroot, git_repo: withoutSecrets(task.git_repo), git_hash: task.git_hash, enable_net: task.enable_net }
      : { source_type: task.source.type };
  const shown = { task_id, project_owner, project_name, package_name, timeout, ...own };
  const lines = Object.entries(shown).filter(([, value]) => value !== undefined && value !== null);
  say(`Task:\n${lines.map(([key, value]) => `  ${key}: ${String(value)}`).join("\n")}\n`);
}

/** Where a task's sources and packages come from. */
export function addressesOf(task: BuildTask): string[] {
  const repositories = task.repos.map(({ baseurl }) => baseurl);
  if (task.kind === "rpm") return [task.git_repo, ...repositories];
  if ("url" in task.source) return [task.source.url, ...repositories];
  return "clone_url" in task.source ? [task.source.clone_url, ...repositories] : repositories;
}
