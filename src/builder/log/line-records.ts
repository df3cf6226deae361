import type { Shape } from "../../core/records/shape.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { incompleteTail } from "../../core/text/utf8.ts";

/** A line of the live log, as data. */
export interface LogLineRecord {
  /** Of its first byte in the log. */
  offset: number;
  /** When it was read by who follows, ISO 8601 in UTC; null for what was there before. */
  time: string | null;
  /** Without its line end and terminal control; what is no UTF-8 is replaced. Very long lines come in pieces. */
  text: string;
}

export const lineShape: Shape<LogLineRecord> = { fields: { offset: "shown", time: "shown", text: "shown" } };

const LINE_FEED = 0x0a;
/** A longer line comes in pieces, so that memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024;

export interface LineRecords {
  push(bytes: Uint8Array): void;
  /** Tells what is left of a line without an end. */
  end(): void;
}

/** Cuts a log that begins at an offset into lines. What lies before `knownBytes` was there when it was opened. */
export function lineRecords(fromOffset: number, knownBytes: number, take: (record: LogLineRecord) => void): LineRecords {
  let offset = fromOffset;
  let held: Buffer = Buffer.alloc(0);
  const tell = (line: Buffer, length: number): void => {
    take({ offset, time: offset < knownBytes ? null : new Date().toISOString(), text: cleanText(line.toString()) });
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
