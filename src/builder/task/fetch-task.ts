import { type BuildTask, InvalidTaskError, maxTaskBytes, parseBuildTask } from "../../core/task/build-task.ts";
import { RequestError } from "../../core/errors.ts";
import { fetchText } from "../../core/http/fetch-file.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { readRegularFile } from "../../core/files/regular-file.ts";
import { formatTaskId, taskAddress } from "../../core/task/names.ts";
import type { Transport } from "../../core/http/transport.ts";
import { TaskError } from "../errors.ts";
import { FetchOutage } from "./fetch-outage.ts";
import { mayUseLocalFiles, requireFrontend, type TaskOrigin } from "./origin.ts";
import type { Settings } from "../settings.ts";

/** What the caller of a task knows of it. */
export interface ExpectedTask {
  kind: BuildTask["kind"];
  chroot?: string | undefined;
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
    return (await import("./project-task.ts")).fetchProjectTask(options.transport, origin.project);
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
