import { open } from "node:fs/promises";
import { join } from "node:path";
import { listBuildChroots } from "../api/build-chroots.ts";
import { getSourceChroot } from "../api/builds.ts";
import type { Build } from "../api/types.ts";
import { CoprError } from "../errors.ts";
import { downloadFile } from "../http/resumed-file.ts";
import type { Transport } from "../http/transport.ts";
import { askDirectory, fileNameOf } from "./directory-listing.ts";
import { unlessRefused } from "./known-projects.ts";
import type { UploadedSource } from "./original-source.ts";

/** Where an uploaded file is to be had again. */
export interface SourcePackageRequest {
  build: Build;
  source: UploadedSource;
  /** Where the file is put. */
  directory: string;
  signal?: AbortSignal | undefined;
}

/**
 * Fetches the file that a build was uploaded as, while the frontend still has it, else the source package among the build's
 * results; resolves to its path. Throws CoprError when nobody has it any more.
 */
export async function fetchSourcePackage(transport: Transport, request: SourcePackageRequest): Promise<string> {
  for await (const url of addresses(transport, request)) {
    const path = await fetchOne(transport, url, request);
    if (path !== undefined) return path;
  }
  throw new CoprError(`The source package of build ${request.build.id} is not to be had any more`, {
    hint: "It is neither where it was uploaded to nor among the build's results. Build it from a file of your own.",
  });
}

/** Places to look in, the likeliest first; asked for only as far as needed. */
async function* addresses(transport: Transport, { build, source, signal }: SourcePackageRequest): AsyncIterable<string> {
  if (source.url !== null) yield source.url;
  // The backend publishes it as soon as it has made the source package.
  const published = build.source_package?.url;
  if (published && published !== source.url) yield published;
  for await (const directory of resultDirectories(transport, build)) {
    yield* (await askDirectory(transport, directory, signal)).entries ?? [];
  }
}

/** The results of the SRPM phase, and those of the chroots, where mock leaves the source package, too. */
async function* resultDirectories(transport: Transport, { id }: Build): AsyncIterable<string> {
  // The frontend breaks where there is no directory.
  const source = await unlessRefused(getSourceChroot(transport, id));
  if (source?.result_url) yield asDirectory(source.result_url);
  for (const { result_url: url } of await listBuildChroots(transport, id)) if (url) yield asDirectory(url);
}

/** Upstream leaves the slash out for the SRPM phase. */
function asDirectory(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

async function fetchOne(transport: Transport, url: string, { directory, signal }: SourcePackageRequest): Promise<string | undefined> {
  const name = URL.canParse(url) ? fileNameOf(url) : undefined;
  if (name === undefined || !/\.(src\.rpm|nosrc\.rpm|spec)$/i.test(name)) return undefined;
  const path = join(directory, name);
  if (!(await downloadFile(transport, url, path, signal))) return undefined;
  return /\.spec$/i.test(name) || (await isPackage(path)) ? path : undefined;
}

/** What a server says instead of a package, in a page of its own, is no package. */
async function isPackage(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(4) });
    return bytesRead === 4 && buffer.readUInt32BE() === RPM_MAGIC;
  } finally {
    await file.close();
  }
}

/** How every package begins. */
const RPM_MAGIC = 0xedabeedb;
