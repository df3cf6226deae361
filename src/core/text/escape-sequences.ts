/** Where a reader of terminal output is: in text, or inside a kind of escape sequence. */
export type SequenceState = (typeof states)[keyof typeof states];

export const states = { text: 0, escape: 1, intermediate: 2, csi: 3, string: 4, stringEscape: 5, stringC2: 6 } as const;

/** The byte ends the sequence and is no part of it: it is text, and must not be swallowed. */
const BREAKS = 7;

/** No real sequence is longer; a hostile one must not swallow the rest of the log. */
const MAX_SEQUENCE = 4096;

/** Place in a stream inside a sequence. `length` is what was read of the sequence so far. */
export interface SequencePlace {
  state: SequenceState;
  length: number;
}

/**
 * Reads on inside a sequence, from `at`. Returns where text begins again, or the chunk's length when the sequence
 * goes on in the next chunk; `place` is brought up to date.
 */
export function skipSequence(chunk: Uint8Array, at: number, place: SequencePlace): number {
  let state: number = place.state;
  const room = MAX_SEQUENCE - place.length;
  const end = Math.min(chunk.length, at + room);
  let next = at;
  while (next < end) {
    state = nextState[(state << 8) | (chunk[next] as number)] as number;
    if (state === BREAKS || state === states.text) {
      place.state = states.text;
      return state === BREAKS ? next : next + 1;
    }
    next += 1;
  }
  place.length += next - at;
  // A sequence without an end: from here on it is text.
  place.state = place.length === MAX_SEQUENCE && next < chunk.length ? states.text : (state as SequenceState);
  return next;
}

/** State after a C1 control given as UTF-8 (0xC2 and this byte). */
export function stateAfterC1(byte: number): SequenceState {
  if (byte === 0x9b) return states.csi;
  return byte === 0x90 || byte === 0x98 || byte >= 0x9d ? states.string : states.text;
}

/** Next state by state and byte. */
const nextState = Uint8Array.from({ length: 7 * 256 }, (_, index) => after((index >> 8) as SequenceState, index & 0xff));

function after(state: SequenceState, byte: number): number {
  // LF ends any sequence; a byte beyond ASCII ends all but the strings, which may hold UTF-8.
  if (byte === 0x0a || (byte >= 0x80 && state !== states.string && state !== states.stringC2)) return BREAKS;
  if (byte === 0x18 || byte === 0x1a) return states.text;
  if (byte === 0x1b) return state === states.string || state === states.stringC2 ? states.stringEscape : states.escape;
  switch (state) {
    case states.escape:
      return afterEscape(byte);
    case states.intermediate:
      return byte >= 0x20 && byte <= 0x2f ? states.intermediate : states.text;
    case states.csi:
      return byte >= 0x40 && byte <= 0x7e ? states.text : states.csi;
    case states.stringEscape:
      return byte === 0x5c ? states.text : afterEscape(byte);
    case states.string:
      return afterStringByte(byte);
    case states.stringC2:
      return byte === 0x9c ? states.text : afterStringByte(byte);
    case states.text:
      return states.text;
  }
}

function afterEscape(byte: number): SequenceState {
  if (byte === 0x5b) return states.csi;
  if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return states.string;
  return byte >= 0x20 && byte <= 0x2f ? states.intermediate : states.text;
}

function afterStringByte(byte: number): SequenceState {
  if (byte === 0x07) return states.text;
  return byte === 0xc2 ? states.stringC2 : states.string;
}
