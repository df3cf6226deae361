import { type Document, LineCounter, parseDocument, visit } from "yaml";

/** A file in YAML that a person has written. */
export interface YamlFile {
  /** With its comments. */
  document: Document.Parsed;
  value: unknown;
  /** Takes what else is wrong with it. */
  faults: Faults;
}

/** How a file is refused: all that is wrong with it, a line for each thing. */
export type Refusal = (message: string, options?: ErrorOptions) => Error;

/** Largest accepted file, bytes. */
export const maxYamlBytes = 8 * 1024 ** 2;
/** How many of a file's faults are told. */
const MAX_FAULTS = 10;
/** How often all aliases of a file may be followed: one that multiplies itself is none that somebody wrote. */
const MAX_ALIASES = 1000;

/**
 * Reads YAML, or JSON, which is YAML: one document, of which nothing is odd that YAML's reader would only warn of or break at.
 * Throws what `refuse` makes of its faults.
 *
 * @param name what the file is called in errors
 */
export function readYaml(content: string | Uint8Array, name: string, refuse: Refusal): YamlFile {
  const text = decode(content, name, refuse);
  const lines = new LineCounter();
  refuseOddCharacters(text, name, refuse);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, version: "1.2" });
  const faults = new Faults(name, lines, refuse);
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) faults.add(pos[0], wordingOf(code, message));
  faults.end();
  refuseAliases(document, faults);
  return { document, value: contentOf(document, faults), faults };
}

function decode(content: string | Uint8Array, name: string, refuse: Refusal): string {
  if (Buffer.byteLength(content) > maxYamlBytes) throw refuse(`${name} is larger than ${maxYamlBytes} bytes`);
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw refuse(`${name} is not written in UTF-8`, { cause });
  }
}

/** What is wrong with a file, and where. */
class Faults {
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #refuse: Refusal;
  readonly #found: { at: number; sentence: string }[] = [];

  constructor(name: string, lines: LineCounter, refuse: Refusal) {
    this.#name = name;
    this.#lines = lines;
    this.#refuse = refuse;
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
    throw this.#refuse([...sentences, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n"));
  }
}

/** YAML's own rule, which its reader does not enforce. */
function refuseOddCharacters(text: string, name: string, refuse: Refusal): void {
  // What else is unusual may stand in quotes.
  // oxlint-disable-next-line no-control-regex
  const at = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\p{Cs}]/u);
  if (at < 0) return;
  const before = text.slice(0, at).split(/\r?\n/);
  const code = (text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, "0");
  throw refuse(`${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: the character U+${code} must not be in a file`);
}

function wordingOf(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "there must be one document, and here begins another";
  if (code === "NON_STRING_KEY") return "a key must be a text";
  // A group's name begins so.
  if (message.endsWith("reserved character @")) return "a text that begins with '@' needs quotes";
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Aliases that lead nowhere, or to what they are in. */
function refuseAliases(document: Document.Parsed, faults: Faults): void {
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      const at = alias.range?.[0] ?? 0;
      if (target === undefined) faults.add(at, `there is no anchor '${alias.source}' before this`);
      else if (path.includes(target)) faults.add(at, `'${alias.source}' would be in itself`);
    },
  });
  faults.end();
}

function contentOf(document: Document.Parsed, faults: Faults): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    faults.add(0, "its aliases multiply one another beyond measure");
    return faults.end();
  }
}
