import { open } from "node:fs/promises";

/**
 * Reads no more than so many bytes of whatever can be read, a pipe as well: who has no use for a larger one asks for a byte
 * more than it takes, and need not read a device without an end. Throws the system's error.
 */
export async function readBeginning(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const chunks: Buffer[] = [];
    const stream = file.createReadStream({ autoClose: false });
    let left = maxBytes;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}
