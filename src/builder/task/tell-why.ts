import type { CostMeter } from "../cost/cost-meter.ts";
import type { TaskCost } from "../cost/task-cost.ts";
import type { LiveLog } from "../log/live-log.ts";
import type { TaskCause } from "../state/status.ts";
import type { ExplainedFailure } from "./explain-failure.ts";
import type { Outcome } from "./outcome.ts";
import { shortageOf } from "./shortage.ts";
import type { TaskOptions } from "./task-options.ts";

/** A failed task, and what was measured of it. */
interface MeasuredTask extends Pick<TaskOptions, "directory" | "settings" | "abort"> {
  cost: TaskCost | null;
  meter: CostMeter | undefined;
}

/**
 * Finds out why a task did not succeed and tells it in the log: the cause that its logs show, and what it lacked. Resolves to
 * the cause and the reason, which names a lack of memory or of room on a disk. It is an extra: nothing here can fail.
 */
export async function tellWhy(
  task: MeasuredTask,
  log: LiveLog,
  outcome: Outcome,
): Promise<{ reason: string | null; cause: TaskCause | undefined }> {
  const found = await explain(task, log, outcome);
  const cause = found && asShown(found.cause, log);
  const reason = await withShortage(task, log, { ...outcome, cause });
  for (const line of found?.lines ?? []) log.say(line);
  return { reason, cause };
}

/** The logs of the results hold what programs have written there themselves, with addresses as they are. */
function asShown(cause: TaskCause, log: LiveLog): TaskCause {
  const lines = cause.lines.map((line) => ({ ...line, text: log.shown(line.text) }));
  return { ...cause, lines, advice: cause.advice === null ? null : log.shown(cause.advice) };
}

async function withShortage(
  { cost, meter }: MeasuredTask,
  log: LiveLog,
  { state, reason, cause }: Outcome & { cause: TaskCause | undefined },
): Promise<string | null> {
  if (state !== "failed") return reason;
  const shortage = await shortageOf({ reason: reason ?? "", cause, cost, meter }).catch(() => undefined);
  if (shortage === undefined) return reason;
  if (reason !== null && !NAMES_SHORTAGE.test(reason)) return `${log.shown(shortage)}. ${reason}`;
  // The reason names the file that could not be written already.
  log.say(shortage);
  return reason;
}

const NAMES_SHORTAGE = /no space left on the disk|quota/;

/** So long a failed task looks for the cause; some 27 MB of log take a second. */
const EXPLAIN_MS = 5000;

async function explain(
  { directory, settings, abort }: MeasuredTask,
  log: LiveLog,
  { state, reason, title }: Outcome,
): Promise<ExplainedFailure | undefined> {
  if (!settings.explain || state === "canceled") return undefined;
  const deadline = AbortSignal.timeout(EXPLAIN_MS);
  try {
    const { explainFailure } = await import("./explain-failure.ts");
    return await explainFailure({
      isTimedOut: state === "timed-out",
      results: directory.results,
      liveLog: log.read,
      lastLine: `${title}: ${reason}`,
      signal: abort.signal.aborted ? deadline : AbortSignal.any([abort.signal, deadline]),
    });
  } catch {
    return undefined;
  }
}
