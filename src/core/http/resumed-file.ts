import { createWriteStream } from "node:fs";
import { rename, stat, utimes } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import { removeTree } from "../files/remove-tree.ts";
import type { RawResponse, Transport } from "./transport.ts";

/** What the name of a half file ends in. */
export const PART = ".part";

/**
 * Fetches one file through `NAME.part`, which a later call continues if the server's file has not changed. False when the
 * server does not have it or keeps failing. Throws CoprError when the file can't be written.
 */
export async function downloadFile(transport: Transport, url: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const partial = `${path}${PART}`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const outcome = await fetchPart(transport, url, partial, signal);
      if (outcome === "gone") return false;
      if (outcome === "complete") {
        await rename(partial, path);
        return true;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (["ENOSPC", "EACCES", "EROFS", "EDQUOT", "EISDIR"].includes(errorCode(error) ?? "")) {
        throw new CoprError(`Cannot write '${path}': ${describeFileError(error)}`, { cause: error });
      }
    }
  }
  return false;
}

const ATTEMPTS = 4;
/** So much may wait to be written; what waits goes to the disk in one call. */
const WRITE_BUFFER_BYTES = 256 * 1024;

async function fetchPart(
  transport: Transport,
  url: string,
  partial: string,
  signal: AbortSignal | undefined,
): Promise<"complete" | "gone" | "incomplete"> {
  const half = await stat(partial).catch(() => undefined);
  const have = half?.size ?? 0;
  // Its time is the server's, see below: a file that has changed since then comes whole.
  const headers = half && have > 0 ? { range: `bytes=${have}-`, "if-range": half.mtime.toUTCString() } : {};
  const response = await transport.get(url, { signal, headers });
  if (response.status !== 200 && response.status !== 206) {
    response.body.resume();
    if (response.status === 416) await removeTree(partial);
    return response.status === 416 || response.status >= 500 ? "incomplete" : "gone";
  }
  const isContinued = response.status === 206 && have > 0;
  if (response.status === 206 && startOfRange(response.headers) !== have) {
    response.body.destroy();
    await removeTree(partial);
    return "incomplete";
  }
  const announced = Number(response.headers["content-length"] ?? Number.NaN);
  const file = createWriteStream(partial, { flags: isContinued ? "a" : "w", highWaterMark: WRITE_BUFFER_BYTES });
  try {
    await pipeline(response.body, file);
  } finally {
    await keepServerTime(partial, response.headers);
  }
  const size = file.bytesWritten + (isContinued ? have : 0);
  // Without a length a broken connection would pass for the end of the file; the HTTP library reports that itself.
  return Number.isNaN(announced) || size === announced + (isContinued ? have : 0) ? "complete" : "incomplete";
}

function startOfRange(headers: RawResponse["headers"]): number {
  return Number(/^bytes (\d+)-/.exec(String(headers["content-range"]))?.[1]);
}

/** Gives a half file the time of the server's one, as wget and curl -R do; `If-Range` asks for the rest by it. */
async function keepServerTime(path: string, headers: RawResponse["headers"]): Promise<void> {
  const modified = new Date(String(headers["last-modified"]));
  if (!Number.isNaN(modified.getTime())) await utimes(path, new Date(), modified).catch(() => undefined);
}
