import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** A body without its compression. */
export interface Unpacked {
  bytes: AsyncIterable<Buffer>;
  /** Whether there was any, so that its bytes are others than those on the wire. */
  isPacked: boolean;
}

/**
 * Takes gzip off a body that is read from its first byte: once for a `.gz` file, and once more where the server packed that
 * again (`Content-Encoding`). Known by its first bytes, since headers tell one from the other badly. Constant memory. What is
 * no whole gzip fails with zlib's errors (`Z_BUF_ERROR`, `Z_DATA_ERROR`) while it is read.
 */
export async function unpack(body: Readable): Promise<Unpacked> {
  let bytes: AsyncIterable<Buffer> = body;
  for (let layers = 0; ; layers += 1) {
    const { head, all } = await peek(bytes);
    if (layers === MAX_LAYERS || !isGzip(head)) return { bytes: all, isPacked: layers > 0 };
    bytes = gunzipped(all);
  }
}

const MAX_LAYERS = 2;
const MAGIC = Buffer.of(0x1f, 0x8b, 0x08);

function isGzip(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/** The first bytes of a stream, and all of it. */
async function peek(stream: AsyncIterable<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = stream[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < MAGIC.length) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, all: joined(head, iterator) };
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

const CHUNK_BYTES = 64 * 1024;

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Its errors are those of `gunzip`, where they are heard.
  pipeline(packed, gunzip).catch(() => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } finally {
    gunzip.destroy();
  }
}
