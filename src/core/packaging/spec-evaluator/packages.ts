import type { MacroTable } from "./macro-table.ts";
import { defineIdentity, isUnderstood } from "./preamble.ts";
import { SpecError } from "./spec-error.ts";
import { createTagList, type PreambleTags, readTag, type TagList } from "./tags.ts";
import { isHalfUnderstood } from "./unknown.ts";
import { type LineVisitor, section, type Surroundings, walkSpec } from "./walk.ts";

/** A package that a spec file makes. */
export interface BinaryPackage {
  name: string;
  /** What its `Provides` say, each with its version: `foo = 1.0`. */
  provides: string[];
  /** Paths of its `%files`, as far as they are understood; globs are in them as they stand. */
  files: string[];
}

/** What a spec file needs to be built, and what it makes. */
export interface SpecPackages extends Pick<PreambleTags, "name" | "version" | "release" | "epoch"> {
  /** Texts of `BuildRequires` that count. */
  buildRequires: string[];
  /** The same of those that may count or not. */
  perhapsRequires: string[];
  packages: BinaryPackage[];
  /** False if more packages, or more requirements, may be made by what is not understood. */
  isComplete: boolean;
}

/**
 * Reads all of a spec file that tells of requirements and packages, running nothing of it. One that can't be read to its end is
 * not complete.
 */
export function readSpecPackages(lines: readonly string[], surroundings: Surroundings): SpecPackages {
  let reader: PackageReader | undefined;
  try {
    walkSpec(lines, surroundings, (table) => (reader = new PackageReader(table)));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { ...(reader as PackageReader).result, isComplete: false };
  }
  return (reader as PackageReader).result;
}

/** A package as it is read. */
interface OpenPackage extends BinaryPackage {
  /** rpm makes only those that have a list of files. */
  hasFiles: boolean;
}

const needs = new Set(["buildrequires", "buildprereq"]);

class PackageReader implements LineVisitor {
  readonly #table: MacroTable;
  readonly #tags: TagList = createTagList();
  readonly #requires: string[] = [];
  readonly #perhapsRequires: string[] = [];
  readonly #main: OpenPackage = { name: "", provides: [], files: [], hasFiles: false };
  readonly #others = new Map<string, OpenPackage>();
  #section: "tags" | "files" | "other" = "tags";
  /** The package that is read just now. */
  #current = this.#main;
  #isComplete = true;

  constructor(table: MacroTable) {
    this.#table = table;
  }

  get result(): SpecPackages {
    const { name, version, release, epoch } = this.#tags.collected;
    const all = [{ ...this.#main, name: name ?? "" }, ...this.#others.values()];
    const made = all.filter((one) => one.name !== "" && (one.hasFiles || !this.#isComplete));
    return {
      name,
      version,
      release,
      epoch,
      buildRequires: this.#requires,
      perhapsRequires: this.#perhapsRequires,
      packages: made.map(({ name, provides, files }) => ({ name, provides, files })),
      isComplete: this.#isComplete,
    };
  }

  line(line: string, isDoubtful: boolean): boolean {
    const [start, keyword = ""] = (line.includes("%") ? section.exec(line) : undefined) ?? [];
    if (start !== undefined) this.#open(keyword.toLowerCase(), line.slice(start.length));
    else if (this.#section === "tags") this.#readTags(line, isDoubtful);
    else if (this.#section === "files") this.#readFile(line);
    return true;
  }

  optional(text: string): boolean {
    const lines = text.split("\n");
    if (this.#section !== "tags" || !lines.every((line) => readTag(line) || isUnderstood(line))) return false;
    for (const line of lines) this.#readTags(line, true);
    return true;
  }

  #open(keyword: string, words: string): void {
    this.#section = keyword === "package" ? "tags" : keyword === "files" ? "files" : "other";
    if (this.#section === "other") return;
    const found = this.#packageOf(words);
    if (found === undefined) {
      this.#section = "other";
      this.#isComplete = false;
      return;
    }
    this.#current = found;
    if (this.#section === "files") found.hasFiles = true;
  }

  /** `-n name`, or what goes behind the main package's name. Undefined when that is not understood. */
  #packageOf(words: string): OpenPackage | undefined {
    const plain = words.replace(/(^|\s)-f\s+\S+/g, " ").trim();
    if (plain === "") return this.#main;
    if (isHalfUnderstood(plain)) return undefined;
    const [first = "", second] = plain.split(/\s+/);
    const main = this.#tags.collected.name;
    const name = first === "-n" ? second : main === undefined ? undefined : `${main}-${first}`;
    if (name === undefined) return undefined;
    const known = name === main ? this.#main : this.#others.get(name);
    const found = known ?? { name, provides: [], files: [], hasFiles: false };
    if (known === undefined) this.#others.set(name, found);
    return found;
  }

  #readTags(line: string, isDoubtful: boolean): void {
    const tag = readTag(line);
    if (tag === undefined) {
      this.#isComplete &&= isUnderstood(line);
      return;
    }
    if (needs.has(tag.name)) this.#addRequirement(tag.value, isDoubtful);
    else if (tag.name === "provides" && !isHalfUnderstood(tag.value)) this.#current.provides.push(...splitList(tag.value));
    if (this.#current !== this.#main) return;
    if (isDoubtful) this.#tags.doubt(tag.name);
    else this.#tags.add(tag.name, tag.value);
    defineIdentity(this.#table, tag, isDoubtful);
  }

  #addRequirement(text: string, isDoubtful: boolean): void {
    if (isHalfUnderstood(text)) this.#isComplete = false;
    else (isDoubtful ? this.#perhapsRequires : this.#requires).push(text);
  }

  #readFile(line: string): void {
    const path = line.replace(/%\w+(\([^)]*\))?/g, " ").trim();
    if (path.startsWith("/") && !isHalfUnderstood(line.replace(/%(doc|license|dir|config|attr|lang|ghost|verify|defattr|caps)\b/g, ""))) {
      this.#current.files.push(path);
    }
  }
}

/** The parts of a list of capabilities with versions. */
function splitList(text: string): string[] {
  return [...text.matchAll(/([^\s,]+)(?:\s*([<>=]+)\s*([^\s,]+))?/g)].map(([, name, operator, version]) =>
    operator === undefined ? String(name) : `${name} ${operator} ${version}`,
  );
}
