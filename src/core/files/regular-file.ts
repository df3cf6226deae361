import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CoprError, describeFileError } from "../errors.ts";

/** What a file may be to be read. */
export interface ReadLimits {
  /** A larger file is refused. */
  maxBytes: number;
  /** What the file is, for messages, e.g. "task file". */
  label?: string;
}

/** Reads a regular file; a symbolic link as the last part of the path is refused, as is a FIFO or a device. */
export async function readRegularFile(path: string, { maxBytes, label = "file" }: ReadLimits): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = await file.stat();
    if (!info.isFile()) throw new CoprError(`The ${label} '${path}' is not a regular file`);
    if (info.size > maxBytes) {
      throw new CoprError(`The ${label} '${path}' is too large: ${info.size} bytes, the limit is ${maxBytes}`);
    }
    // The size is no promise: the file may grow, and those of the kernel tell none.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: maxBytes }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      chunks.push(chunk);
    }
    if (size > maxBytes) throw new CoprError(`The ${label} '${path}' is too large: the limit is ${maxBytes} bytes`);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof CoprError) throw error;
    throw new CoprError(`Cannot read the ${label} '${path}': ${describeFileError(error)}`, { cause: error });
  } finally {
    await file?.close();
  }
}
