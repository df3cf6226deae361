import type { NeedleSearch } from "./needles.ts";
import { decodeLine } from "./line-text.ts";

/** Longer lines are known by their beginning. */
const MAX_LINE_BYTES = 4096;
/** How many lines before the current one can be asked for, and how much of them. */
const RECENT_LINES = 16;
const RECENT_BYTES = 1024;
const ESCAPE = 0x1b;
const BRACKET = 0x5b;

/** The current line of a log; the same object for each of them. */
export interface CurrentLine {
  /** From 1. */
  readonly number: number;
  readonly length: number;
  /** The numbers of the needles in it, maybe several times. */
  readonly found: readonly number[];
  byteAt(index: number): number;
  text(): string;
  /** A line before it, 1 to 16 back; undefined where there is none. */
  before(back: number): string | undefined;
}

/** Cuts a stream of bytes into lines and finds the needles in each. Constant memory at any length of lines. */
export class LogLines implements CurrentLine {
  number = 0;
  length = 0;
  readonly found: number[] = [];
  readonly #search: NeedleSearch;
  /** The line when it came in several chunks. */
  readonly #held = Buffer.alloc(MAX_LINE_BYTES);
  #heldLength = 0;
  #state = 0;
  #bytes: Buffer = this.#held;
  #start = 0;
  readonly #recent = Buffer.alloc(RECENT_LINES * RECENT_BYTES);
  readonly #recentLengths = new Int32Array(RECENT_LINES);
  /** Something in the log so far was coloured. */
  #hasColours = false;
  readonly #plain = Buffer.alloc(MAX_LINE_BYTES);

  constructor(search: NeedleSearch) {
    this.#search = search;
  }

  /** Calls `take` for each line that ends in the chunk. */
  push(chunk: Uint8Array, take: (line: CurrentLine) => void): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#hasColours ||= bytes.includes(ESCAPE);
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0x0a, at);
      const lineEnd = end < 0 ? bytes.length : end;
      const wanted = Math.min(lineEnd, at + MAX_LINE_BYTES - this.#heldLength);
      this.#findNeedles(bytes, at, wanted);
      if (end < 0 || this.#heldLength > 0) {
        this.#heldLength += bytes.copy(this.#held, this.#heldLength, at, wanted);
        this.#place(this.#held, 0, this.#heldLength);
      } else {
        this.#place(bytes, at, wanted - at);
      }
      if (end < 0) return;
      this.#takeLine(take);
      at = end + 1;
    }
  }

  /** The last line, when it has no line end. */
  flush(take: (line: CurrentLine) => void): void {
    if (this.#heldLength > 0) this.#takeLine(take);
  }

  byteAt(index: number): number {
    return index < this.length ? (this.#bytes[this.#start + index] as number) : -1;
  }

  text(): string {
    return decodeLine(this.#bytes.subarray(this.#start, this.#start + this.length));
  }

  before(back: number): string | undefined {
    const number = this.number - back;
    if (number < 1 || back > RECENT_LINES) return undefined;
    const slot = number % RECENT_LINES;
    const start = slot * RECENT_BYTES;
    return decodeLine(this.#recent.subarray(start, start + (this.#recentLengths[slot] as number)));
  }

  #place(bytes: Buffer, start: number, length: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.length = length;
  }

  #takeLine(take: (line: CurrentLine) => void): void {
    this.number += 1;
    if (this.#hasColours) this.#seeThroughColours();
    take(this);
    const slot = this.number % RECENT_LINES;
    const kept = Math.min(this.length, RECENT_BYTES);
    this.#recentLengths[slot] = kept;
    this.#bytes.copy(this.#recent, slot * RECENT_BYTES, this.#start, this.#start + kept);
    this.found.length = 0;
    this.#heldLength = 0;
    this.#state = 0;
  }

  /** Colours stand in the middle of needles: "file.c:1: ESC[31merror: ". */
  #seeThroughColours(): void {
    const line = this.#bytes.subarray(this.#start, this.#start + this.length);
    if (!line.includes(ESCAPE)) return;
    let length = 0;
    for (let at = 0; at < line.length; at += 1) {
      if (line[at] === ESCAPE && line[at + 1] === BRACKET) at = endOfSequence(line, at + 2);
      else this.#plain[length++] = line[at] as number;
    }
    this.#state = 0;
    this.#findNeedles(this.#plain, 0, length);
  }

  #findNeedles(bytes: Buffer, start: number, end: number): void {
    const { classes, classCount, next, found } = this.#search;
    let state = this.#state;
    for (let at = start; at < end; at += 1) {
      state = next[state + (classes[bytes[at] as number] as number)] as number;
      if (state === 0) continue;
      const needles = found[state / classCount];
      if (needles !== undefined) this.found.push(...needles);
    }
    this.#state = state;
  }
}

/** Where the last byte of a control sequence stands. */
function endOfSequence(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && ((line[at] as number) < 0x40 || (line[at] as number) > 0x7e)) at += 1;
  return at;
}
