import { isUtf8 } from "node:buffer";
import { characterSize, incompleteTail, isC1 } from "./utf8.ts";

/**
 * Takes bytes 0x80 to 0x9F out of a stream where they belong to no UTF-8 character: a terminal of eight bits takes them for
 * control. Nothing else of an invalid text is lost.
 */
export class StrayControls {
  /** The beginning of a character whose end has not come yet. */
  #held: Uint8Array = new Uint8Array(0);

  /** The next bytes; the beginning of a character at their end is kept for the next call. The result may be the argument itself. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = bytes.length - incompleteTail(bytes);
    this.#held = bytes.subarray(end);
    const whole = bytes.subarray(0, end);
    return isUtf8(whole) ? whole : withoutStrays(whole);
  }

  /** What is left at the end of the stream, which may be no character after all. */
  flush(): Buffer {
    const rest = withoutStrays(this.#held);
    this.#held = new Uint8Array(0);
    return rest;
  }
}

function withoutStrays(bytes: Uint8Array): Buffer {
  const kept = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = characterSize(bytes, at);
    const end = at + Math.max(1, size);
    if (size > 0 || !isC1(bytes[at] as number)) for (; at < end; at += 1) kept[length++] = bytes[at] as number;
    at = end;
  }
  return kept.subarray(0, length);
}
