import { createWriteStream } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Nevra } from "./api/types.ts";
import { isDirectoryListing, readListing } from "./directory-listing.ts";
import { CoprError, describeFileError, errorCode } from "./errors.ts";
import { ensureDirectory, removeTree } from "./files.ts";
import type { Transport } from "./transport.ts";

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
  /** Addresses that were listed but could not be fetched. */
  failed: string[];
  /** Packages that the frontend named but its storage does not have. */
  missing: { url: string }[];
}

/**
 * Fetches a result directory into a local one, flat as upstream lays it out, a few files at a time.
 * Files that are already there with the right size stay; half ones are continued.
 */
export async function downloadResults(transport: Transport, request: DownloadRequest): Promise<DownloadResult> {
  await ensureDirectory(request.directory);
  const listed = (await listFiles(transport, request, request.url)).map((url) => ({ url, isListed: true }));
  const packages = pulpAddresses(request).map((url) => ({ url, isListed: false }));
  const names = new Set<string>();
  const work = [...listed, ...packages].filter(({ url }) => {
    const name = fileNameOf(url);
    return !names.has(name) && names.add(name);
  });
  const result: DownloadResult = { failed: [], missing: [] };
  await inParallel(work, PARALLEL, async ({ url, isListed }) => {
    if (await downloadFile(transport, url, join(request.directory, fileNameOf(url)), request.signal)) return;
    if (isListed) result.failed.push(url);
    else result.missing.push({ url });
  });
  return result;
}

const PARALLEL = 4;
const ATTEMPTS = 4;
/** So much may wait to be written; what waits goes to the disk in one call. */
const WRITE_BUFFER_BYTES = 256 * 1024;
const MAX_DEPTH = 3;

const reviewFiles = new Set(["files.dir", "licensecheck.txt", "review.txt", "review.json", "rpmlint.txt"]);

/** Files of the directory and those below it that are wanted. */
async function listFiles(transport: Transport, request: DownloadRequest, url: string, depth = 0): Promise<string[]> {
  const { wanted, signal } = request;
  const response = await transport.get(url, { signal });
  if (response.status !== 200 || !isDirectoryListing(response.headers)) {
    response.body.resume();
    if (depth === 0 && response.status !== 404) throw new CoprError(`Cannot list ${url}: the server answered ${response.status}`);
    return [];
  }
  const entries = await readListing(response.body, response.url);
  const files = entries.filter((entry) => !entry.endsWith("/")).filter((entry) => isWanted(fileNameOf(entry), wanted));
  if (depth === MAX_DEPTH) return files;
  const below: string[] = [];
  for (const directory of entries.filter((entry) => entry.endsWith("/"))) {
    below.push(...(await listFiles(transport, request, directory, depth + 1)));
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

/** The last part of an address as a plain file name; never one that leaves the directory. */
function fileNameOf(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.split("/").pop() ?? "");
  // oxlint-disable-next-line no-control-regex
  if (name === "" || name === "." || name === ".." || /[/\u0000-\u001f\u007f]/.test(name))
    throw new CoprError(`Refusing the file name in ${url}`);
  return name;
}

/** Fetches one file through `NAME.part`; false when the server does not have it or keeps failing. */
async function downloadFile(transport: Transport, url: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const partial = `${path}.part`;
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
  const have = (await stat(partial).catch(() => undefined))?.size ?? 0;
  const response = await transport.get(url, { signal, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  if (response.status === 416) {
    response.body.resume();
    await removeTree(partial);
    return "incomplete";
  }
  if (response.status !== 200 && response.status !== 206) {
    response.body.resume();
    return response.status >= 500 ? "incomplete" : "gone";
  }
  const isContinued = response.status === 206 && have > 0;
  const announced = Number(response.headers["content-length"] ?? Number.NaN);
  await pipeline(response.body, createWriteStream(partial, { flags: isContinued ? "a" : "w", highWaterMark: WRITE_BUFFER_BYTES }));
  const size = (await stat(partial)).size;
  // Without a length a broken connection would pass for the end of the file; the HTTP library reports that itself.
  return Number.isNaN(announced) || size === announced + (isContinued ? have : 0) ? "complete" : "incomplete";
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
