import { join } from "node:path";
import type { Nevra } from "../api/types.ts";
import { askDirectory, fileNameOf } from "./directory-listing.ts";
import { CoprError } from "../errors.ts";
import { ensureDirectory } from "../files/directories.ts";
import { removeTree } from "../files/remove-tree.ts";
import { downloadFile, PART } from "../http/resumed-file.ts";
import type { Transport } from "../http/transport.ts";

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
 * Throws CoprError when the directory can't be listed or a file can't be written.
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
const MAX_DEPTH = 3;
/** More than any build has; a server that invents directories must not keep us busy for ever. */
const MAX_DIRECTORIES = 500;

const reviewFiles = new Set(["files.dir", "licensecheck.txt", "review.txt", "review.json", "rpmlint.txt"]);

/** Files of the directory and those below it that are wanted. */
async function listFiles(
  transport: Transport,
  request: DownloadRequest,
  url: string,
  depth = 0,
  seen = new Set<string>(),
): Promise<string[]> {
  const { wanted } = request;
  if (seen.add(url).size > MAX_DIRECTORIES) throw new CoprError(`There are too many directories in ${request.url}`);
  const entries = await listDirectory(transport, request, url, depth);
  const files = entries.filter((entry) => !entry.endsWith("/")).filter((entry) => isWanted(fileNameOf(entry) ?? entry, wanted));
  if (depth === MAX_DEPTH) return files;
  const below: string[] = [];
  for (const directory of entries.filter((entry) => entry.endsWith("/"))) {
    below.push(...(await listFiles(transport, request, directory, depth + 1, seen)));
  }
  return [...files, ...below];
}

/** Addresses of what is in one directory; none where there is no listing. */
async function listDirectory(transport: Transport, { signal }: DownloadRequest, url: string, depth: number): Promise<string[]> {
  const { status, entries } = await askDirectory(transport, url, signal);
  if (entries === undefined && depth === 0 && status !== 404) {
    throw new CoprError(`Cannot list ${url}: the server answered ${status}`);
  }
  return entries ?? [];
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

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
