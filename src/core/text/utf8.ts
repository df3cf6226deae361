import { isUtf8 } from "node:buffer";

/** How many bytes at the end of a text begin a UTF-8 character without ending it. */
export function incompleteTail(bytes: Uint8Array, length = bytes.length): number {
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? back : 0;
    }
  }
  return 0;
}

/** A byte that is a control of the C1 set by itself, or as the second one of its character. */
export function isC1(byte: number): boolean {
  return byte >= 0x80 && byte <= 0x9f;
}

/** How many bytes the character here has; 0 where there is none. */
export function characterSize(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return size > 0 && at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)) ? size : 0;
}
