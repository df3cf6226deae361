import { type BuildTask, InvalidTaskError, maxTaskBytes, parseBuildTask } from "../../core/task/build-task.ts";
import { RequestError, UsageError } from "../../core/errors.ts";
import { fetchText } from "../../core/http/fetch-file.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { formatTaskId, taskAddress, type TaskId } from "../../core/task/names.ts";
import type { Transport } from "../../core/http/transport.ts";
import { TaskError } from "../errors.ts";
import { FetchOutage } from "./fetch-outage.ts";
import { fetchProjectTask, type ProjectChrootRef } from "./project-task.ts";
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

/** What the caller of a task knows of it. */
export interface ExpectedTask {
  kind: BuildTask["kind"];
  chroot?: string | undefined;
}

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

export interface FetchTaskOptions {
  transport: Transport;
  settings: Settings;
  signal: AbortSignal;
  say: (text: string) => void;
  expected?: ExpectedTask | undefined;
}

/** Gets the definition and checks it. Throws TaskError or InvalidTaskError with one clear sentence. */
export async function fetchTask(origin: TaskOrigin, options: FetchTaskOptions): Promise<BuildTask> {
  const task = await readTask(origin, options);
  const { expected } = options;
  if (expected === undefined) return task;
  if (task.kind !== expected.kind) {
    throw new InvalidTaskError(`The build definition is of ${task.kind === "srpm" ? "a source package" : "packages"}`, {
      hint: task.kind === "srpm" ? "Give --srpm to make it." : "Leave out --srpm and name the chroot to build them.",
    });
  }
  return task.kind === "rpm" && expected.chroot !== undefined ? { ...task, chroot: expected.chroot } : task;
}

async function readTask(origin: TaskOrigin, options: FetchTaskOptions): Promise<BuildTask> {
  if ("project" in origin) {
    requireFrontend(options.settings);
    return fetchProjectTask(options.transport, origin.project);
  }
  if ("file" in origin) {
    const text = await readRegularFile(origin.file, { maxBytes: maxTaskBytes, label: "task file" });
    return parseBuildTask(text.toString(), { allowLocalFiles: mayUseLocalFiles(origin), chroot: options.expected?.chroot });
  }
  const url = "url" in origin ? origin.url : taskAddress(requireFrontend(options.settings), origin.id);
  const task = parseBuildTask(await download(url, options), { chroot: options.expected?.chroot });
  if ("id" in origin && task.task_id !== formatTaskId(origin.id)) {
    throw new InvalidTaskError(`The frontend answered with task ${task.task_id} instead of ${formatTaskId(origin.id)}`);
  }
  return task;
}

/** Upstream's limit. A frontend that hangs must not keep a builder from its next task. */
const ANSWER_LIMIT_MS = 30_000;

async function download(url: string, { transport, settings, signal, say }: FetchTaskOptions): Promise<string> {
  const outage = new FetchOutage("frontend", (attempt, reason) => say(`Retry request #${attempt} on ${withoutSecrets(url)}: ${reason}`));
  const options = { signal, maxBytes: maxTaskBytes, answerLimitMs: ANSWER_LIMIT_MS, attempts: settings.fetchAttempts };
  try {
    return await fetchText(transport, url, { ...options, onRetry: outage.onRetry });
  } catch (cause) {
    const error = outage.named(cause, url);
    if (!(error instanceof RequestError)) throw error;
    if (error.status === 404)
      throw new TaskError(`The frontend does not know this task: ${withoutSecrets(url)} answered 404 Not Found`, { cause: error });
    throw new TaskError(error.message, { cause: error });
  }
}

/** Address of the frontend. Throws UsageError where none is configured. */
export function requireFrontend({ frontendUrl }: Settings): string {
  if (frontendUrl !== undefined) return frontendUrl;
  throw new UsageError("There is no frontend_url in the configuration to ask for the task", {
    hint: "Set it in /etc/copr-rpmbuild/main.ini, or give --config or --task-url.",
  });
}
