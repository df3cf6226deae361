import { RequestError } from "../errors.ts";
import { fetchText } from "../http/fetch-file.ts";
import type { Transport } from "../http/transport.ts";
import { maxTaskBytes } from "../task/build-task.ts";
import { taskAddress, type TaskId } from "../task/names.ts";

/** The definition that the frontend has for builders, or why it is not to be had. */
export type BackendAnswer = { url: string; wire: Record<string, unknown> } | { reason: string };

/** Builders wait as long. */
const ANSWER_LIMIT_MS = 30_000;

/**
 * Asks the frontend for the definition of a task as it gives it to builders. It has one for every build, but not where the
 * project has lost the chroot (then it answers null), and some frontends keep the route to their own builders.
 */
export async function askBackend(transport: Transport, id: TaskId, signal: AbortSignal | undefined): Promise<BackendAnswer> {
  const url = taskAddress(transport.coprUrl.replace(/\/+$/, ""), id);
  let text: string;
  try {
    text = await fetchText(transport, url, { signal, maxBytes: maxTaskBytes, attempts: 2, answerLimitMs: ANSWER_LIMIT_MS });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    return { reason: error.status === 0 ? error.message : `the frontend answers ${error.status}` };
  }
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { url, wire: value as Record<string, unknown> };
  return { reason: value === null ? "the chroot is not enabled in the project" : "the frontend answers something else" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
