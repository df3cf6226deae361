import { readSync } from "node:fs";
import { CoprError } from "../../core/errors.ts";
import type { TaskPhase } from "../../core/text/phase-heading.ts";
import { type LineRecords, lineRecords, type LogLineRecord } from "./line-records.ts";
import { type FollowOptions, followLog } from "./log-follower.ts";
import { isInPart, type LogPart, partCutter } from "./log-part.ts";
import { LogPlaces } from "./log-places.ts";

/** A log that is to be told, from where, and whether to its end. */
export type FollowedLog = Omit<FollowOptions, "write" | "onOpen">;

/** Gives out a part of the log as `followLog` does the whole. Throws CoprError too where nothing tells of its parts, or has no such phase. */
export async function followPart(log: FollowedLog, part: LogPart, write: FollowOptions["write"]): Promise<void> {
  let places: LogPlaces | undefined;
  let cut: FollowOptions["write"] = () => true;
  await followLog({
    ...log,
    onOpen: (file) => {
      places = new LogPlaces(log.directory, file);
      cut = partCutter(part, places, log.fromOffset ?? 0, write);
    },
    write: (bytes) => {
      requirePlaces(places?.refresh() ?? false, log);
      return cut(bytes);
    },
  });
  endPart(part, places);
}

/** Gives out the lines of the log, or of a part of it, as records; `take` says whether somebody still reads. Throws as `followPart`. */
export async function tellLines(log: FollowedLog, part: LogPart, take: (record: LogLineRecord) => boolean): Promise<void> {
  const offset = log.fromOffset ?? 0;
  let file = 0;
  let places: LogPlaces | undefined;
  let lines: LineRecords | undefined;
  let hasReader = true;
  await followLog({
    ...log,
    onOpen: (opened) => {
      file = opened;
      places = new LogPlaces(log.directory, file);
    },
    write: (bytes) => {
      const areKnown = places?.refresh() ?? false;
      if (part.phase !== undefined || part.sinceMs !== undefined) requirePlaces(areKnown, log);
      const start = { offset, placeOf: (at: number) => places?.at(at) };
      lines ??= lineRecords({ ...start, line: 1 + lineEndsBefore(file, offset) }, (record, place) => {
        if (hasReader && isInPart(part, place)) hasReader = take(record);
      });
      lines.push(bytes);
      return hasReader;
    },
  });
  lines?.end();
  endPart(part, places);
}

function requirePlaces(areKnown: boolean, { directory }: FollowedLog): void {
  if (areKnown) return;
  throw new CoprError(`Nothing tells the times and phases of the log '${directory.liveLog}'`, {
    hint: "Its journal beside it is not there: it may be the log of another version, or the disk was full.",
  });
}

function endPart({ phase }: LogPart, places: LogPlaces | undefined): void {
  const known: readonly TaskPhase[] = places?.phases ?? [];
  places?.close();
  if (phase === undefined || known.includes(phase)) return;
  throw new CoprError(`The log has no phase '${phase}'`, { hint: known.length === 0 ? undefined : `It has ${known.join(", ")}.` });
}

const CHUNK_BYTES = 256 * 1024;

function lineEndsBefore(file: number, offset: number): number {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let count = 0;
  for (let position = 0; position < offset; ) {
    const length = readSync(file, buffer, 0, Math.min(buffer.length, offset - position), position);
    if (length === 0) break;
    for (let at = buffer.indexOf(0x0a); at >= 0 && at < length; at = buffer.indexOf(0x0a, at + 1)) count += 1;
    position += length;
  }
  return count;
}
