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
  const size = sizeByLead(lead);
  if (size === 0 || at + size > bytes.length) return 0;
  const second = bytes[at + 1] as number;
  // Overlong characters, surrogates, and what is beyond the last plane, are none.
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let next = at + 2; next < at + size; next += 1) if (((bytes[next] as number) & 0xc0) !== 0x80) return 0;
  return size;
}

function sizeByLead(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
