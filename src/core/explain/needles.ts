/**
 * Which of many plain texts are in a stream of bytes, in one walk over them, whatever their number (Aho and Corasick).
 * Letters of ASCII match in either case; the texts may hold any UTF-8, of which only a part of each byte is looked at: one of
 * these may be said to be there when it is another one. Else every row would be twice as long, some megabytes in all.
 */
export interface NeedleSearch {
  /** The class of a byte, an index into `next`. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** `next[state + class]` is the state after the byte; states are multiples of `classCount`, 0 is the first. */
  readonly next: Int32Array;
  /** `found[state / classCount]`: the numbers of the needles that end here. */
  readonly found: readonly (readonly number[] | undefined)[];
}

/** One byte for all that are not told apart. */
function alike(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte < 0x80 ? byte : 0x80 + (byte & 0x0f);
}

export function searchFor(needles: readonly string[]): NeedleSearch {
  const encoded = needles.map((needle) => Buffer.from(needle).map(alike));
  const classes = new Uint8Array(256);
  let classCount = 1;
  for (const bytes of encoded) {
    for (const byte of bytes) if (classes[byte] === 0) classes[byte] = classCount++;
  }
  for (let byte = 0; byte < classes.length; byte += 1) classes[byte] = classes[alike(byte)] as number;
  const room = 1 + encoded.reduce((sum, bytes) => sum + bytes.length, 0);
  const trie = new Int32Array(room * classCount);
  const found: number[][] = [];
  let states = 1;
  for (const [number, bytes] of encoded.entries()) {
    let state = 0;
    for (const byte of bytes) {
      const place = state * classCount + (classes[byte] as number);
      if (trie[place] === 0) trie[place] = states++;
      state = trie[place] as number;
    }
    (found[state] ??= []).push(number);
  }
  return { classes, classCount, next: withFallbacks(trie, states, classCount, found), found };
}

/**
 * Makes the trie an automaton: where it has no way on, the one of the longest suffix that is in it. In its own place, as it has
 * some megabytes: a suffix is shorter, so its row is an automaton's already when it is asked.
 */
function withFallbacks(trie: Int32Array, states: number, classCount: number, found: number[][]): Int32Array {
  const next = trie;
  const fallback = new Int32Array(states);
  const queue = [0];
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] as number;
    const behind = (fallback[state] as number) * classCount;
    const inherited = state === 0 ? undefined : found[fallback[state] as number];
    if (inherited !== undefined) found[state] = [...(found[state] ?? []), ...inherited];
    for (let byteClass = 0; byteClass < classCount; byteClass += 1) {
      const child = trie[state * classCount + byteClass] as number;
      const otherwise = state === 0 ? 0 : (next[behind + byteClass] as number);
      next[state * classCount + byteClass] = child === 0 ? otherwise : child * classCount;
      if (child === 0) continue;
      fallback[child] = otherwise / classCount;
      queue.push(child);
    }
  }
  return next;
}
