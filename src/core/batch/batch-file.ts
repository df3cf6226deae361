import { dirname, isAbsolute, join } from "node:path";
import * as v from "valibot";
import type { Document } from "yaml";
import { CoprError, describeFileError, UsageError } from "../errors.ts";
import { readBeginning } from "../files/input.ts";
import { nearestWords } from "../text/nearest.ts";

/** A file that names the packages of a batch. */
export interface BatchFile {
  /** Address of this schema, for editors of JSON files; in YAML a first line `# yaml-language-server: $schema=…` says it. */
  $schema?: string | undefined;
  /**
   * The packages: sources alone, or with what is to be said of them. Paths are meant from where the file lies.
   * @minItems 1
   */
  packages: (string | BatchEntry)[];
}

/** A package of a batch, as it is named. */
export interface BatchEntry {
  /**
   * A source package, a spec file, a checkout, or an address of one of the first two.
   * @minLength 1
   */
  source: string;
  /**
   * What it is called in the batch; the package's own name when absent.
   * @pattern ^[a-zA-Z0-9_.+~^-]+$
   */
  name?: string | undefined;
  /**
   * Chroots to build it in, by names or globs; those of the command when absent.
   * @minItems 1
   */
  chroots?: string[] | undefined;
  /** Names of those that are built before it, in place of the order that is found. Empty for none. */
  after?: string[] | undefined;
}

const text = v.pipe(v.string(), v.minLength(1));
const entrySchema = v.union([
  text,
  v.strictObject({
    source: text,
    name: v.optional(v.pipe(text, v.regex(/^[a-zA-Z0-9_.+~^-]+$/))),
    chroots: v.optional(v.pipe(v.array(text), v.minLength(1))),
    after: v.optional(v.array(text)),
  }),
]);
const fileSchema: v.GenericSchema<unknown, BatchFile> = v.strictObject({
  $schema: v.optional(v.string()),
  packages: v.pipe(v.array(entrySchema), v.minLength(1)),
});

const keys = { file: ["packages"], entry: ["source", "name", "chroots", "after"] };

/** Whether an argument is a file of this kind, by its name. */
export function isBatchFile(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path);
}

/**
 * Reads a file that names the packages of a batch, in YAML or JSON; paths in it are meant from where it lies. Throws UsageError
 * that names the line and column of what is wrong.
 */
export async function readBatchFile(path: string, signal?: AbortSignal): Promise<BatchEntry[]> {
  const { maxYamlBytes } = await import("../text/yaml-file.ts");
  const content = await readBeginning(path, maxYamlBytes + 1, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new CoprError(`Cannot read '${path}': ${describeFileError(error)}`, { cause: error });
  });
  return parseBatchFile(content, path);
}

/** The same for what a file holds. */
export async function parseBatchFile(content: string | Uint8Array, path: string): Promise<BatchEntry[]> {
  const { readYaml } = await import("../text/yaml-file.ts");
  const { document, value, faults } = readYaml(content, path, (message, options) => new UsageError(message, options));
  const result = v.safeParse(fileSchema, value);
  if (result.success) {
    return result.output.packages.map((entry) => withPlace(typeof entry === "string" ? { source: entry } : entry, dirname(path)));
  }
  const [at, sentence] = findProblem(value);
  faults.add(offsetOf(document, at), sentence);
  faults.end();
  throw new Error("a file is wrong, and nothing says why");
}

function withPlace(entry: BatchEntry, directory: string): BatchEntry {
  const isElsewhere = /^[a-z][a-z0-9+.-]*:/i.test(entry.source) || isAbsolute(entry.source);
  return isElsewhere ? entry : { ...entry, source: join(directory, entry.source) };
}

type KeyPath = (string | number)[];

function offsetOf(document: Document.Parsed, at: KeyPath): number {
  const node = document.getIn(at, true) as { range?: [number, number, number] } | undefined;
  return keyRange(document, at) ?? node?.range?.[0] ?? 0;
}

/** The first thing that is wrong, in words of this file's format. */
function findProblem(value: unknown): [at: KeyPath, sentence: string] {
  if (!isMap(value)) return [[], "the file is to have a list 'packages'"];
  const { $schema, ...file } = value;
  if ($schema !== undefined && typeof $schema !== "string") return [["$schema"], "'$schema' is to be an address"];
  const unknown = unknownKey(file, keys.file);
  if (unknown !== undefined) return [[unknown.key], unknown.sentence];
  const { packages } = value;
  if (!Array.isArray(packages) || packages.length === 0) return [["packages"], "'packages' is to be a list of packages"];
  for (const [index, entry] of packages.entries()) {
    const problem = entryProblem(entry);
    if (problem !== undefined) return [["packages", index, ...problem[0]], problem[1]];
  }
  return [[], "the file is not understood"];
}

function entryProblem(entry: unknown): [at: KeyPath, sentence: string] | undefined {
  if (v.is(entrySchema, entry)) return undefined;
  if (!isMap(entry)) return [[], "a package is a source, or has the key 'source'"];
  const unknown = unknownKey(entry, keys.entry);
  if (unknown !== undefined) return [[unknown.key], unknown.sentence];
  if (!v.is(text, entry["source"])) return ["source" in entry ? ["source"] : [], "'source' is to name a file, a checkout or an address"];
  if (entry["name"] !== undefined && !v.is(text, entry["name"])) return [["name"], "'name' is to be a text"];
  if (Array.isArray(entry["chroots"]) && entry["chroots"].length === 0) return [["chroots"], "'chroots' names none: leave it out for all"];
  const list = ["chroots", "after"].find((key) => entry[key] !== undefined && !v.is(v.array(text), entry[key]));
  return list === undefined ? [["name"], "'name' holds characters that no package has"] : [[list], `'${list}' is to be a list of names`];
}

function unknownKey(map: Record<string, unknown>, known: readonly string[]): { key: string; sentence: string } | undefined {
  const key = Object.keys(map).find((one) => !known.includes(one));
  if (key === undefined) return undefined;
  const [nearest] = nearestWords(key, known, 1);
  const advice = nearest === undefined ? `known are ${known.map((one) => `'${one}'`).join(", ")}` : `did you mean '${nearest}'?`;
  return { key, sentence: `there is no key '${key}'; ${advice}` };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where the last key of a path stands, which is nearer to the mistake than its value. */
function keyRange(document: Document, at: KeyPath): number | undefined {
  const key = at.at(-1);
  if (typeof key !== "string") return undefined;
  const map = (at.length === 1 ? document.contents : document.getIn(at.slice(0, -1), true)) as {
    items?: { key?: { value?: unknown; range?: [number, number, number] } }[];
  } | null;
  return map?.items?.find((pair) => pair.key?.value === key)?.key?.range?.[0];
}
