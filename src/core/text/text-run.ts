import { isC1 } from "./utf8.ts";

/** What a byte of output is, by itself. */
export const kind = { text: 0, lineFeed: 1, lead: 2, carriageReturn: 3, escape: 4, dropped: 5 } as const;

/** The kind of each byte. */
export const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x0a) return kind.lineFeed;
  if (byte === 0x0d) return kind.carriageReturn;
  if (byte === 0x1b) return kind.escape;
  if (byte === 0xc2) return kind.lead;
  return byte === 0x09 || (byte >= 0x20 && byte !== 0x7f) ? kind.text : kind.dropped;
});

/** A chunk as words of four bytes, from its first aligned byte on. */
export interface Words {
  array: Uint32Array;
  /** Where in the chunk the first word begins. */
  first: number;
}

/** The words of a chunk; made once for all its runs. */
export function wordsOf({ buffer, byteOffset, length }: Uint8Array): Words {
  const first = Math.min(-byteOffset & 3, length);
  return { array: new Uint32Array(buffer, first === length ? 0 : byteOffset + first, (length - first) >> 2), first };
}

/** Runs between two colours are about as long: to look at each byte is quicker there. */
const NEAR_BYTES = 32;

/** Where the text that begins at `start` ends. Most words hold nothing that could end it, so a byte is looked at only in the others. */
export function endOfText(chunk: Uint8Array, { array, first }: Words, start: number): number {
  const near = Math.min(chunk.length, first + ((start + NEAR_BYTES) & ~3));
  let at = endWithin(chunk, start, near);
  if (at < near) return at;
  for (let word = (at - first) >> 2; word < array.length; word += 1) {
    if (!mayEndText(array[word] as number)) continue;
    const next = first + word * 4 + 4;
    at = endWithin(chunk, next - 4, next);
    if (at < next) return at;
  }
  return endWithin(chunk, Math.max(at, first + array.length * 4), chunk.length);
}

/** The same, byte by byte; `end` when the text goes on there. */
function endWithin(chunk: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const kindOfByte = kinds[chunk[at] as number] as number;
    if (kindOfByte > kind.lineFeed && !(kindOfByte === kind.lead && isHarmlessLead(chunk, at))) return at;
  }
  return end;
}

/** Whether one of four bytes is below 0x20, 0x7F or 0xC2. Now and then yes for no reason. */
function mayEndText(word: number): boolean {
  const noDelete = word ^ 0x7f7f7f7f;
  const noLead = word ^ 0xc2c2c2c2;
  const found = ((word - 0x20202020) & ~word) | ((noDelete - 0x01010101) & ~noDelete) | ((noLead - 0x01010101) & ~noLead);
  return (found & 0x80808080) !== 0;
}

/** Copying by hand is quicker up to this length. */
const SHORT_RUN_BYTES = 64;

/** Copies a part of `from`; returns the place of its last LF in `to`, or -1. */
export function copyRun(from: Uint8Array, start: number, end: number, to: Buffer, toStart: number): number {
  if (end - start > SHORT_RUN_BYTES) {
    const run = from.subarray(start, end);
    to.set(run, toStart);
    const last = run.lastIndexOf(0x0a);
    return last < 0 ? -1 : toStart + last;
  }
  let last = -1;
  let place = toStart;
  for (let at = start; at < end; at += 1) {
    const byte = from[at] as number;
    if (byte === 0x0a) last = place;
    to[place++] = byte;
  }
  return last;
}

/** The 0xC2 here begins no C1 control, whatever comes. */
export function isHarmlessLead(chunk: Uint8Array, at: number): boolean {
  return at + 1 < chunk.length && !isC1(chunk[at + 1] as number);
}
