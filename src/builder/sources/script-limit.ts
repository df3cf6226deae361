import { TaskAborted } from "../errors.ts";

/** Upstream's limit for scripts whose task names none, seconds. */
const DEFAULT_SECONDS = 5400;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Runs `work` with a signal that ends it after so many seconds; null and 0 for no limit but the task's own. */
export async function withLimit(seconds: number | null | undefined, work: (deadline: AbortSignal) => Promise<void>): Promise<void> {
  const limit = seconds === undefined ? DEFAULT_SECONDS : (seconds ?? 0);
  const controller = new AbortController();
  const end = (): void => controller.abort(new TaskAborted("timed-out", `The script took longer than its limit of ${limit} s`));
  const timer = limit === 0 ? undefined : setTimeout(end, Math.min(limit * 1000, MAX_TIMER_MS));
  try {
    await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
