import { TaskAborted } from "../errors.ts";
import { Deadline } from "../../core/process/deadline.ts";

/** Upstream's limit for scripts whose task names none, seconds. */
const DEFAULT_SECONDS = 5400;

/** Runs `work` with a signal that ends it after so many seconds; null and 0 for no limit but the task's own. */
export async function withLimit(seconds: number | null | undefined, work: (deadline: AbortSignal) => Promise<void>): Promise<void> {
  const limit = seconds === undefined ? DEFAULT_SECONDS : (seconds ?? 0);
  const controller = new AbortController();
  const sentence = `The script took longer than its limit of ${limit} s`;
  const end = new Deadline(() => controller.abort(new TaskAborted("timed-out", sentence)));
  if (limit !== 0) end.set(Date.now() + limit * 1000);
  try {
    await work(controller.signal);
  } finally {
    end.clear();
  }
}
