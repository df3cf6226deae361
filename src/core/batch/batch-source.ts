import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CoprError, describeFileError, UsageError } from "../errors.ts";
import { withPrivateDirectory } from "../files/private-directory.ts";
import { fetchToFile } from "../http/fetch-file.ts";
import type { Transport } from "../http/transport.ts";
import { digestOfCheckout } from "../packaging/checkout-digest.ts";
import { type NeedsOptions, readSourcePackageNeeds, readSpecNeeds, type SourceNeeds } from "../packaging/source-needs.ts";
import { findSpecFile } from "../packaging/spec-file.ts";
import type { BatchEntry } from "./batch-file.ts";
import type { PackageToOrder } from "./order.ts";

/** A package of a batch that was looked at. */
export interface BatchSource {
  entry: BatchEntry;
  kind: "file" | "checkout" | "address";
  /** The absolute path, or the address. */
  location: string;
  needs: SourceNeeds;
  /** Of what is built: the same package with another content, or for other chroots of its own, is another one. */
  digest: string;
}

const MAX_DOWNLOAD_BYTES = 4 * 1024 ** 3;

/** Looks at a package without running anything of it; what is at an address is fetched for that. Throws CoprError. */
export async function readBatchSource(transport: Transport, entry: BatchEntry, options: NeedsOptions): Promise<BatchSource> {
  const read = await readSource(transport, entry, options);
  return entry.chroots === undefined ? read : { ...read, digest: [read.digest, ...entry.chroots.toSorted()].join(" ") };
}

async function readSource(transport: Transport, entry: BatchEntry, options: NeedsOptions): Promise<BatchSource> {
  const { source } = entry;
  // A name that exists here is a file, also if it looks like an address.
  const info = await stat(source).catch((error: unknown) => {
    if (/^https?:/i.test(source)) return undefined;
    throw new CoprError(`Cannot read '${source}': ${describeFileError(error)}`, { cause: error });
  });
  if (info === undefined) return readAddress(transport, entry, options);
  const location = resolve(source);
  if (info.isFile())
    return { entry, kind: "file", location, needs: await readerOf(source)(source, options), digest: await digestOf(source) };
  if (!info.isDirectory()) throw new CoprError(`'${source}' is neither a file nor a directory`);
  const spec = await findSpecFile(source);
  if (spec === undefined) throw new CoprError(`There is no spec file in '${source}'`);
  return { entry, kind: "checkout", location, needs: await readSpecNeeds(spec, options), digest: await digestOfCheckout(location, spec) };
}

async function readAddress(transport: Transport, entry: BatchEntry, options: NeedsOptions): Promise<BatchSource> {
  const location = entry.source.trim();
  if (!URL.canParse(location)) throw new UsageError(`'${location}' is no address`);
  const name = basename(new URL(location).pathname);
  const read = readerOf(name);
  return withPrivateDirectory("batch-", async (directory) => {
    const path = join(directory, name);
    await fetchToFile(transport, location, path, { maxBytes: MAX_DOWNLOAD_BYTES, signal: options.signal });
    return { entry, kind: "address", location, needs: await read(path, options), digest: location };
  });
}

/** What reads a file of this name. */
function readerOf(path: string): (path: string, options: NeedsOptions) => Promise<SourceNeeds> {
  if (path.endsWith(".spec")) return readSpecNeeds;
  if (/\.(no)?src\.rpm$/.test(path)) return readSourcePackageNeeds;
  throw new CoprError(`'${basename(path)}' is neither a source package (.src.rpm) nor a spec file (.spec)`);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * The packages of a batch as they are put in order: by the name they were given, else that of the package, with its version
 * where several are called so. Throws CoprError where two can't be told from one another.
 */
export function namedPackages(sources: readonly BatchSource[]): (PackageToOrder & { source: BatchSource })[] {
  const count = (name: string): number => sources.filter(({ needs }) => needs.name === name).length;
  const names = new Set<string>();
  return sources.map((source) => {
    const { entry, needs } = source;
    const name = entry.name ?? (count(needs.name) > 1 && needs.version !== undefined ? `${needs.name}-${needs.version}` : needs.name);
    if (names.has(name)) {
      throw new CoprError(`Two packages of the batch are called '${name}'.`, { hint: "In a file of the batch each can have a 'name'." });
    }
    names.add(name);
    return { source, name, ...packageToOrder(needs), after: entry.after };
  });
}

/** A package by what it needs and gives. */
function packageToOrder({ name, version, requires, perhapsRequires, packages, isComplete }: SourceNeeds): Omit<PackageToOrder, "name"> {
  const made = packages.length > 0 || isComplete ? packages : [{ name, provides: [], files: [] }];
  return {
    sourceName: name,
    requires,
    perhapsRequires,
    provides: made.flatMap(({ name, provides }) => [version === undefined ? name : `${name} = ${version}`, ...provides]),
    files: made.flatMap(({ files }) => files),
    isComplete,
  };
}
