import type { Shape } from "../../core/records/shape.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { TaskPhase } from "../../core/text/phase-heading.ts";
import { incompleteTail } from "../../core/text/utf8.ts";
import type { LogPlace, LogStream } from "./log-journal.ts";

/** A line of the live log, as data. */
export interface LogLineRecord {
  /** Of its first byte in the log. */
  offset: number;
  /** Its number, from 1. */
  line: number;
  /** When it was written, to a quarter of a second or so, ISO 8601 in UTC; null where nothing tells. */
  time: string | null;
  /** The phase of the task; null where nothing tells. */
  phase: TaskPhase | null;
  /** Who wrote it: the builder, or a program by its standard output or error; null where nothing tells. */
  stream: LogStream | null;
  /** Without its line end and terminal control; what is no UTF-8 is replaced. Very long lines come in pieces. */
  text: string;
}

export const lineShape: Shape<LogLineRecord> = {
  fields: { offset: "shown", line: "known", time: "shown", phase: "known", stream: "known", text: "shown" },
};

const LINE_FEED = 0x0a;
/** A longer line comes in pieces, so that memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024;

export interface LineRecords {
  push(bytes: Uint8Array): void;
  /** Tells what is left of a line without an end. */
  end(): void;
}

/** Where a log begins that is to be cut into lines, and what is known of its bytes. */
export interface LineStart {
  offset: number;
  /** Number of the line at the offset. */
  line: number;
  placeOf: (offset: number) => LogPlace | undefined;
}

/** Cuts a log into lines. */
export function lineRecords(
  { placeOf, ...start }: LineStart,
  take: (record: LogLineRecord, place: LogPlace | undefined) => void,
): LineRecords {
  let { offset, line } = start;
  let held: Buffer = Buffer.alloc(0);
  const tell = (bytes: Buffer, length: number): void => {
    const place = placeOf(offset);
    const time = place === undefined ? null : new Date(place.timeMs).toISOString();
    const text = cleanText(bytes.toString());
    take({ offset, line, time, phase: place?.phase ?? null, stream: place?.stream ?? null, text }, place);
    offset += length;
  };
  return {
    push(bytes) {
      const all = Buffer.concat([held, bytes]);
      let at = 0;
      for (;;) {
        const end = all.indexOf(LINE_FEED, at);
        if (end >= 0 && end - at <= MAX_LINE_BYTES) {
          tell(all.subarray(at, end), end + 1 - at);
          line += 1;
          at = end + 1;
        } else if (all.length - at > MAX_LINE_BYTES) {
          const piece = all.subarray(at, at + MAX_LINE_BYTES);
          const length = piece.length - incompleteTail(piece);
          tell(piece.subarray(0, length), length);
          at += length;
        } else break;
      }
      held = Buffer.from(all.subarray(at));
    },
    end() {
      if (held.length > 0) tell(held, held.length);
    },
  };
}
