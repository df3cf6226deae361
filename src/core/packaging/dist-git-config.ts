import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { type DistGitInstance, knownDistGitInstances } from "./dist-git-instances.ts";
import { CoprError, describeFileError, errorCode } from "../errors.ts";
import { readInput } from "../files/input.ts";
import { parseIni } from "../text/ini.ts";
import { isHashType } from "./sources-file.ts";

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads all configured instances; without that directory those that dist-git-client ships. Throws CoprError for an
 * unreadable directory or file, and where two instances claim the same repositories.
 */
export async function readDistGitConfig(directory: string): Promise<DistGitInstance[]> {
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith(".ini")).sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [...knownDistGitInstances];
    throw new CoprError(`Cannot read '${directory}': ${describeFileError(error)}`, { cause: error });
  }
  const instances: DistGitInstance[] = [];
  for (const path of names.map((name) => join(directory, name))) {
    instances.push(...readInstances((await readInput(path, MAX_CONFIG_BYTES)).toString(), path));
  }
  refuseDuplicates(instances);
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
      sourcesFile: innerPath(name, ini.get(name, "sources_file") || "sources"),
      specs: innerPath(name, ini.get(name, "specs") || "."),
      sources: innerPath(name, ini.get(name, "sources") || "."),
      defaultHashType: hash,
      lookasideLocation: (ini.get(name, "lookaside_location") ?? "").replace(/\/+$/, ""),
      lookasidePattern: (ini.get(name, "lookaside_uri_pattern") ?? "").replace(/^\/+/, ""),
    };
  });
}

function innerPath(instance: string, path: string): string {
  const plain = posix.normalize(path).replace(/\/+$/, "");
  if (!plain.startsWith("/") && plain !== ".." && !plain.startsWith("../")) return plain;
  throw new CoprError(`A path of the dist-git instance [${instance}] leads out of the repository: ${path}`);
}

/** Which of two instances a repository belongs to must not depend on their order. */
function refuseDuplicates(instances: readonly DistGitInstance[]): void {
  const seen = new Set<string>();
  for (const { cloneHostnames, pathPrefixes } of instances) {
    for (const host of cloneHostnames) {
      for (const prefix of pathPrefixes.length > 0 ? pathPrefixes : ["DEFAULT"]) {
        if (seen.has(`${host} ${prefix}`)) throw new CoprError(`Duplicate prefix ${prefix} for ${host} hostname`);
        seen.add(`${host} ${prefix}`);
      }
    }
  }
}

/** The server a clone comes from; undefined when none is configured for its host and path. */
export function findDistGitInstance(instances: readonly DistGitInstance[], cloneUrl: string): DistGitInstance | undefined {
  const { host, segments } = repositoryLocation(cloneUrl);
  const path = `/${segments.join("/")}`;
  const ofHost = instances.filter(({ cloneHostnames }) => cloneHostnames.includes(host));
  const matches = ofHost.flatMap((instance) => {
    const prefixes = instance.pathPrefixes.length > 0 ? instance.pathPrefixes : [""];
    return prefixes.filter((prefix) => path.startsWith(`/${prefix.replace(/^\/+/, "")}`)).map((prefix) => ({ instance, prefix }));
  });
  // The longest prefix says most.
  const [best] = matches.sort((one, other) => other.prefix.length - one.prefix.length);
  return best?.instance;
}

/** Host and path of a clone address; the scp form `user@host:path` too. A local path is on `localhost`. */
export function repositoryLocation(cloneUrl: string): { host: string; segments: string[] } {
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
