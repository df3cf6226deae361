import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";

/**
 * Reads what a user names, be it a file, a pipe as a shell makes one of `<(…)`, or a terminal. Throws the system's error, and a
 * plain one, whose message says it, for what is larger than so many bytes; the signal ends a wait.
 */
export async function readInput(source: string | Readable, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const content = await readBeginning(source, maxBytes + 1, signal);
  if (content.length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
  return content;
}

/** The same, of which no more than so many bytes are read: a device may have no end. */
export async function readBeginning(source: string | Readable, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  if (typeof source !== "string") return collect(source, maxBytes, signal);
  const file = openWithoutWait(source);
  // At once: what Node loads for a promise of it costs more than the wait.
  return fstatSync(file).isFile() ? readAtOnce(file, maxBytes) : collect(await streamOf(file), maxBytes, signal);
}

/** The bytes of what a user names, as they come. Throws the system's error, as the stream does. */
export async function openInput(path: string): Promise<Readable> {
  return streamOf(openWithoutWait(path));
}

/**
 * To open a pipe would wait for its other end, and to read it for what comes: in this thread no signal is heard meanwhile, in
 * another one even the end of the process waits for that.
 */
function openWithoutWait(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** A stream that waits in the event loop, where there is something to wait for. */
async function streamOf(file: number): Promise<Readable> {
  const info = fstatSync(file);
  if (info.isFIFO()) {
    const { Socket } = await import("node:net");
    return new Socket({ fd: file, readable: true, writable: false });
  }
  if (info.isCharacterDevice()) {
    const { isatty, ReadStream } = await import("node:tty");
    if (isatty(file)) return new ReadStream(file);
  }
  return createReadStream("", { fd: file, highWaterMark: CHUNK_BYTES });
}

const CHUNK_BYTES = 256 * 1024;

function readAtOnce(file: number, maxBytes: number): Buffer {
  try {
    const chunks: Buffer[] = [];
    for (let left = maxBytes; left > 0; ) {
      const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES));
      const size = readSync(file, chunk);
      if (size === 0) break;
      chunks.push(chunk.subarray(0, size));
      left -= size;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

async function collect(stream: Readable, maxBytes: number, signal: AbortSignal | undefined): Promise<Buffer> {
  if (signal) (await import("node:stream")).addAbortSignal(signal, stream);
  const chunks: Buffer[] = [];
  let left = maxBytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks);
}
