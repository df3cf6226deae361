import { UsageError } from "../../core/errors.ts";
import { taskAddress, type TaskId } from "../../core/task/names.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import type { ProjectChrootRef } from "./project-task.ts";
import type { Settings } from "../settings.ts";

/**
 * Where the definition of a task is: one of these. A foreign file is one that the user did not write. The last one has none;
 * it is the user's own checkout, built the way a project builds in a chroot.
 */
export type TaskOrigin =
  | { id: TaskId }
  | { url: string }
  | { file: string; isForeign?: boolean }
  | { project: ProjectChrootRef; checkout: string };

/** Checks a `--task-url`. Throws UsageError. */
export function parseTaskUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new UsageError("The value of --task-url is not an http(s) address");
  const { username, password } = new URL(text);
  if (username === "" && password === "") return text;
  throw new UsageError("The value of --task-url holds a user name or password, which others would see in the list of processes");
}

/** Whether a definition may name files of this machine: only one that the local user wrote. */
export function mayUseLocalFiles(origin: TaskOrigin): boolean {
  return "file" in origin && origin.isForeign !== true;
}

/** The address or path, for the log; without user and password. */
export function describeOrigin(origin: TaskOrigin, settings: Settings): string {
  if ("file" in origin) return origin.file;
  if ("project" in origin) return `${withoutSecrets(requireFrontend(settings))}, project ${origin.project.owner}/${origin.project.dirname}`;
  return withoutSecrets("url" in origin ? origin.url : taskAddress(requireFrontend(settings), origin.id));
}

/** Address of the frontend. Throws UsageError where none is configured. */
export function requireFrontend({ frontendUrl }: Settings): string {
  if (frontendUrl !== undefined) return frontendUrl;
  throw new UsageError("There is no frontend_url in the configuration to ask for the task", {
    hint: "Set it in /etc/copr-rpmbuild/main.ini, or give --config or --task-url.",
  });
}
