import type { CreatedEvent, FinishedEvent, StateEvent, TroubleEvent } from "../../core/builds/build-events.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import { type CiOptions, currentCi } from "../ci/system.ts";
import { type CauseEvent, type CauseRecord, causeFields } from "../explain/cause-record.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type Output, type OutputOptions, printing } from "../output/output.ts";
import { buildRecordFields } from "../output/shapes/build.ts";
import type { FieldRole, Shape } from "../../core/records/shape.ts";
import type { Context } from "../context.ts";
import { noteSeen, seenNumber } from "../seen-builds.ts";
import { DEFAULT_POLL_INTERVAL, type WatchCommandOptions } from "../options/watch.ts";

/** What a command that waits tells as it happens, one a line in jsonl. */
export type BuildEvent = CreatedEvent | StateEvent | TroubleEvent | CauseEvent | FinishedEvent;

/** All that can be told of builds: the events, and in JSON the builds themselves. */
type Told = BuildRecord | BuildEvent;

/** What a command that waits prints in JSON, at its end. */
export interface BuildsDocument {
  builds: BuildRecord[];
}

/** The fields of all of it. */
export const waitingFields: Readonly<Record<keyof BuildRecord | keyof CauseRecord | "event" | "at" | "reason", FieldRole>> = {
  event: "shown",
  at: "shown",
  reason: "shown",
  ...causeFields,
  ...buildRecordFields,
};

const shape: Shape<Told & { [Field in keyof typeof waitingFields]?: unknown }> = { fields: waitingFields };

/** How the commands that wait for builds print. */
export const waitingPrinting = printing<Told>(shape, { formats: formatsOfActs });
export type WaitingOutput = Output<Told>;

/** What every command that waits for builds takes. */
export type WaitingOptions = OutputOptions & WatchCommandOptions & CiOptions;

/** Waits until builds are finished, and tells of it in the chosen format. Throws BuildError unless all ended well. */
export async function waitForBuilds(
  context: Context,
  output: WaitingOutput,
  ids: readonly number[],
  options: WaitingOptions,
): Promise<void> {
  const { ci } = options;
  const wait = (): Promise<void> => watch(context, output, ids, options);
  // Who asks for data reads standard error as data, too.
  const system = ci ?? (output.isData ? undefined : currentCi());
  if (system === undefined || system === "off") return wait();
  const { reportWait } = await import("../ci/report.ts");
  const stream = ci === undefined || output.isData ? "error" : "out";
  await reportWait(context, { system, stream, ids }, wait);
}

async function watch(
  context: Context,
  output: WaitingOutput,
  ids: readonly number[],
  { pollInterval = DEFAULT_POLL_INTERVAL, plain = false, logs = false, heartbeat }: WaitingOptions,
): Promise<void> {
  const intervalMs = pollInterval * 1000;
  await noteSeen(
    context,
    ids.map((id) => seenNumber(id)),
  );
  try {
    if (output.isData) {
      const { watchAsData } = await import("./watch-data.ts");
      await watchAsData(context, output, ids, intervalMs);
    } else if (!plain && context.terminal.isWatched && !process.env["CI"]) {
      const { watchOnBoard } = await import("./watch-board.ts");
      await watchOnBoard(context, ids, { intervalMs, logs });
    } else {
      const { watchLines } = await import("./watch-lines.ts");
      await watchLines(context, ids, { intervalMs, heartbeatMs: heartbeat === undefined ? undefined : heartbeat * 1000 });
    }
  } catch (error) {
    // The builds go on without us, so stopping to look is no failure.
    if (context.interrupted.aborted) return;
    throw error;
  }
}
