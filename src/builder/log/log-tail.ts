/** The last bytes of a stream, in a fixed piece of memory. */
export class LogTail {
  readonly #ring: Buffer;
  readonly #beginsLine: boolean;
  /** Where the next byte goes. */
  #next = 0;
  #received = 0;

  /** @param beginsLine whether the first byte is the first of a line */
  constructor(capacityBytes: number, beginsLine: boolean) {
    this.#ring = Buffer.allocUnsafe(capacityBytes);
    this.#beginsLine = beginsLine;
  }

  get received(): number {
    return this.#received;
  }

  push(bytes: Uint8Array): void {
    this.#received += bytes.length;
    const capacity = this.#ring.length;
    if (capacity === 0) return;
    const kept = bytes.subarray(Math.max(0, bytes.length - capacity));
    const first = kept.subarray(0, capacity - this.#next);
    this.#ring.set(first, this.#next);
    this.#ring.set(kept.subarray(first.length), 0);
    this.#next = (this.#next + kept.length) % capacity;
  }

  /** What is kept, in order. It begins with a line, or with a whole character where a line is that long. */
  kept(): KeptTail {
    if (this.#received <= this.#ring.length) return { parts: [this.#ring.subarray(0, this.#received)], beginsLine: this.#beginsLine };
    const [first, second] = [this.#ring.subarray(this.#next), this.#ring.subarray(0, this.#next)];
    const { length, beginsLine } = beforeFirstLine(first, second);
    return { parts: [first.subarray(length), second.subarray(Math.max(0, length - first.length))], beginsLine };
  }
}

interface KeptTail {
  parts: Buffer[];
  beginsLine: boolean;
}

/** Bytes before the first beginning of a line; if that would cost half of it all, of a character. */
function beforeFirstLine(first: Buffer, second: Buffer): { length: number; beginsLine: boolean } {
  const inFirst = first.indexOf(0x0a);
  const inSecond = second.indexOf(0x0a);
  const lineFeed = inFirst >= 0 || inSecond < 0 ? inFirst : first.length + inSecond;
  if (lineFeed >= 0 && lineFeed < (first.length + second.length) / 2) return { length: lineFeed + 1, beginsLine: true };
  let at = 0;
  while (at < 3 && isContinuation(first[at] ?? second[at - first.length])) at += 1;
  return { length: at, beginsLine: false };
}

/** Whether a byte goes on with a UTF-8 character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
