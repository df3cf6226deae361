import type { TaskPhase } from "../../core/text/phase-heading.ts";
import type { LogPlace } from "./log-journal.ts";
import type { LogPlaces } from "./log-places.ts";

/** A part of a log: of one phase, or what was written since some time, or both. */
export interface LogPart {
  phase?: TaskPhase | undefined;
  /** Epoch milliseconds. */
  sinceMs?: number | undefined;
}

/** Whether a line is in the part; the place is that of its first byte. */
export function isInPart({ phase, sinceMs }: LogPart, place: LogPlace | undefined): boolean {
  if (phase !== undefined && place?.phase !== phase) return false;
  return sinceMs === undefined || (place !== undefined && place.timeMs >= sinceMs);
}

const LINE_FEED = 0x0a;

/** Gives `write` those bytes of a log, as they come, whose lines are in the part; it says whether there still is a reader. */
export function partCutter(
  part: LogPart,
  places: Pick<LogPlaces, "at" | "endOf">,
  fromOffset: number,
  write: (bytes: Uint8Array) => boolean,
): (bytes: Uint8Array) => boolean {
  let offset = fromOffset;
  let isLineStart = true;
  let isShown = false;
  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (isLineStart) isShown = isInPart(part, places.at(offset));
      // A line that begins before the next place belongs to this one as a whole.
      const last = isLineStart ? at + Math.max(0, places.endOf(offset) - offset - 1) : at;
      const lineEnd = last < bytes.length ? bytes.indexOf(LINE_FEED, last) : -1;
      const end = lineEnd < 0 ? bytes.length : lineEnd + 1;
      if (isShown && !write(bytes.subarray(at, end))) return false;
      offset += end - at;
      at = end;
      isLineStart = bytes[end - 1] === LINE_FEED;
    }
    return true;
  };
}
