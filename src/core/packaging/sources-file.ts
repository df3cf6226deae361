import { CoprError } from "../errors.ts";

/** A file that a dist-git repository keeps in a lookaside cache. */
export interface SourceEntry {
  file: string;
  hashType: HashType;
  hash: string;
}

export type HashType = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

const lengths: Readonly<Record<HashType, number>> = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 };

/**
 * Reads a `sources` file: lines `<hash>  <file>` or `TYPE (file) = hash`. File names must be plain names and types
 * known ones: upstream's reader writes anywhere and runs any `<type>sum` (security: C34). Names may begin with the
 * directory that the server keeps sources in, as CentOS writes `SOURCES/<file>`.
 */
export function parseSourcesFile(text: string, defaultHashType: HashType, directory = "."): SourceEntry[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => readLine(line, defaultHashType, directory));
}

function readLine(line: string, defaultHashType: HashType, directory: string): SourceEntry {
  const tagged = /^([A-Za-z0-9]+) \((.+)\) = ([0-9A-Fa-f]+)$/.exec(line);
  const plain = /^([0-9A-Fa-f]+)\s+(.+)$/.exec(line);
  const [type, path, hash] = tagged ? [tagged[1], tagged[2], tagged[3]] : [defaultHashType, plain?.[2], plain?.[1]];
  if (type === undefined || path === undefined || hash === undefined) throw new CoprError(`Weird sources line: ${line.slice(0, 200)}`);
  const hashType = type.toLowerCase();
  if (!isHashType(hashType)) throw new CoprError(`Unknown checksum type in the sources file: ${type.slice(0, 50)}`);
  if (hash.length !== lengths[hashType]) throw new CoprError(`A ${hashType} checksum in the sources file has the wrong length`);
  const file = directory !== "." && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
  // oxlint-disable-next-line no-control-regex
  if (!/^[^/\u0000-\u001f\u007f]+$/.test(file) || file === "." || file === ".." || file.startsWith("-")) {
    throw new CoprError(`Refusing the file name '${file.slice(0, 100)}' in the sources file`);
  }
  return { file, hashType, hash: hash.toLowerCase() };
}

/** Whether a word names a checksum we accept. */
export function isHashType(text: string): text is HashType {
  return Object.hasOwn(lengths, text);
}
