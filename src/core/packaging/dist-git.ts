import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { repositoryLocation } from "./dist-git-config.ts";
import type { DistGitInstance } from "./dist-git-instances.ts";
import { CoprError } from "../errors.ts";
import { fetchToFile } from "../http/fetch-file.ts";
import { ensureDirectory, exists } from "../files/directories.ts";
import { readRegularFile } from "../files/regular-file.ts";
import { removeTree } from "../files/remove-tree.ts";
import { type HashType, parseSourcesFile, type SourceEntry } from "./sources-file.ts";
import type { Transport } from "../http/transport.ts";

export interface SourcesRequest {
  /** The clone, with the list of sources. */
  directory: string;
  cloneUrl: string;
  /** The server the clone comes from, if it is known. */
  instance: DistGitInstance | undefined;
  /** Name of the spec file. */
  specName: string;
  /** The branch or commit that is checked out; asked for only when the server's addresses hold it. */
  reference?: (() => Promise<string>) | undefined;
  transport: Transport;
  signal?: AbortSignal | undefined;
  attempts?: number | undefined;
  /** Told of each file before it is fetched. */
  onFile?: (url: string) => void;
  onRetry?: (attempt: number, reason: string) => void;
}

/**
 * Fetches what the repository's `sources` file lists into its directory for sources, each file checked. Without such
 * a file does nothing.
 */
export async function downloadSources(request: SourcesRequest): Promise<void> {
  const { directory, cloneUrl, instance, specName, onFile } = request;
  const listName = (instance?.sourcesFile ?? "sources").replaceAll("{name}", specName.replace(/\.spec$/, ""));
  const list = await insideOf(directory, listName);
  if (!(await exists(list))) return;
  const text = (await readRegularFile(list, { maxBytes: 1024 * 1024, label: "sources file" })).toString();
  const entries = parseSourcesFile(text, instance?.defaultHashType ?? "md5", instance?.sources);
  if (entries.length === 0) return;
  const { host, segments } = repositoryLocation(cloneUrl);
  if (!instance) {
    throw new CoprError(`${host} (detected from clone URL) not found in dist-git-client configuration`);
  }
  const target = await insideOf(directory, instance.sources);
  await ensureDirectory(target);
  const reference = instance.lookasidePattern.includes("{refspec}") ? await request.reference?.() : undefined;
  for (const entry of entries) {
    const path = join(target, entry.file);
    if (await isThere(path, entry)) continue;
    const url = lookasideUrl(instance, entry, segments, reference);
    onFile?.(url);
    await removeTree(path);
    const { transport, signal, attempts, onRetry } = request;
    await fetchToFile(transport, url, path, { signal, attempts, onRetry, maxBytes: MAX_SOURCE_BYTES });
    const hash = await hashOf(path, entry.hashType);
    if (hash !== entry.hash) {
      await removeTree(path);
      throw new CoprError(`Check-sum ${hash} is wrong, expected: ${entry.hash} (${entry.file}), from ${new URL(url).host}`);
    }
  }
}

const MAX_SOURCE_BYTES = 50 * 1024 ** 3;

/** A path in a clone. A link on the way there could lead anywhere (security: C34). */
async function insideOf(directory: string, path: string): Promise<string> {
  const parts = path.split("/").filter((part) => part !== ".");
  for (const [index] of parts.entries()) {
    const part = join(directory, ...parts.slice(0, index + 1));
    const info = await lstat(part).catch(() => undefined);
    if (info?.isSymbolicLink()) throw new CoprError(`'${path}' of the repository is, or is in, a link`);
  }
  return join(directory, ...parts);
}

/** `namespace[0]` is the directory next to the package's name, `namespace[1]` the one before, as dist-git-client counts. */
function lookasideUrl(instance: DistGitInstance, entry: SourceEntry, segments: readonly string[], reference: string | undefined): string {
  const name = segments.at(-1) ?? "";
  const namespace = segments.slice(0, -1).toReversed();
  const values: Record<string, string> = { name, filename: entry.file, hashtype: entry.hashType, hash: entry.hash };
  if (reference !== undefined) values["refspec"] = reference;
  const path = instance.lookasidePattern.replace(/\{(\w+)(?:\[(\d+)\])?\}/g, (match, key: string, index: string | undefined) => {
    const value = key === "namespace" ? namespace[Number(index ?? 0)] : values[key];
    if (value === undefined) throw new CoprError(`The lookaside_uri_pattern of [${instance.name}] uses ${match}, which is not known here`);
    // A branch may have a directory of its own.
    return key === "refspec" ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  return `${instance.lookasideLocation}/${path}`;
}

/** Whether the repository itself has the file. A link of this name, to wherever, is none (security: C35). */
async function isThere(path: string, { file, hashType, hash }: SourceEntry): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isDirectory()) throw new CoprError(`'${file}' of the sources file is a directory in the repository`);
  return info?.isFile() === true && (await hashOf(path, hashType)) === hash;
}

async function hashOf(path: string, type: HashType): Promise<string> {
  // Loaded when it is needed: it takes some 4 ms, and a repository that keeps its sources itself is rare.
  const { createHash } = await import("node:crypto");
  const hash = createHash(type);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}
