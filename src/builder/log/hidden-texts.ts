const MASK = "***";

/** Texts that no log may hold, such as the token in the address of a source: programs repeat addresses in their messages. */
export class HiddenTexts {
  #texts: readonly string[] = [];

  add(texts: readonly string[]): void {
    // The longest first: one may be a part of another.
    this.#texts = [...new Set([...this.#texts, ...texts])].sort((one, other) => other.length - one.length);
  }

  /** A text without them. */
  inText(text: string): string {
    return this.#texts.reduce((shown, hidden) => shown.replaceAll(hidden, MASK), text);
  }

  /** Bytes without them; the same bytes where there are none, as in nearly all. */
  inBytes(bytes: Buffer): Buffer {
    if (!this.#texts.some((hidden) => bytes.includes(hidden))) return bytes;
    // As Latin-1 each byte is one character, whatever it means.
    const masked = this.#texts.reduce(
      (shown, hidden) => shown.replaceAll(Buffer.from(hidden).toString("latin1"), MASK),
      bytes.toString("latin1"),
    );
    return Buffer.from(masked, "latin1");
  }
}
