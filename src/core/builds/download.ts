import { createWriteStream } from "node:fs";
import { rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Nevra } from "../api/types.ts";
import { isDirectoryListing, readListing } from "./directory-listing.ts";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import { ensureDirectory, removeTree } from "../files/files.ts";
import type { RawResponse, Transport } from "../http/transport.ts";

/** Kinds of files to fetch; everything when none is asked for. */
export interface WantedFiles {
  rpms?: boolean;
  spec?: boolean;
  logs?: boolean;
  review?: boolean;
}

/** A result directory to fetch. */
export interface DownloadRequest {
  /** Address of the result directory, ends in `/`. */
  url: string;
  chroot: string;
  directory: string;
  wanted: WantedFiles;
  /** Packages of a Pulp project lie elsewhere than its logs, without a listing. */
  pulp?: { packages: readonly Nevra[]; isDevel: boolean } | undefined;
  signal?: AbortSignal;
}

/** What could not be had. */
export interface DownloadResult {
  /** Addresses that were listed but could not be fetched, or whose names are no names for a file here. */
  failed: string[];
  /** Packages that the frontend named but its storage does not have. */
  missing: { url: string }[];
}

/**
 * Fetches a result directory into a local one, flat as upstream lays it out, a few files at a time.
 * A file appears when it is whole; a half one is `NAME.part`, and is continued if it has not changed on the server.
 */
export async function downloadResults(transport: Transport, request: DownloadRequest): Promise<DownloadResult> {
  await ensureDirectory(request.directory);
  const result: DownloadResult = { failed: [], missing: [] };
  const work = new Map<string, Places>();
  const add = (kind: keyof Places, url: string): void => {
    const name = fileNameOf(url);
    if (name === undefined) result.failed.push(url);
    else if (work.get(name)?.[kind] === undefined && work.get(name)?.listed !== url) work.set(name, { ...work.get(name), [kind]: url });
  };
  for (const url of await listFiles(transport, request, request.url)) add("listed", url);
  for (const url of pulpAddresses(request)) add("named", url);
  await inParallel([...work], PARALLEL, async ([name, { listed, named }]) => {
    // Two would write to the same half file.
    const isInTheWay = name.endsWith(PART) && work.has(name.slice(0, -PART.length));
    const fetch = async (url: string): Promise<boolean> =>
      !isInTheWay && (await downloadFile(transport, url, join(request.directory, name), request.signal));
    if (named !== undefined && (await fetch(named))) return;
    if (named !== undefined) {
      result.missing.push({ url: named });
      // Half of another file, perhaps.
      await removeTree(`${join(request.directory, name)}${PART}`);
    }
    if (listed !== undefined && !(await fetch(listed))) result.failed.push(listed);
  });
  return result;
}

/** Where a file may be had: in the directory's listing, and where the frontend says that a package is, which counts more. */
interface Places {
  listed?: string;
  named?: string;
}

const PARALLEL = 6;
const ATTEMPTS = 4;
/** So much may wait to be written; what waits goes to the disk in one call. */
const WRITE_BUFFER_BYTES = 256 * 1024;
const MAX_DEPTH = 3;
/** More than any build has; a server that invents directories must not keep us busy for ever. */
const MAX_DIRECTORIES = 500;
const PART = ".part";
const MAX_NAME_BYTES = 255 - PART.length;

const reviewFiles = new Set(["files.dir", "licensecheck.txt", "review.txt", "review.json", "rpmlint.txt"]);

/** Files of the directory and those below it that are wanted. */
async function listFiles(
  transport: Transport,
  request: DownloadRequest,
  url: string,
  depth = 0,
  seen = new Set<string>(),
): Promise<string[]> {
  const { wanted, signal } = request;
  if (seen.add(url).size > MAX_DIRECTORIES) throw new CoprError(`There are too many directories in ${request.url}`);
  const response = await transport.get(url, { signal });
  if (response.status !== 200 || !isDirectoryListing(response.headers)) {
    discard(response).resume();
    if (depth === 0 && response.status !== 404) throw new CoprError(`Cannot list ${url}: the server answered ${response.status}`);
    return [];
  }
  const entries = await readListing(response.body, response.url);
  const files = entries.filter((entry) => !entry.endsWith("/")).filter((entry) => isWanted(fileNameOf(entry) ?? entry, wanted));
  if (depth === MAX_DEPTH) return files;
  const below: string[] = [];
  for (const directory of entries.filter((entry) => entry.endsWith("/"))) {
    below.push(...(await listFiles(transport, request, directory, depth + 1, seen)));
  }
  return [...files, ...below];
}

function isWanted(name: string, { rpms, spec, logs, review }: WantedFiles): boolean {
  if (name.startsWith("index.html")) return false;
  if (!rpms && !spec && !logs && !review) return true;
  return Boolean(
    (rpms && name.endsWith(".rpm")) ||
      (spec && name.endsWith(".spec")) ||
      (logs && name.endsWith(".log.gz")) ||
      (review && reviewFiles.has(name)),
  );
}

function pulpAddresses({ pulp, url, chroot }: DownloadRequest): string[] {
  if (!pulp) return [];
  const base = pulp.isDevel ? url.replace(`/${chroot}/`, `/${chroot}-devel/`) : url;
  return pulp.packages.map(
    ({ name, version, release, arch }) => new URL(encodeURIComponent(`${name}-${version}-${release}.${arch}.rpm`), base).href,
  );
}

/** The last part of an address as a plain file name; undefined for one that leaves the directory or a terminal obeys. */
function fileNameOf(url: string): string | undefined {
  const encoded = new URL(url).pathname.split("/").pop() ?? "";
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  // oxlint-disable-next-line no-control-regex
  if (name === "" || name === "." || name === ".." || /[/\u0000-\u001f\u007f-\u009f]/.test(name)) return undefined;
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? undefined : name;
}

/** Fetches one file through `NAME.part`; false when the server does not have it or keeps failing. */
async function downloadFile(transport: Transport, url: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
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
    discard(response).resume();
    if (response.status === 416) await removeTree(partial);
    return response.status === 416 || response.status >= 500 ? "incomplete" : "gone";
  }
  const isContinued = response.status === 206 && have > 0;
  if (response.status === 206 && startOfRange(response.headers) !== have) {
    discard(response).destroy();
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

/** The body of an answer that nobody reads: that it breaks off is no error then. */
function discard({ body }: RawResponse): Readable {
  return body.on("error", () => undefined);
}

function startOfRange(headers: RawResponse["headers"]): number {
  return Number(/^bytes (\d+)-/.exec(String(headers["content-range"]))?.[1]);
}

/** Gives a half file the time of the server's one, as wget and curl -R do; `If-Range` asks for the rest by it. */
async function keepServerTime(path: string, headers: RawResponse["headers"]): Promise<void> {
  const modified = new Date(String(headers["last-modified"]));
  if (!Number.isNaN(modified.getTime())) await utimes(path, new Date(), modified).catch(() => undefined);
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
