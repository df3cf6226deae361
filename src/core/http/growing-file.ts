import type { Readable } from "node:stream";
import { RequestError } from "../errors.ts";
import { withoutSecrets } from "../text/without-secrets.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { RawResponse, Transport } from "./transport.ts";
import { unpack } from "./unpacked.ts";

/** What is learnt of a file while it is read. Offsets are those of the plain file, in bytes. */
export type FileNews =
  | { kind: "bytes"; offset: number; bytes: Buffer }
  /** The file is not the one whose bytes were told; what comes next begins at offset 0. */
  | { kind: "anew" };

/** What a look at a file came to: all there is was told, it is not there, or the next look, at once, will say. */
export type Look = "whole" | "missing" | "again";

/**
 * One file on a web server that may grow between two looks at it, be written anew, or be replaced by `NAME.gz`. Each look is
 * one request, and tells what was not told before: by a range where the server knows ranges, else by reading over the rest,
 * which is not held. A few bytes that were told already are asked for again: if they differ, the file was written anew.
 */
export class GrowingFile {
  readonly #transport: Transport;
  readonly #urls: readonly string[];
  /** Which of the addresses the next look is at: the plain file or the packed one. */
  #place = 0;
  #offset: number;
  #last = Buffer.alloc(0);
  #takesRanges = true;
  /** Which packed file was told to its end. */
  #toldPacked: string | undefined;
  #isRepeating = false;

  constructor(transport: Transport, url: string, fromOffset = 0) {
    this.#transport = transport;
    this.#urls = url.endsWith(".gz") ? [url] : [url, `${url}.gz`];
    this.#offset = fromOffset;
  }

  /** How much was told, or left out at the beginning. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether it was told to its end as a packed one. */
  get isPacked(): boolean {
    return this.#toldPacked !== undefined;
  }

  /** Whether the last look had to read over what was told. */
  get isRepeating(): boolean {
    return this.#isRepeating;
  }

  /** The next look tells from this byte on. */
  moveTo(offset: number): void {
    this.#offset = offset;
    this.#last = Buffer.alloc(0);
    this.#toldPacked = undefined;
  }

  /** Tells what is new. Throws RequestError for statuses that say nothing about the file, and the errors of the connection. */
  async *look(signal?: AbortSignal): AsyncGenerator<FileNews, Look> {
    const url = this.#urls[this.#place] as string;
    const from = this.#offset - this.#last.length;
    // A part of a packed file is of no use.
    const isRanged = this.#takesRanges && from > 0 && !url.endsWith(".gz");
    const headers = { "accept-encoding": "identity", ...(isRanged ? { range: `bytes=${from}-` } : {}) };
    const response = await this.#transport.get(url, { headers, signal });
    this.#takesRanges = true;
    this.#isRepeating = false;
    switch (response.status) {
      case 200:
        return yield* this.#readWhole(response);
      case 206:
        if (!isPart(response, from)) return await this.#askForAll(response);
        return yield* this.#tell(response.body, from);
      case 403: // What a store says of a file that is not there, if its list is private.
      case 404:
      case 410:
        await discard(response.body);
        this.#place = (this.#place + 1) % this.#urls.length;
        return this.#place === 0 ? "missing" : "again";
      default:
        if (response.status === 416 && isRanged) return yield* this.#compareSize(response);
        await discard(response.body);
        throw new RequestError(`The server answered ${response.status} for ${withoutSecrets(url)}`, {
          status: response.status,
          retryAfterMs: retryAfterMs(response.headers),
        });
    }
  }

  /** An answer with the whole file, also when a part was asked for. */
  async *#readWhole(response: RawResponse): AsyncGenerator<FileNews, Look> {
    this.#isRepeating = this.#offset > 0;
    const size = Number(response.headers["content-length"] ?? Number.NaN);
    const encoding = String(response.headers["content-encoding"] ?? "");
    if (!knownEncodings.test(encoding)) {
      response.body.destroy();
      throw new RequestError(`${withoutSecrets(response.url)} comes packed as '${encoding}', which was not asked for`, { status: 406 });
    }
    const { bytes, isPacked } = await unpack(response.body);
    if (!isPacked && size < this.#offset) yield this.#beginAnew();
    const version = isPacked ? `${response.headers["etag"]} ${response.headers["last-modified"]} ${size}` : undefined;
    if (isPacked ? version === this.#toldPacked : size === this.#offset) {
      await stop(bytes);
      this.#isRepeating = false;
      return this.#end();
    }
    const look = yield* this.#tell(bytes, 0);
    if (look === "whole") this.#toldPacked = version;
    return look;
  }

  /** Tells what of a stream, which begins at this byte of the file, was not told yet. */
  async *#tell(stream: AsyncIterable<Buffer>, start: number): AsyncGenerator<FileNews, Look> {
    let at = start;
    for await (const chunk of stream) {
      const known = Math.max(0, Math.min(chunk.length, this.#offset - at));
      if (known > 0 && !this.#isAsTold(chunk.subarray(0, known), at)) {
        yield this.#beginAnew();
        return "again";
      }
      at += chunk.length;
      if (known === chunk.length) continue;
      const bytes = chunk.subarray(known);
      const offset = this.#offset;
      this.#offset += bytes.length;
      this.#last = Buffer.concat([this.#last, bytes.subarray(-OVERLAP_BYTES)]).subarray(-OVERLAP_BYTES);
      yield { kind: "bytes", offset, bytes };
    }
    if (at >= this.#offset) return this.#end();
    yield this.#beginAnew();
    return "again";
  }

  /** Compares bytes from before the offset with those that were told, as far as they are kept. */
  #isAsTold(bytes: Buffer, at: number): boolean {
    const kept = this.#offset - this.#last.length;
    const from = Math.max(at, kept);
    const until = at + bytes.length;
    return from >= until || bytes.subarray(from - at).equals(this.#last.subarray(from - kept, until - kept));
  }

  /** A part that does not exist: the file ends where we are, or has become shorter. */
  async *#compareSize(response: RawResponse): AsyncGenerator<FileNews, Look> {
    const size = Number(/^bytes \*\/(\d+)$/.exec(String(response.headers["content-range"]))?.[1] ?? Number.NaN);
    if (isPackedName(response.url) || (Number.isNaN(size) && this.#last.length > 0)) return await this.#askForAll(response);
    await discard(response.body);
    if (!(size < this.#offset)) return this.#end();
    yield this.#beginAnew();
    return "again";
  }

  /** Ranges of this answer can't be used: the next look goes without. */
  async #askForAll(response: RawResponse): Promise<Look> {
    response.body.destroy();
    this.#takesRanges = false;
    return "again";
  }

  #beginAnew(): FileNews {
    this.moveTo(0);
    return { kind: "anew" };
  }

  #end(): Look {
    // A plain file may come back, where one was packed.
    this.#place = 0;
    return "whole";
  }
}

/** What is asked for again at each look. */
const OVERLAP_BYTES = 256;

/** Whether an answer is the part of a plain file from this byte on. */
export function isPart({ headers, url }: RawResponse, from?: number): boolean {
  const isPacked =
    isPackedName(url) || /gzip/i.test(String(headers["content-type"])) || !/^(identity)?$/i.test(String(headers["content-encoding"] ?? ""));
  const start = Number(/^bytes (\d+)-/.exec(String(headers["content-range"]))?.[1]);
  return !isPacked && (from === undefined ? !Number.isNaN(start) : start === from);
}

function isPackedName(url: string): boolean {
  return /\.gz$/i.test(new URL(url).pathname);
}

/** Packed once more, or not at all. */
const knownEncodings = /^((identity|(x-)?gzip)(,\s*)?)*$/i;

const SMALL_BYTES = 64 * 1024;

/** Reads a page that nobody wants, so that the connection can be used again; breaks off what is no page. */
export async function discard(body: Readable): Promise<void> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > SMALL_BYTES) break;
  }
}

async function stop(stream: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of stream) break;
}
