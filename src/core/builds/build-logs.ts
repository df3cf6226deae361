import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "../http/followed-file.ts";
import { RequestBudget } from "../http/request-budget.ts";
import type { Transport } from "../http/transport.ts";
import { type BuildPart, type BuildSight, SOURCE } from "./build-sight.ts";
import { isFinished } from "./finished-states.ts";
import { LIVE_LOG } from "./build-record.ts";
import { followPart, type LogEvent, type LogRequest, newSight } from "./logs.ts";
import { hasSources, meantPart } from "./meant-part.ts";
import { merged } from "./merged.ts";

/** Stands for the SRPM phase and all chroots. */
export const ALL = "all";

/** Logs of a build. */
export interface BuildLogsRequest extends Omit<LogRequest, "chroot"> {
  /** Name of a chroot, `srpm-builds` or `all`; without it the one that is meant, see `followBuildLogs`. */
  chroot?: string | undefined;
}

/**
 * Reads logs of a build, or follows them to its end. Where no chroot is named, the SRPM phase is meant if the build is in it
 * or got no further, else the only chroot, or the only one that failed; throws AmbiguousChrootError for others. Who follows
 * from the SRPM phase on goes on with the chroots, all at once; together they cost the server no more requests than one log
 * would. Throws as `followLog` does.
 */
export async function* followBuildLogs(transport: Transport, request: BuildLogsRequest): AsyncGenerator<LogEvent> {
  const { chroot, follow = false, signal, stateIntervalMs = 10_000 } = request;
  const sight = newSight(transport, request);
  const oneOf = (parts: readonly BuildPart[], { name }: BuildPart, shared: Partial<LogRequest> = {}): AsyncGenerator<LogEvent> =>
    begun(
      parts.map((part) => part.name),
      followPart(transport, sight, { ...request, ...shared, chroot: name }),
      { chroot: name, log: request.log ?? LIVE_LOG },
    );
  const together = (parts: readonly BuildPart[]): AsyncGenerator<LogEvent> => {
    const shared = parts.length > 1 ? sharedRhythm(parts.length, request.pace) : {};
    return merged(parts.map((part) => oneOf(parts, part, shared)));
  };
  if (chroot !== undefined && chroot !== ALL) return yield* followPart(transport, sight, { ...request, chroot });
  const parts = chroot === ALL ? await allParts(sight) : [await meantPart(sight, request.buildId, `name one, or '${ALL}'`)];
  const [first] = parts as [BuildPart];
  if (!follow) {
    for (const part of parts) yield* oneOf(parts, part);
    return;
  }
  if (first.name !== SOURCE || (chroot !== ALL && isFinished(first.state))) return yield* together(parts);
  for await (const event of oneOf(parts, first)) {
    yield event;
    if (event.kind === "end" && !hasSources(event.state)) return;
  }
  yield* together(await chrootsOf(sight, stateIntervalMs, signal));
}

/** So many logs may be looked at at once, when none was looked at for a while. */
const BURST = 8;
/** The more logs there are, the longer each of them is left alone while nothing comes: so the others get their turns. */
const IDLE_FACTOR = 1.5;

/** How logs are followed together: no more than a request a second on the average, and fewer while nothing comes. */
function sharedRhythm(count: number, { leastMs = 1000, mostMs = 5000 }: Pace = {}): Pick<LogRequest, "pace" | "budget"> {
  const budget = new RequestBudget({ everyMs: leastMs, burst: BURST });
  return { budget, pace: { leastMs, mostMs: Math.max(mostMs, count * leastMs * IDLE_FACTOR) } };
}

async function* begun(
  among: readonly string[],
  events: AsyncIterable<LogEvent>,
  place: { chroot: string; log: string },
): AsyncGenerator<LogEvent> {
  yield { ...place, kind: "begin", among };
  yield* events;
}

/** The SRPM phase, if there is something of it, and the chroots, as far as they are known. */
async function allParts(sight: BuildSight): Promise<BuildPart[]> {
  const source = await sight.source();
  const chroots = await sight.chroots();
  return source.resultUrl !== null || !isFinished(source.state) || chroots.length === 0 ? [source, ...chroots] : chroots;
}

/** The chroots, once the SRPM phase is over: which there are is known only then. */
async function chrootsOf(sight: BuildSight, intervalMs: number, signal: AbortSignal | undefined): Promise<BuildPart[]> {
  for (;;) {
    const chroots = await sight.chroots();
    if (chroots.length > 0 || isFinished((await sight.build()).state)) return chroots;
    await sleep(intervalMs, undefined, signal ? { signal } : {});
  }
}
