import { closeSync, openSync, renameSync, statSync, utimesSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
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
        renameSync(partial, path);
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

async function fetchPart(
  transport: Transport,
  url: string,
  partial: string,
  signal: AbortSignal | undefined,
): Promise<"complete" | "gone" | "incomplete"> {
  const half = statSync(partial, { throwIfNoEntry: false });
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
  let size: number;
  try {
    size = await writeBody(response.body, partial, isContinued ? "a" : "w");
  } finally {
    keepServerTime(partial, response.headers);
  }
  // Without a length a broken connection would pass for the end of the file; the HTTP library reports that itself.
  return Number.isNaN(announced) || size === announced ? "complete" : "incomplete";
}

/**
 * Writes what comes into a file; resolves to how many bytes that were. At once: each is a copy into the system's memory,
 * while to hand it to another thread and to hear of it would cost more, most of all where there is but one core.
 */
async function writeBody(body: Readable, path: string, flags: "a" | "w"): Promise<number> {
  let file: number;
  try {
    file = openSync(path, flags);
  } catch (error) {
    body.destroy();
    throw error;
  }
  let size = 0;
  body.on("data", (chunk: Buffer) => {
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
      size += chunk.length;
    } catch (error) {
      body.destroy(error as Error);
    }
  });
  try {
    await finished(body);
    return size;
  } finally {
    closeSync(file);
  }
}

function startOfRange(headers: RawResponse["headers"]): number {
  return Number(/^bytes (\d+)-/.exec(String(headers["content-range"]))?.[1]);
}

/** Gives a half file the time of the server's one, as wget and curl -R do; `If-Range` asks for the rest by it. */
function keepServerTime(path: string, headers: RawResponse["headers"]): void {
  const modified = new Date(String(headers["last-modified"]));
  if (Number.isNaN(modified.getTime())) return;
  try {
    utimesSync(path, new Date(), modified);
  } catch {
    // Then the next call fetches the whole.
  }
}
