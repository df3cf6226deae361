import { CoprError, describeFileError, isOutsideError, RequestError } from "../../core/errors.ts";
import { TaskAborted, TaskError } from "../errors.ts";
import type { FinalState } from "../state/status.ts";

/** How a task ended. */
export interface Outcome {
  state: FinalState;
  reason: string | null;
  /** First words of the line that tells the reason; upstream has others where a server failed. */
  title?: "Copr build error" | "Network error";
}

/** The outcome of a task that did not get to its end; `signal` is the one that ends the task early. */
export function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  const reason: unknown = signal.aborted ? signal.reason : error;
  if (reason instanceof TaskAborted) return { state: reason.state, reason: reason.message };
  if (error instanceof CoprError) {
    const isOfServer = error instanceof RequestError || error.cause instanceof RequestError;
    const title = isOfServer ? "Network error" : "Copr build error";
    return { state: "failed", reason: error.hint ? `${error.message}. ${error.hint}` : error.message, title };
  }
  if (isOutsideError(error)) return { state: "failed", reason: new TaskError(describeFileError(error)).message };
  return { state: "failed", reason: `Bug in copr-builder: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
}
