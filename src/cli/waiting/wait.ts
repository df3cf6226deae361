import { type CiOptions, currentCi } from "../ci/system.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import type { OutputOptions } from "../output/output.ts";
import type { Context } from "../context.ts";
import { noteSeen, seenNumber } from "../seen-builds.ts";
import { DEFAULT_POLL_INTERVAL, type WatchCommandOptions } from "../options/watch.ts";
import type { WaitingOutput } from "./printing.ts";

/** What every command that waits for builds takes. */
export type WaitingOptions = OutputOptions & WatchCommandOptions & CiOptions;

/**
 * Waits until builds are finished, and tells of it in the chosen format. Throws BuildError unless all ended well.
 * @param made what is known of builds that were made just now: it is told of those that were never seen
 */
export async function waitForBuilds(
  context: Context,
  output: WaitingOutput,
  ids: readonly number[],
  options: WaitingOptions,
  made: readonly BuildRecord[] = [],
): Promise<void> {
  const { ci } = options;
  const wait = (): Promise<void> => watch(context, output, ids, options, made);
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
  made: readonly BuildRecord[],
): Promise<void> {
  const intervalMs = pollInterval * 1000;
  await noteSeen(
    context,
    ids.map((id) => seenNumber(id)),
  );
  try {
    if (output.isData) {
      const { watchAsData } = await import("./watch-data.ts");
      await watchAsData(context, output, { ids, intervalMs, made });
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
