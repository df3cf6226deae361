import { type SequencePlace, skipSequence, stateAfterC1, states } from "./escape-sequences.ts";
import { StrayControls } from "./stray-controls.ts";
import { copyRun, endOfText, isHarmlessLead, kind, kinds, wordsOf } from "./text-run.ts";
import { incompleteTail, isC1 } from "./utf8.ts";

/**
 * Removes terminal control from a byte stream: escape sequences (CSI, OSC, DCS, APC, PM, SOS and two-byte ones),
 * C1 controls in UTF-8 and as bytes of their own, and C0 controls but TAB and LF. Every other byte passes unchanged, so text
 * stays byte-exact.
 * A lone CR, as progress bars send it, rewinds: what was drawn before it on that line is dropped (upstream's rule).
 * What was already passed on can't be dropped; there the CR becomes a line end.
 * Works in constant memory: sequences and lines without an end are cut at a bound (security: C24, C25).
 */
export class TextCleaner {
  /** Sees the text when it leaves: what was taken out may have parted, or joined, the bytes of a character. */
  readonly #strays = new StrayControls();
  readonly #sequence: SequencePlace = { state: states.text, length: 0 };
  /** A first byte 0xC2 is held back until the next byte tells whether it begins a C1 control. */
  #heldLead = false;
  /** The last byte of the text is a 0xC2 without its second byte: taking a sequence out must not give it one. */
  #bareLead = false;
  #pendingReturn = false;
  /** A CR came on this line. */
  #isDrawnOver = false;
  /** The beginning of this line was already passed on. */
  #isShown = false;

  /** The beginning of the current line, as far as it came with earlier chunks and is not passed on yet. */
  readonly #line: Buffer;
  #lineLength = 0;
  /** The text of the current chunk. */
  #fresh = Buffer.alloc(0);
  #freshLength = 0;
  /** The current chunk, four bytes at a time. */
  #words = wordsOf(this.#fresh);
  /** Where in `fresh` the current line begins; -1 when it began in `line`. */
  #lineStart = -1;

  /** @param maxLineBytes longer lines are passed on in pieces of this size */
  constructor(maxLineBytes = 64 * 1024) {
    this.#line = Buffer.allocUnsafe(maxLineBytes);
  }

  /** What is held back: nothing, the beginning of a line, or a line that something draws over again and again. */
  get partialLine(): "none" | "text" | "drawn-over" {
    if (this.#lineLength === 0) return "none";
    return this.#isDrawnOver ? "drawn-over" : "text";
  }

  /** Cleans a chunk; the result ends at the last complete line, the rest is kept for the next call. */
  push(chunk: Uint8Array): Buffer {
    // Beside the chunk's own bytes, a lead held back and the line end for an earlier CR may come out.
    if (this.#fresh.length < chunk.length + 2) this.#fresh = Buffer.allocUnsafe(chunk.length + 2);
    this.#freshLength = 0;
    this.#lineStart = -1;
    this.#words = wordsOf(chunk);
    for (let at = 0; at < chunk.length; ) {
      at = this.#sequence.state === states.text ? this.#take(chunk, at) : skipSequence(chunk, at, this.#sequence);
    }
    return this.#finishChunk();
  }

  /**
   * The partial line up to its last whole character, for readers who wait. The stream goes on.
   * @param isLineOver the caller ends the line, so nothing of it can be drawn over
   */
  passOn(isLineOver = false): Buffer {
    const length = this.#lineLength - incompleteTail(this.#line, this.#lineLength);
    const shown = Buffer.from(this.#strays.push(this.#line.subarray(0, length)));
    this.#line.copyWithin(0, length, this.#lineLength);
    this.#lineLength -= length;
    if (length > 0) this.#isShown = true;
    if (isLineOver) this.#beginLine();
    return shown;
  }

  /** What is left at the end of the stream, e.g. a last line without LF or a prompt. Another stream may follow. */
  flush(): Buffer {
    // A lead that was held back comes out before any other byte.
    const pieces = this.#heldLead ? [this.push(Buffer.of(0))] : [];
    pieces.push(this.#strays.push(this.#line.subarray(0, this.#lineLength)), this.#strays.flush());
    this.#lineLength = 0;
    this.#sequence.state = states.text;
    this.#beginLine();
    return Buffer.concat(pieces);
  }

  #beginLine(): void {
    this.#pendingReturn = false;
    this.#isDrawnOver = false;
    this.#isShown = false;
  }

  /** Takes some bytes of the chunk, outside of sequences; returns where to go on. */
  #take(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number;
    if (this.#heldLead) {
      this.#heldLead = false;
      if (isC1(byte)) {
        this.#enter(stateAfterC1(byte));
        return at + 1;
      }
      this.#startText(0xc2);
      this.#fresh[this.#freshLength++] = 0xc2;
      this.#bareLead = true;
    }
    switch (kinds[byte]) {
      case kind.lead:
        if (isHarmlessLead(chunk, at)) return this.#takeText(chunk, at);
        this.#heldLead = true;
        return at + 1;
      case kind.carriageReturn:
        this.#pendingReturn = true;
        this.#isDrawnOver = true;
        return at + 1;
      case kind.escape:
        this.#enter(states.escape);
        return skipSequence(chunk, at + 1, this.#sequence);
      case kind.dropped:
        return at + 1;
      default:
        return this.#bareLead && isC1(byte) ? at + 1 : this.#takeText(chunk, at);
    }
  }

  #enter(state: SequencePlace["state"]): void {
    this.#sequence.state = state;
    this.#sequence.length = 0;
  }

  /** Copies a run of text, which may be of many lines. */
  #takeText(chunk: Uint8Array, start: number): number {
    this.#startText(chunk[start] as number);
    const end = endOfText(chunk, this.#words, start);
    this.#bareLead = chunk[end - 1] === 0xc2;
    const lastLineFeed = copyRun(chunk, start, end, this.#fresh, this.#freshLength);
    this.#freshLength += end - start;
    if (lastLineFeed >= 0) {
      this.#lineStart = lastLineFeed + 1;
      this.#isDrawnOver = false;
      this.#isShown = false;
    }
    return end;
  }

  /** Before a byte of text: only now it is clear what a CR before it meant. */
  #startText(byte: number): void {
    this.#bareLead = false;
    if (!this.#pendingReturn) return;
    this.#pendingReturn = false;
    if (byte === 0x0a) return;
    this.#cutLongLine();
    if (this.#lineStart < 0) this.#lineLength = 0;
    this.#freshLength = Math.max(0, this.#lineStart);
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#fresh[this.#freshLength++] = 0x0a;
    this.#lineStart = this.#freshLength;
  }

  #cutLongLine(): void {
    const max = this.#line.length;
    if (this.#lineStart < 0 && this.#lineLength + this.#freshLength > max) {
      this.#lineStart = max - this.#lineLength;
      this.#isShown = true;
    }
    while (this.#lineStart >= 0 && this.#freshLength - this.#lineStart > max) {
      this.#lineStart += max;
      this.#isShown = true;
    }
  }

  #finishChunk(): Buffer {
    this.#cutLongLine();
    const complete = Math.max(0, this.#lineStart);
    const result =
      this.#lineStart < 0 ? Buffer.alloc(0) : Buffer.concat([this.#line.subarray(0, this.#lineLength), this.#fresh.subarray(0, complete)]);
    if (this.#lineStart >= 0) this.#lineLength = 0;
    this.#line.set(this.#fresh.subarray(complete, this.#freshLength), this.#lineLength);
    this.#lineLength += this.#freshLength - complete;
    if (this.#fresh.length > MAX_KEPT_BYTES) this.#fresh = Buffer.alloc(0);
    return this.#strays.push(result);
  }
}

/**
 * One string without terminal control, for remote text shown on a terminal. Lines stay, also those that end in CR LF,
 * as texts from web forms do. Another CR goes, and nothing else: whoever draws over a line must not hide what was there.
 */
export function cleanText(text: string): string {
  return text.split("\r\n").map(cleanLines).join("\r\n");
}

/**
 * The same as a part of a line of ours: line breaks and tabs become blanks, for more than one line would be taken for something
 * else, and marks go that turn the direction of what stands behind them around.
 */
export function cleanLine(text: string): string {
  return cleanText(text).replace(turns, "").replace(/\s+/g, " ");
}

const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function cleanLines(linesWithReturns: string): string {
  const text = linesWithReturns.replaceAll("\r", "");
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return text;
  const bytes = Buffer.from(text);
  const cleaner = new TextCleaner(bytes.length);
  return Buffer.concat([cleaner.push(bytes), cleaner.flush()]).toString();
}

/** The space for a chunk is kept for the next one, unless it is that large. */
const MAX_KEPT_BYTES = 1024 * 1024;
