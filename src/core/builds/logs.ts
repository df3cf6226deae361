import { setTimeout as sleep } from "node:timers/promises";
import type { BuildState } from "../api/types.ts";
import { ResponseError, UsageError } from "../errors.ts";
import { type FileEvent, type FollowFileOptions, followFile } from "../http/followed-file.ts";
import type { Transport } from "../http/transport.ts";
import { type BuildPart, BuildSight } from "./build-sight.ts";
import { LIVE_LOG } from "./build-record.ts";
import { isFinished } from "./finished-states.ts";

/** A log of one chroot of a build. */
export interface LogRequest extends Omit<FollowFileOptions, "isOver"> {
  buildId: number;
  /** Name of a chroot, or `srpm-builds` for the SRPM phase. */
  chroot: string;
  /** Name of a file in its result directory, as it is called while the build runs; default `builder-live.log`. */
  log?: string | undefined;
  /** Goes on until the build is over in this chroot. */
  follow?: boolean | undefined;
  /** The least between two questions for the state of the build, milliseconds; default 10 s. */
  stateIntervalMs?: number | undefined;
}

/** What is learnt while a log is read. Its bytes are as the server has them, with terminal control and all. */
export type LogEvent = {
  chroot: string;
  log: string;
} /** Told by `followBuildLogs` only, before anything else of a log: with which others it comes interleaved or in turn, itself included. */ & (
  | { kind: "begin"; among: readonly string[] }
  | { kind: "bytes" /** Of the first byte, in the plain log. */; offset: number; bytes: Buffer }
  /** The log is not the one that was told; what comes next begins at offset 0. */
  | { kind: "anew" }
  /** All there is was told, and more may come. */
  | { kind: "pause" }
  /** There is no log yet; told once for each state. */
  | { kind: "waiting"; state: BuildState }
  /** A server can't be asked at present; told once for each row of failures. */
  | { kind: "trouble"; reason: string }
  /** The last one: how the build stands in this chroot, and whether there was no such log. */
  | { kind: "end"; state: BuildState; isMissing: boolean }
);

/**
 * Reads a log of a build, or follows it: from before there is one to the build's end in that chroot, through outages and
 * whatever becomes of the file meanwhile. Throws UsageError for names that are none, BuildError when the build is deleted while
 * it is followed, and RequestError for what the frontend says of a build it does not know.
 */
export async function* followLog(transport: Transport, request: LogRequest): AsyncGenerator<LogEvent> {
  yield* followPart(transport, newSight(transport, request), request);
}

/** What several followers of one build share. */
export function newSight(transport: Transport, { buildId, stateIntervalMs = 10_000, maxOutageMs }: Omit<LogRequest, "chroot">): BuildSight {
  return new BuildSight(transport, buildId, stateIntervalMs, maxOutageMs);
}

/** The same, where others look at the build as well. */
export async function* followPart(transport: Transport, sight: BuildSight, request: LogRequest): AsyncGenerator<LogEvent> {
  const { chroot, log = LIVE_LOG, follow = false } = request;
  const place = { chroot, log };
  checkLogName(log);
  const { part, told: toldState } = yield* findPart(sight, request, place);
  let { state } = part;
  let told = toldState;
  let isThere = false;
  if (part.resultUrl !== null) {
    const url = addressOf(log, part.resultUrl);
    let isEndSeen = false;
    const isOver = async (isPacked: boolean): Promise<boolean> => {
      if (isPacked && !isEndSeen) sight.askAnew();
      isEndSeen = isPacked;
      state = (await sight.part(chroot))?.state ?? state;
      return isFinished(state);
    };
    const events = followFile(transport, url, { ...request, isOver: follow && !isFinished(state) ? isOver : undefined });
    for await (const event of events) {
      if (event.kind !== "pause") yield { ...place, ...event };
      else yield* afterPause(event, state);
      isThere ||= event.kind === "bytes" || (event.kind === "pause" && event.isThere);
    }
  }
  yield { ...place, kind: "end", state, isMissing: !isThere };

  function* afterPause(event: FileEvent & { kind: "pause" }, now: BuildState): Generator<LogEvent> {
    const reason = sight.takeTrouble();
    if (reason !== undefined) yield { ...place, kind: "trouble", reason };
    if (event.isThere) yield { ...place, kind: "pause" };
    else if (follow && now !== told && !isFinished(now)) yield { ...place, kind: "waiting", state: now };
    told = now;
  }
}

/** The chroot, and the state that was told while it was waited for: until it has a result directory, or will never have one. */
async function* findPart(
  sight: BuildSight,
  { buildId, chroot, follow, stateIntervalMs = 10_000, signal }: LogRequest,
  place: { chroot: string; log: string },
): AsyncGenerator<LogEvent, { part: BuildPart; told: BuildState | undefined }> {
  let told: BuildState | undefined;
  for (;;) {
    const part = await sight.part(chroot);
    const state = part?.state ?? (await sight.build()).state;
    if (part && (part.resultUrl !== null || !follow || isFinished(part.state))) return { part, told };
    if (!part && (!follow || isFinished(state) || (await sight.chroots()).length > 0)) {
      const known = (await sight.chroots()).map(({ name }) => name).join(", ");
      throw new UsageError(`Build ${buildId} has no chroot '${chroot}'`, { hint: known === "" ? undefined : `It has ${known}.` });
    }
    const reason = sight.takeTrouble();
    if (reason !== undefined) yield { ...place, kind: "trouble", reason };
    if (state !== told) yield { ...place, kind: "waiting", state };
    told = state;
    await sleep(stateIntervalMs, undefined, signal ? { signal } : {});
  }
}

function addressOf(log: string, resultUrl: string): string {
  if (!/^https?:/i.test(resultUrl) || !URL.canParse(resultUrl)) {
    throw new ResponseError(`The frontend names ${JSON.stringify(resultUrl)} as the address of results, which is none`);
  }
  return new URL(encodeURIComponent(log), resultUrl.replace(/\/?$/, "/")).href;
}

/** A name becomes part of an address. Throws UsageError. */
function checkLogName(log: string): void {
  // oxlint-disable-next-line no-control-regex
  if (log === "" || log === "." || log === ".." || /[/\\\u0000-\u001f\u007f-\u009f]/.test(log)) {
    throw new UsageError(`${JSON.stringify(log)} is not the name of a log`);
  }
}
