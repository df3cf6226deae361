import { type BuildTask, InvalidTaskError, maxTaskBytes, parseBuildTask } from "../core/build-task.ts";
import { RequestError, UsageError } from "../core/errors.ts";
import { fetchText, withoutSecrets } from "../core/fetch-file.ts";
import { readRegularFile } from "../core/files.ts";
import { formatTaskId, type TaskId } from "../core/names.ts";
import type { Transport } from "../core/transport.ts";
import { TaskError } from "./errors.ts";
import type { Settings } from "./settings.ts";

/** Where the definition of a task is: one of the three. */
export type TaskOrigin = { id: TaskId } | { url: string } | { file: string };

/** Address of a task's definition, as frontends serve it. */
function taskUrl(frontendUrl: string, id: TaskId): string {
  const route = id.kind === "srpm" ? "get-srpm-build-task" : "get-build-task";
  return `${frontendUrl}/backend/${route}/${encodeURIComponent(formatTaskId(id))}`;
}

/** The address or path, for the log; without user and password. */
export function describeOrigin(origin: TaskOrigin, settings: Settings): string {
  if ("file" in origin) return origin.file;
  return withoutSecrets("url" in origin ? origin.url : taskUrl(requireFrontend(settings), origin.id));
}

export interface FetchTaskOptions {
  transport: Transport;
  settings: Settings;
  signal: AbortSignal;
  say: (text: string) => void;
}

/** Gets the definition and checks it. Throws TaskError or InvalidTaskError with one clear sentence. */
export async function fetchTask(origin: TaskOrigin, options: FetchTaskOptions): Promise<BuildTask> {
  if ("file" in origin) {
    const text = await readRegularFile(origin.file, { maxBytes: maxTaskBytes, label: "task file" });
    return parseBuildTask(text.toString(), { allowLocalFiles: true });
  }
  const url = "url" in origin ? origin.url : taskUrl(requireFrontend(options.settings), origin.id);
  const task = parseBuildTask(await download(url, options));
  if ("id" in origin && task.task_id !== formatTaskId(origin.id)) {
    throw new InvalidTaskError(`The frontend answered with task ${task.task_id} instead of ${formatTaskId(origin.id)}`);
  }
  return task;
}

async function download(url: string, { transport, settings, signal, say }: FetchTaskOptions): Promise<string> {
  try {
    return await fetchText(transport, url, {
      signal,
      maxBytes: maxTaskBytes,
      attempts: settings.fetchAttempts,
      onRetry: (attempt, reason) => say(`Retry request #${attempt} on ${withoutSecrets(url)}: ${reason}`),
    });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.status === 404)
      throw new TaskError(`The frontend does not know this task: ${withoutSecrets(url)} answered 404 Not Found`, { cause: error });
    throw new TaskError(error.message, { cause: error });
  }
}

function requireFrontend({ frontendUrl }: Settings): string {
  if (frontendUrl !== undefined) return frontendUrl;
  throw new UsageError("There is no frontend_url in the configuration to ask for the task", {
    hint: "Set it in /etc/copr-rpmbuild/main.ini, or give --config or --task-url.",
  });
}
