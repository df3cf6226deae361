import { headingMark } from "../../core/text/phase-heading.ts";

const MARK = Buffer.from(headingMark);
const SPACE = Buffer.from(" ");
const LINE_FEED = 0x0a;

/**
 * Keeps what others say from looking like a heading of the builder's own: such a line gets a space into its mark, also where
 * the line comes in pieces. All other bytes pass as they are.
 */
export class HeadingGuard {
  /** How much of a mark the current line is so far; 0 at its beginning, -1 when it is something else. */
  #begun = 0;

  /** What is taken next begins a line. */
  beginLine(): void {
    this.#begun = 0;
  }

  take(bytes: Buffer): Buffer {
    if (bytes.length === 0) return bytes;
    const isForged = this.#goOn(bytes);
    let found = bytes.indexOf(MARK);
    if (found < 0 && !isForged) return bytes;
    const pieces: Buffer[] = isForged ? [SPACE] : [];
    let at = 0;
    for (; found >= 0; found = bytes.indexOf(MARK, found + 1)) {
      if (bytes[found - 1] !== LINE_FEED) continue;
      pieces.push(bytes.subarray(at, found), SPACE);
      at = found;
    }
    return Buffer.concat([...pieces, bytes.subarray(at)]);
  }

  /** Follows the current line to the end of these bytes; returns whether they complete a mark that it has begun with. */
  #goOn(bytes: Buffer): boolean {
    const begun = this.#begun;
    const isMark = begun >= 0 && isPartOfMark(bytes, 0, Math.min(bytes.length, MARK.length - begun), begun);
    const isComplete = isMark && begun + bytes.length >= MARK.length;
    const lastLine = bytes.lastIndexOf(LINE_FEED) + 1;
    const length = bytes.length - lastLine;
    if (lastLine > 0) this.#begun = length < MARK.length && isPartOfMark(bytes, lastLine, length, 0) ? length : -1;
    else this.#begun = isMark && !isComplete ? begun + length : -1;
    return isComplete;
  }
}

/** Whether so many bytes are what the mark has from a place on. */
function isPartOfMark(bytes: Buffer, start: number, length: number, place: number): boolean {
  for (let at = 0; at < length; at += 1) if (bytes[start + at] !== MARK[place + at]) return false;
  return true;
}
