import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit, type Document } from "yaml";
import * as v from "valibot";
import type { ProjectFile } from "./project-file.ts";
import { ProjectFileError } from "./project-file-error.ts";
import { projectFileSchema } from "./schema.ts";

/** A project file with its document, in which comments are. */
export interface ParsedFile {
  file: ProjectFile;
  document: Document.Parsed;
}

/** Largest accepted file, bytes. */
const MAX_BYTES = 8 * 1024 ** 2;
/** How many of a file's faults are told. */
const MAX_FAULTS = 10;
/** How often all aliases of a file may be followed: one that multiplies itself is none that somebody wrote. */
const MAX_ALIASES = 1000;

/**
 * Reads a project file: YAML, or JSON, which is YAML. Throws ProjectFileError.
 *
 * @param name what the file is called in errors
 */
export function parseProjectFile(content: string | Uint8Array, name: string): ParsedFile {
  const text = decode(content, name);
  const lines = new LineCounter();
  refuseOddCharacters(text, name);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, version: "1.2" });
  const fail = new Faults(name, lines);
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) fail.add(pos[0], wordingOf(code, message));
  fail.end();
  refuseAliases(document, fail);
  const result = v.safeParse(projectFileSchema, contentOf(document, fail));
  if (result.success) return { file: result.output, document };
  for (const issue of result.issues) fail.add(offsetOf(document, issue), sentenceOf(issue));
  fail.end();
  throw new Error("a file is wrong, and nothing says why");
}

function decode(content: string | Uint8Array, name: string): string {
  if (Buffer.byteLength(content) > MAX_BYTES) throw new ProjectFileError(`${name} is larger than ${MAX_BYTES} bytes`);
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw new ProjectFileError(`${name} is not written in UTF-8`, { cause });
  }
}

/** What is wrong with a file, and where. */
class Faults {
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #found: { at: number; sentence: string }[] = [];

  constructor(name: string, lines: LineCounter) {
    this.#name = name;
    this.#lines = lines;
  }

  add(at: number, sentence: string): void {
    this.#found.push({ at, sentence });
  }

  /** Throws if there are any. */
  end(): void {
    if (this.#found.length === 0) return;
    const told = this.#found.toSorted((one, other) => one.at - other.at).slice(0, MAX_FAULTS);
    const sentences = told.map(({ at, sentence }) => {
      const { line, col } = this.#lines.linePos(at);
      return `${this.#name}:${line || 1}:${col || 1}: ${sentence}`;
    });
    const more = this.#found.length - told.length;
    throw new ProjectFileError([...sentences, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n"));
  }
}

/** YAML's own rule, which its reader does not enforce. */
function refuseOddCharacters(text: string, name: string): void {
  // What else is unusual may stand in quotes.
  // oxlint-disable-next-line no-control-regex
  const at = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\p{Cs}]/u);
  if (at < 0) return;
  const before = text.slice(0, at).split(/\r?\n/);
  const code = (text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, "0");
  throw new ProjectFileError(`${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: the character U+${code} must not be in a file`);
}

function wordingOf(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "there must be one document, and here begins another";
  // A group's name begins so.
  if (message.endsWith("reserved character @")) return "a text that begins with '@' needs quotes";
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Aliases that lead nowhere, or to what they are in. */
function refuseAliases(document: Document.Parsed, fail: Faults): void {
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      const at = alias.range?.[0] ?? 0;
      if (target === undefined) fail.add(at, `there is no anchor '${alias.source}' before this`);
      else if (path.includes(target)) fail.add(at, `'${alias.source}' would be in itself`);
    },
  });
  fail.end();
}

function contentOf(document: Document.Parsed, fail: Faults): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    fail.add(0, "its aliases multiply one another beyond measure");
    return fail.end();
  }
}

/** Where the thing is that an issue is about: the key that is unknown, the mapping that lacks one, else the value. */
function offsetOf(document: Document.Parsed, issue: v.BaseIssue<unknown>): number {
  const path: readonly v.IssuePathItem[] = issue.path ?? [];
  let node: Node | null = document.contents;
  let at = node?.range?.[0] ?? 0;
  for (const [index, { key }] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const found: unknown = isMap(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) : undefined;
    if (isPair(found)) {
      const pair = found as Pair<Node, Node | null>;
      const isKey = index === path.length - 1 && (path[index]?.origin === "key" || !isHere(pair.value));
      if (isKey) return pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node) && typeof key === "number") node = (node.items[key] ?? null) as Node | null;
    else return at;
    at = node?.range?.[0] ?? at;
  }
  return at;
}

function isHere(value: Node | null): value is Node {
  return value?.range !== undefined && value.range !== null && value.range[0] < value.range[1];
}

function sentenceOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  // The sentences about keys name them.
  if (/^unknown key|is missing/.test(issue.message)) return issue.message;
  const isKey = issue.path?.at(-1)?.origin === "key";
  return isKey ? `'${path.at(-1)}' ${issue.message}` : `${path.length === 0 ? "the file" : path.join("/")} ${issue.message}`;
}
