import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CoprError, describeFileError, errorCode } from "./errors.ts";
import { fetchToFile } from "./fetch-file.ts";
import { exists, readRegularFile, removeTree } from "./files.ts";
import { parseIni } from "./ini.ts";
import { type HashType, isHashType, parseSourcesFile, type SourceEntry } from "./sources-file.ts";
import type { Transport } from "./transport.ts";

/** A dist-git server and its lookaside cache, as `/etc/dist-git-client/*.ini` describes it. */
export interface DistGitInstance {
  name: string;
  cloneHostnames: string[];
  /** Beginnings of the repository's path; empty for all. */
  pathPrefixes: string[];
  /** May hold `{name}`. */
  sourcesFile: string;
  defaultHashType: HashType;
  lookasideLocation: string;
  /** Holds `{name}`, `{filename}`, `{hashtype}`, `{hash}`, `{namespace[0]}`, … */
  lookasidePattern: string;
}

/** Reads all configured instances. Throws CoprError for an unreadable directory or file. */
export async function readDistGitConfig(directory: string): Promise<DistGitInstance[]> {
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith(".ini")).sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw new CoprError(`Cannot read '${directory}': ${describeFileError(error)}`, { cause: error });
  }
  const instances: DistGitInstance[] = [];
  for (const name of names) instances.push(...readInstances(await readFile(join(directory, name), "utf8"), join(directory, name)));
  return instances;
}

function readInstances(text: string, source: string): DistGitInstance[] {
  const ini = parseIni(text, { source, interpolate: false });
  return ini.sections().map((name) => {
    const words = (key: string): string[] => (ini.get(name, key) ?? "").split(/\s+/).filter(Boolean);
    const hash = (ini.get(name, "default_sum") ?? "md5").toLowerCase();
    if (!isHashType(hash)) throw new CoprError(`Unknown default_sum '${hash}' in [${name}] of ${source}`);
    return {
      name,
      cloneHostnames: words("clone_hostnames"),
      pathPrefixes: words("path_prefixes"),
      sourcesFile: ini.get(name, "sources_file") || "sources",
      defaultHashType: hash,
      lookasideLocation: (ini.get(name, "lookaside_location") ?? "").replace(/\/+$/, ""),
      lookasidePattern: (ini.get(name, "lookaside_uri_pattern") ?? "").replace(/^\/+/, ""),
    };
  });
}

export interface SourcesRequest {
  /** The clone, with the spec file and the list of sources. */
  directory: string;
  cloneUrl: string;
  instances: readonly DistGitInstance[];
  transport: Transport;
  signal?: AbortSignal | undefined;
  /** Told of each file before it is fetched. */
  onFile?: (url: string) => void;
}

/** Fetches what the repository's `sources` file lists into the clone, each file checked. Without such a file does nothing. */
export async function downloadSources({ directory, cloneUrl, instances, transport, signal, onFile }: SourcesRequest): Promise<void> {
  const { host, segments } = locationOf(cloneUrl);
  const packageName = segments.at(-1) ?? "";
  const instance = findInstance(instances, host, segments.join("/"));
  const listName = (instance?.sourcesFile ?? "sources").replaceAll("{name}", packageName);
  const list = join(directory, listName);
  if (!(await exists(list))) return;
  const text = (await readRegularFile(list, { maxBytes: 1024 * 1024, label: "sources file" })).toString();
  const entries = parseSourcesFile(text, instance?.defaultHashType ?? "md5");
  if (entries.length === 0) return;
  if (!instance) {
    throw new CoprError(`${host} (detected from clone URL) not found in dist-git-client configuration`);
  }
  for (const entry of entries) {
    const url = lookasideUrl(instance, entry, segments);
    const path = join(directory, entry.file);
    if (await isThere(path, entry)) continue;
    onFile?.(url);
    await removeTree(path);
    await fetchToFile(transport, url, path, { signal, maxBytes: MAX_SOURCE_BYTES });
    const hash = await hashOf(path, entry.hashType);
    if (hash !== entry.hash) {
      await removeTree(path);
      throw new CoprError(`Check-sum ${hash} is wrong, expected: ${entry.hash} (${entry.file})`);
    }
  }
}

const MAX_SOURCE_BYTES = 50 * 1024 ** 3;

/** Host and path of a clone address; the scp form `user@host:path` too. A local path is on `localhost`. */
function locationOf(cloneUrl: string): { host: string; segments: string[] } {
  const scp = /^(?:[^@/]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(cloneUrl);
  const [host, path] = scp
    ? [scp[1] as string, scp[2] as string]
    : URL.canParse(cloneUrl)
      ? [new URL(cloneUrl).hostname || "localhost", new URL(cloneUrl).pathname]
      : ["localhost", cloneUrl];
  const segments = path
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split("/")
    .filter(Boolean);
  return { host, segments };
}

function findInstance(instances: readonly DistGitInstance[], host: string, path: string): DistGitInstance | undefined {
  const ofHost = instances.filter(({ cloneHostnames }) => cloneHostnames.includes(host));
  const prefixed = ofHost.find(({ pathPrefixes }) =>
    pathPrefixes.some((prefix) => `/${path}`.startsWith(`/${prefix.replace(/^\/+/, "")}`)),
  );
  return prefixed ?? ofHost.find(({ pathPrefixes }) => pathPrefixes.length === 0);
}

/** `namespace[0]` is the directory next to the package's name, `namespace[1]` the one before, as dist-git-client counts. */
function lookasideUrl(instance: DistGitInstance, entry: SourceEntry, segments: readonly string[]): string {
  const name = segments.at(-1) ?? "";
  const namespace = segments.slice(0, -1).toReversed();
  const values: Record<string, string> = { name, filename: entry.file, hashtype: entry.hashType, hash: entry.hash };
  const path = instance.lookasidePattern.replace(/\{(\w+)(?:\[(\d+)\])?\}/g, (match, key: string, index: string | undefined) => {
    const value = key === "namespace" ? namespace[Number(index ?? 0)] : values[key];
    if (value === undefined) throw new CoprError(`The lookaside_uri_pattern of [${instance.name}] uses ${match}, which is not known here`);
    return encodeURIComponent(value);
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
  const hash = createHash(type);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}
