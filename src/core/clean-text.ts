/**
 * Removes terminal control from a byte stream: escape sequences (CSI, OSC, DCS, APC, PM, SOS and two-byte ones),
 * C1 controls in UTF-8, and C0 controls but TAB and LF. Every other byte passes unchanged, so text stays byte-exact.
 * A lone CR, as progress bars send it, rewinds: what was drawn before it on that line is dropped (upstream's rule).
 * Works in constant memory: sequences and lines without an end are cut at a bound (security: C24, C25).
 */
export class TextCleaner {
  #state: State = "text";
  #sequenceLength = 0;
  /** A first byte 0xC2 is held back until the next byte tells whether it begins a C1 control. */
  #heldLead = false;
  /** The last byte passed on was a 0xC2 without its second byte: taking a sequence out must not give it one. */
  #bareLead = false;
  #line: Buffer;
  #lineLength = 0;
  #pendingReturn = false;
  readonly #maxLine: number;

  /** @param maxLineBytes longer lines are passed on in pieces of this size */
  constructor(maxLineBytes = 64 * 1024) {
    this.#maxLine = maxLineBytes;
    this.#line = Buffer.allocUnsafe(maxLineBytes);
  }

  /** Cleans a chunk; the result ends at the last complete line, the rest is kept for the next call. */
  push(chunk: Uint8Array): Buffer {
    const out: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#isPlain()) {
        const end = endOfPlainRun(chunk, at);
        if (end > at) {
          this.#takeRun(chunk.subarray(at, end), out);
          at = end;
          continue;
        }
      }
      this.#takeByte(chunk[at] as number, out);
      at += 1;
    }
    return Buffer.concat(out);
  }

  /** What is left at the end of the stream, e.g. a last line without LF or a prompt. */
  flush(): Buffer {
    const out: Buffer[] = [];
    if (this.#heldLead) this.#append(0xc2, out);
    this.#heldLead = false;
    this.#emitLine(out);
    return Buffer.concat(out);
  }

  #isPlain(): boolean {
    return this.#state === "text" && !this.#heldLead && !this.#bareLead && !this.#pendingReturn;
  }

  #takeRun(run: Uint8Array, out: Buffer[]): void {
    // Whole lines inside the run leave without being copied into the line buffer.
    const lastLineFeed = run.lastIndexOf(0x0a);
    if (lastLineFeed >= 0) {
      this.#emitLine(out);
      out.push(Buffer.from(run.subarray(0, lastLineFeed + 1)));
    }
    let rest = run.subarray(lastLineFeed + 1);
    while (this.#lineLength + rest.length > this.#maxLine) {
      const part = rest.subarray(0, this.#maxLine - this.#lineLength);
      this.#line.set(part, this.#lineLength);
      this.#lineLength += part.length;
      this.#emitLine(out);
      rest = rest.subarray(part.length);
    }
    this.#line.set(rest, this.#lineLength);
    this.#lineLength += rest.length;
  }

  #takeByte(byte: number, out: Buffer[]): void {
    if (this.#state !== "text") {
      this.#sequenceLength += 1;
      const isBroken = breaksSequence(this.#state, byte) || this.#sequenceLength > MAX_SEQUENCE;
      this.#state = isBroken ? "text" : afterSequenceByte(this.#state, byte);
      // What breaks a sequence off is no part of it: the log's next line must not be swallowed.
      if (isBroken) this.#takeByte(byte, out);
      return;
    }
    if (this.#heldLead) {
      this.#heldLead = false;
      if (byte >= 0x80 && byte <= 0x9f) {
        this.#enter(c1State(byte));
        return;
      }
      this.#append(0xc2, out);
      this.#bareLead = true;
    }
    if (byte === 0xc2) this.#heldLead = true;
    else if (byte === 0x1b) this.#enter("escape");
    else if (byte === 0x0d) this.#pendingReturn = true;
    else if (byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte !== 0x7f)) this.#append(byte, out);
  }

  #enter(state: State): void {
    this.#state = state;
    this.#sequenceLength = 0;
  }

  #append(byte: number, out: Buffer[]): void {
    if (this.#bareLead && byte >= 0x80 && byte <= 0x9f) return;
    this.#bareLead = false;
    if (this.#pendingReturn) {
      this.#pendingReturn = false;
      if (byte !== 0x0a) this.#lineLength = 0;
    }
    if (this.#lineLength === this.#maxLine) this.#emitLine(out);
    this.#line[this.#lineLength++] = byte;
    if (byte === 0x0a) this.#emitLine(out);
  }

  #emitLine(out: Buffer[]): void {
    if (this.#lineLength > 0) out.push(Buffer.from(this.#line.subarray(0, this.#lineLength)));
    this.#lineLength = 0;
    this.#pendingReturn = false;
  }
}

/** One string without terminal control, for remote text shown on a terminal. Lines stay, CR goes. */
export function cleanText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return text;
  const cleaner = new TextCleaner();
  return Buffer.concat([cleaner.push(Buffer.from(text)), cleaner.flush()]).toString();
}

type State = "text" | "escape" | "intermediate" | "csi" | "string" | "string-escape" | "string-c2";

/** No real sequence is longer; a hostile one must not swallow the rest of the log. */
const MAX_SEQUENCE = 4096;

/** LF ends any sequence; a byte beyond ASCII ends all but the strings, which may hold UTF-8. */
function breaksSequence(state: State, byte: number): boolean {
  return byte === 0x0a || (byte >= 0x80 && state !== "string" && state !== "string-c2");
}

function afterSequenceByte(state: State, byte: number): State {
  if (byte === 0x18 || byte === 0x1a) return "text";
  switch (state) {
    case "escape":
      return afterEscape(byte);
    case "intermediate":
      return byte >= 0x20 && byte <= 0x2f ? "intermediate" : byte === 0x1b ? "escape" : "text";
    case "csi":
      if (byte === 0x1b) return "escape";
      return byte >= 0x40 && byte <= 0x7e ? "text" : "csi";
    case "string":
      if (byte === 0x1b) return "string-escape";
      return byte === 0xc2 ? "string-c2" : byte === 0x07 ? "text" : "string";
    case "string-escape":
      return byte === 0x5c ? "text" : afterEscape(byte);
    case "string-c2":
      return byte === 0x9c ? "text" : afterSequenceByte("string", byte);
    default:
      return "text";
  }
}

function afterEscape(byte: number): State {
  if (byte === 0x5b) return "csi";
  if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return "string";
  if (byte >= 0x20 && byte <= 0x2f) return "intermediate";
  return byte === 0x1b ? "escape" : "text";
}

/** State after a C1 control given as UTF-8 (0xC2 and this byte). */
function c1State(byte: number): State {
  if (byte === 0x9b) return "csi";
  return byte === 0x90 || byte === 0x98 || byte >= 0x9d ? "string" : "text";
}

/** Bytes that need no attention: printable ASCII, TAB, LF and UTF-8 bytes but the lead of C1 controls. */
const needsAttention = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte !== 0x7f && byte !== 0xc2) ? 0 : 1,
);

function endOfPlainRun(chunk: Uint8Array, start: number): number {
  let at = start;
  while (at < chunk.length && needsAttention[chunk[at] as number] === 0) at += 1;
  return at;
}
