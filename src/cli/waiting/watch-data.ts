import { listBuildChroots } from "../../core/api/index.ts";
import { type BuildRecord, chrootRecord } from "../../core/builds/build-record.ts";
import { watchBuild } from "../../core/builds/watch-build.ts";
import { BuildError } from "../../core/errors.ts";
import type { Transport } from "../../core/http/transport.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { noteSeen, seenRecord } from "../seen-builds.ts";
import { causesOf } from "./causes.ts";
import { Outcome } from "./outcome.ts";
import type { BuildEvent, WaitingOutput } from "./printing.ts";

/** What is watched. */
interface Watching extends Omit<Following, "take"> {
  /** Builds that were made just now. */
  made: readonly BuildRecord[];
}

/** Tells of builds in data: each event as it comes, or in JSON the builds when all are finished, also after a Ctrl-C. */
export async function watchAsData(context: Context, output: WaitingOutput, { ids, intervalMs, made }: Watching): Promise<void> {
  const take = (records: BuildRecord[]): void => {
    const known = new Map([...made, ...records].map((record) => [record.id, record]));
    // Of a watch that failed at once nothing is known: an empty list would pass for an answer.
    if (known.size > 0 || context.interrupted.aborted) output.document("builds", inOrder(ids, known));
  };
  await followAsData(context, output, { ids, intervalMs, take });
}

/** What is followed, and who takes the builds when that ends, however it does. */
export interface Following {
  ids: readonly number[];
  intervalMs: number;
  take: (records: BuildRecord[]) => void;
}

/** The same, with the builds for the caller instead of the document in JSON. Throws BuildError unless all ended well. */
export async function followAsData(context: Context, output: WaitingOutput, { ids, intervalMs, take }: Following): Promise<void> {
  const { terminal, interrupted } = context;
  const isEvents = output.format === "jsonl";
  const tell = (event: BuildEvent): void => void (isEvents && output.record(event));
  const transport = await context.transport();
  const outcome = new Outcome();
  const watch = watchBuild(transport, ids, {
    signal: interrupted,
    intervalMs,
    onTrouble: (reason) => {
      if (isEvents) tell({ event: "trouble", reason: cleanText(reason), at: new Date().toISOString() });
      else terminal.notice(cleanText(`The server has trouble, still waiting: ${reason}\n`));
    },
  });
  try {
    for await (const event of watch) {
      if (isEvents && event.event === "finished" && event.state === "failed") {
        for (const cause of await causesOf(context, event.build)) tell({ event: "cause", ...cause, build: event.build });
      }
      tell(event);
      if (event.event !== "finished") continue;
      if (event.state === "unknown") throw new BuildError("Unknown status.");
      outcome.add(event.build, event.state);
    }
  } finally {
    if (!interrupted.aborted) await noteSeen(context, inOrder(ids, watch.builds).map(seenRecord));
    if (!isEvents) take(await complete(transport, inOrder(ids, watch.builds)));
  }
  outcome.rethrow();
}

function inOrder(ids: readonly number[], builds: ReadonlyMap<number, BuildRecord>): BuildRecord[] {
  return ids.flatMap((id) => builds.get(id) ?? []);
}

/** Of many builds, those that went well were not asked for their chroots. What can't be had now must not hide the rest. */
async function complete(transport: Transport, records: BuildRecord[]): Promise<BuildRecord[]> {
  for (const record of records) {
    if (record.chroots.every(({ state, result_url }) => state === "waiting" && result_url === null)) {
      const chroots = await listBuildChroots(transport, record.id).catch(() => undefined);
      if (chroots) record.chroots = chroots.map(chrootRecord);
    }
  }
  return records;
}
