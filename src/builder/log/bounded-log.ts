import { incompleteTail } from "../../core/text/utf8.ts";
import { LogTail } from "./log-tail.ts";

/** How much of a log is kept, in MiB. */
export interface LogLimits {
  /** From here on only the end is kept; 0 for no limit. */
  logLimitMebibytes: number;
  logTailMebibytes: number;
}

/** A log with a bound. What it was given once stays as it is: it only ever grows. */
export interface BoundedLog {
  /** Whether the next byte begins a line. */
  readonly isAtLineStart: boolean;
  /** How much it was given, with the line at the limit: where the next byte goes, unless something before it is left out. */
  readonly position: number;
  /** The limit is reached. */
  readonly isCut: boolean;
  write(bytes: Uint8Array): void;
  /** What has been written and not been appended so far. */
  pending(): readonly Uint8Array[];
  /** Appends what was kept of the end; beyond the limit, behind the text that `introduce` gives. */
  end(introduce?: (end: LogEnd) => string): void;
}

/** The end of a log that reached its limit. */
export interface LogEnd {
  /** Where it goes in the log. */
  at: number;
  /** So much is left out there. */
  leftOutBytes: number;
  /** The first bytes of the end, as Latin-1. */
  start: string;
  beginsLine: boolean;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Passes all on until the limit, then one line that says so, and at the end what came last. `append` always gets whole
 * characters.
 */
export function boundLog({ logLimitMebibytes, logTailMebibytes }: LogLimits, append: (bytes: Uint8Array) => void): BoundedLog {
  const limit = logLimitMebibytes === 0 ? Number.POSITIVE_INFINITY : logLimitMebibytes * MEBIBYTE;
  let length = 0;
  let isAtLineStart = true;
  let carried = Buffer.alloc(0);
  let tail: LogTail | undefined;

  const appendHead = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    length += bytes.length;
    isAtLineStart = bytes.at(-1) === LINE_FEED;
    append(bytes);
  };
  const reachLimit = (bytes: Uint8Array): void => {
    const head = lastPlaceToCut(bytes, limit - length);
    appendHead(bytes.subarray(0, head));
    const beginsLine = isAtLineStart;
    appendHead(Buffer.from(`${beginsLine ? "" : "\n"}${limitLine(logLimitMebibytes, logTailMebibytes)}\n`));
    tail = new LogTail(logTailMebibytes * MEBIBYTE, beginsLine);
    tail.push(bytes.subarray(head));
    isAtLineStart = bytes.at(-1) === LINE_FEED;
  };
  return {
    get isAtLineStart() {
      return isAtLineStart;
    },
    get position() {
      return length + (tail?.received ?? carried.length);
    },
    write(bytes) {
      if (bytes.length === 0) return;
      if (tail) {
        tail.push(bytes);
        isAtLineStart = bytes.at(-1) === LINE_FEED;
        return;
      }
      const all = carried.length === 0 ? bytes : Buffer.concat([carried, bytes]);
      const whole = all.length - incompleteTail(all);
      carried = Buffer.from(all.subarray(whole));
      if (length + whole <= limit) appendHead(all.subarray(0, whole));
      else reachLimit(all);
      if (carried.length > 0) isAtLineStart = false;
    },
    get isCut() {
      return tail !== undefined;
    },
    pending: () => tail?.kept().parts ?? [carried],
    end(introduce = () => "") {
      if (!tail) return appendHead(carried);
      const { parts, beginsLine } = tail.kept();
      const keptBytes = parts.reduce((sum, part) => sum + part.length, 0);
      const start = Buffer.concat(parts.map((part) => part.subarray(0, START_BYTES))).toString("latin1", 0, START_BYTES);
      append(Buffer.from(introduce({ at: length, leftOutBytes: tail.received - keptBytes, start, beginsLine })));
      for (const part of parts) append(part);
    },
  };
}

const LINE_FEED = 0x0a;
/** Enough of an end to see what its first line is. */
const START_BYTES = 256;

/** The line at the limit. */
function limitLine(limitMebibytes: number, tailMebibytes: number): string {
  const kept = tailMebibytes === 0 ? "nothing more is kept" : `of what follows only the last ${tailMebibytes} MiB are kept`;
  return `[The log has reached its limit of ${limitMebibytes} MiB; ${kept}]`;
}

/** The end of the last line within the bytes there is room for, or of the last character. */
function lastPlaceToCut(bytes: Uint8Array, room: number): number {
  const lines = bytes.subarray(0, room).lastIndexOf(0x0a) + 1;
  return lines > 0 ? lines : room - incompleteTail(bytes, room);
}
