import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { CoprError, describeFileError } from "../errors.ts";

/** One part of a multipart/form-data body. */
export interface Part {
  name: string;
  filename: string;
  contentType: string;
  /** Text, or a file that is read while it is sent. */
  content: string | { path: string; size: number };
}

/** A body with a known length: Copr's frontend refuses chunked uploads with 411. */
export interface MultipartBody {
  contentType: string;
  contentLength: number;
  /** The bytes, from the first one at each call, so that a request can be sent again whole. */
  stream(onProgress?: (sentBytes: number) => void): AsyncIterable<Uint8Array>;
}

/** A file as a part; throws CoprError when it can't be read or is no regular file. */
export async function filePart(name: string, path: string, contentType: string): Promise<Part> {
  // Without O_NONBLOCK a FIFO would wait here for its other end.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new CoprError(`Cannot read '${path}': ${describeFileError(error)}`, { cause: error });
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new CoprError(`Cannot upload '${path}': it is not a regular file`);
    return { name, filename: basename(path), contentType, content: { path, size: info.size } };
  } finally {
    await file.close();
  }
}

/** The JSON half of an upload; the frontend wants it as a file part. */
export function jsonPart(value: unknown): Part {
  return { name: "json", filename: "json", contentType: "application/json", content: JSON.stringify(value) };
}

/** Puts the parts together. */
export function multipart(parts: readonly Part[]): MultipartBody {
  // The global one is loaded when it is first used, which most commands never do.
  const boundary = `copr-${crypto.randomUUID()}`;
  const heads = parts.map((part, index) =>
    Buffer.from(
      `${index === 0 ? "" : "\r\n"}--${boundary}\r\n` +
        `Content-Disposition: form-data; name="${quote(part.name)}"; filename="${quote(part.filename)}"\r\n` +
        `Content-Type: ${part.contentType}\r\n\r\n`,
    ),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const sizeOf = ({ content }: Part): number => (typeof content === "string" ? Buffer.byteLength(content) : content.size);
  const contentLength =
    heads.reduce((sum, head) => sum + head.length, 0) + parts.reduce((sum, part) => sum + sizeOf(part), 0) + tail.length;

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength,
    async *stream(onProgress) {
      let sent = 0;
      for (const [index, part] of parts.entries()) {
        yield heads[index] as Buffer;
        if (typeof part.content === "string") {
          yield Buffer.from(part.content);
          continue;
        }
        for await (const chunk of readExactly(part.content)) {
          yield chunk;
          sent += chunk.length;
          onProgress?.(sent);
        }
      }
      yield tail;
    },
  };
}

/** Each read costs a change to another thread and back, each chunk a step of the progress. */
const READ_BYTES = 2 * 1024 * 1024;
const CHUNK_BYTES = 512 * 1024;
/**
 * Buffers that take turns: one is sent while the next is read. The HTTP client asks for the next chunk only when the
 * socket has drained, so a third is margin enough. New ones each time would wait for the garbage collector by the hundred.
 */
const BUFFERS = 3;

/** The file's bytes; a file that changes its size meanwhile would break the announced length, so that is an error. */
async function* readExactly({ path, size }: { path: string; size: number }): AsyncIterable<Buffer> {
  const file = await open(path);
  const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(Math.min(READ_BYTES, size)));
  let left = size;
  let turn = 0;
  const readNext = async (): Promise<Buffer> => {
    const buffer = buffers[turn % BUFFERS] as Buffer;
    turn += 1;
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, left));
    if (bytesRead === 0) throw new CoprError(`The file '${path}' became shorter while it was uploaded`);
    left -= bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  let next = left > 0 ? readNext() : undefined;
  try {
    while (next !== undefined) {
      const chunk = await next;
      next = left > 0 ? readNext() : undefined;
      // An error of the read ahead is told when its turn comes.
      next?.catch(() => undefined);
      for (let at = 0; at < chunk.length; at += CHUNK_BYTES) yield chunk.subarray(at, at + CHUNK_BYTES);
    }
  } finally {
    await next?.catch(() => undefined);
    await file.close();
  }
}

/** As browsers quote names in Content-Disposition. */
function quote(text: string): string {
  return text.replace(/["\r\n]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
