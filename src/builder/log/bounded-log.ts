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
  write(bytes: Uint8Array): void;
  /** What has been written and not been appended so far. */
  pending(): readonly Uint8Array[];
  /** Appends what was kept of the end. */
  end(): void;
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
    isAtLineStart = bytes.at(-1) === 0x0a;
    append(bytes);
  };
  const reachLimit = (bytes: Uint8Array): void => {
    const head = lastPlaceToCut(bytes, limit - length);
    appendHead(bytes.subarray(0, head));
    appendHead(Buffer.from(`${isAtLineStart ? "" : "\n"}${limitLine(logLimitMebibytes, logTailMebibytes)}\n`));
    tail = new LogTail(logTailMebibytes * MEBIBYTE);
    tail.push(bytes.subarray(head));
  };
  return {
    get isAtLineStart() {
      return isAtLineStart;
    },
    write(bytes) {
      if (bytes.length === 0) return;
      if (tail) {
        tail.push(bytes);
        isAtLineStart = bytes.at(-1) === 0x0a;
        return;
      }
      const all = carried.length === 0 ? bytes : Buffer.concat([carried, bytes]);
      const whole = all.length - incompleteTail(all);
      carried = Buffer.from(all.subarray(whole));
      if (length + whole <= limit) appendHead(all.subarray(0, whole));
      else reachLimit(all);
      if (carried.length > 0) isAtLineStart = false;
    },
    pending: () => tail?.parts() ?? [carried],
    end() {
      if (tail) for (const part of tail.parts()) append(part);
      else appendHead(carried);
    },
  };
}

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
