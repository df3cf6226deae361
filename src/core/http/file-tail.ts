import { discard, type FileNews, isPart } from "./growing-file.ts";
import type { Transport } from "./transport.ts";

const LINE_FEED = 0x0a;
const FIRST_BLOCK_BYTES = 64 * 1024;
const LARGEST_BLOCK_BYTES = 1024 * 1024;
const MOST_REQUESTS = 64;

/**
 * Looks for the beginning of a file's last lines, by ranges from its end; a last line without a line end counts as one.
 * Undefined where that can't be done: there is no such file, it is packed, the server does not do ranges, or it would take too
 * many requests.
 */
export async function findTail(transport: Transport, url: string, lines: number, signal?: AbortSignal): Promise<number | undefined> {
  let range = `-${FIRST_BLOCK_BYTES}`;
  let wanted = lines;
  let end: number | undefined;
  for (let blockBytes = FIRST_BLOCK_BYTES, requests = 0; requests < MOST_REQUESTS; requests += 1) {
    const response = await transport.get(url, { headers: { "accept-encoding": "identity", range: `bytes=${range}` }, signal });
    if (response.status !== 206 || !isPart(response)) {
      if (response.status === 200 || response.status === 206) response.body.destroy();
      else await discard(response.body);
      return undefined;
    }
    const start = Number(/^bytes (\d+)-/.exec(String(response.headers["content-range"]))?.[1]);
    const block = await blockOf(response.body);
    if (block === undefined || (end !== undefined && start + block.length !== end)) return undefined;
    // The line end of the last line begins no other one.
    if (end === undefined && block.at(-1) === LINE_FEED) wanted += 1;
    if (end === undefined && lines === 0) return start + block.length;
    for (let at = block.lastIndexOf(LINE_FEED); at >= 0; at = at === 0 ? -1 : block.lastIndexOf(LINE_FEED, at - 1)) {
      wanted -= 1;
      if (wanted === 0) return start + at + 1;
    }
    if (start === 0) return 0;
    end = start;
    blockBytes = Math.min(LARGEST_BLOCK_BYTES, blockBytes * 2);
    range = `${Math.max(0, start - blockBytes)}-${start - 1}`;
  }
  return undefined;
}

/** A block of the size that was asked for, or undefined. */
async function blockOf(body: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_BLOCK_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const HELD_BYTES = 1024 * 1024;

/** The last lines of a file that can only be read from its first byte: where they begin, and their bytes, if they are few. */
export class LastLines {
  /** Where each of the last lines begins, the oldest anywhere. One more than wanted: behind the last line end nothing may follow. */
  readonly #starts: number[] = [0];
  #next = 1;
  #size = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  readonly #wanted: number;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** Takes what a reading of the whole file tells. */
  take(news: FileNews): void {
    if (news.kind === "anew") {
      this.#starts.splice(0, this.#starts.length, 0);
      this.#next = 1;
      this.#size = 0;
      this.#held = [];
      this.#heldBytes = 0;
      return;
    }
    const { bytes } = news;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
      this.#starts[this.#next] = this.#size + at + 1;
      this.#next = (this.#next + 1) % (this.#wanted + 1);
    }
    this.#size += bytes.length;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    while (this.#heldBytes - (this.#held[0]?.length ?? 0) >= HELD_BYTES) this.#heldBytes -= this.#held.shift()?.length ?? 0;
  }

  /** Where they begin. */
  get start(): number {
    const starts = this.#starts.filter((start) => start < this.#size).toSorted((a, b) => b - a);
    return this.#wanted === 0 ? this.#size : (starts[Math.min(this.#wanted, starts.length) - 1] ?? 0);
  }

  /** Their bytes; undefined when there are too many to hold. */
  get bytes(): Buffer | undefined {
    const missing = this.start - (this.#size - this.#heldBytes);
    return missing < 0 ? undefined : Buffer.concat(this.#held).subarray(missing);
  }
}
