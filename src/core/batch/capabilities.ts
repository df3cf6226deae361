import { compareVersions } from "../packaging/spec-evaluator/version-order.ts";
import { likelyNames } from "./likely-names.ts";
import { parseRequirements, type PlainRequirement, type Requirement } from "./requirement.ts";

/** What a package of a set is known to provide. */
export interface Provider {
  /** Capabilities, as rpm writes them: `foo`, `foo = 1.0-1`. */
  provides: readonly string[];
  /** Paths and globs of files. */
  files?: readonly string[];
  /** Name of its source package. */
  sourceName: string;
  /** False if it may make more packages than are known. */
  isComplete: boolean;
}

/** Finds the packages of a set, by their places in it, that satisfy requirements. */
export class Capabilities {
  readonly #known = new Map<string, { place: number; version: string | undefined }[]>();
  readonly #sources = new Map<string, number[]>();
  readonly #isExact: boolean;

  /** @param options.isExact the packages are built, so that all they provide is known */
  constructor(providers: readonly Provider[], { isExact = false }: { isExact?: boolean } = {}) {
    this.#isExact = isExact;
    for (const [place, { provides, files = [], sourceName, isComplete }] of providers.entries()) {
      for (const text of [...provides, ...capabilitiesOfFiles(files)]) this.#add(place, text);
      if (!isComplete) this.#sources.set(sourceName, [...(this.#sources.get(sourceName) ?? []), place]);
    }
  }

  /** The packages that may be what a requirement is about; none where it can only be satisfied from outside the set. */
  of(requirement: Requirement): Set<number> {
    switch (requirement.kind) {
      case "plain":
        return this.#ofPlain(requirement);
      case "with":
        return this.#each(requirement.parts).reduce((all, part) => new Set([...all].filter((place) => part.has(place))));
      case "without":
        return this.#each(requirement.parts).reduce((all, part) => new Set([...all].filter((place) => !part.has(place))));
      case "and":
      case "or":
        return union(this.#each(requirement.parts));
      default:
        return union(this.#each([requirement.wanted, ...(requirement.otherwise === undefined ? [] : [requirement.otherwise])]));
    }
  }

  #each(parts: readonly Requirement[]): Set<number>[] {
    return parts.map((part) => this.of(part));
  }

  #add(place: number, text: string): void {
    for (const provided of parseRequirements(text)) {
      if (provided.kind !== "plain") continue;
      const list = this.#known.get(provided.name) ?? [];
      list.push({ place, version: provided.version });
      this.#known.set(provided.name, list);
    }
  }

  #ofPlain({ name, operator, version }: PlainRequirement): Set<number> {
    const plain = withoutMachine(name);
    const known = this.#known.get(plain);
    if (known) return new Set(known.filter((provided) => isSatisfied(provided.version, operator, version)).map(({ place }) => place));
    if (this.#isExact) return new Set();
    // Only where nobody says that he provides it: what rpm adds when it builds can't be read before.
    for (const likely of likelyNames(plain)) {
      const found = this.#known.get(likely) ?? [];
      if (found.length > 0) return new Set(found.map(({ place }) => place));
    }
    return new Set(this.#sources.get(plain.replace(/-(devel|libs|static|doc|common|data|tools|utils)$/, "")));
  }
}

function union(sets: readonly Set<number>[]): Set<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

/** `foo(x86-64)` is the foo of that machine. */
function withoutMachine(name: string): string {
  return name.replace(/\((x86|aarch|ppc|s390|riscv|armv7hl|loongarch)-(32|64)\)$/, "");
}

/** By rpm's rules: what comes without a release is of any, and what comes without a version is any. */
function isSatisfied(provided: string | undefined, operator: string | undefined, wanted: string | undefined): boolean {
  if (provided === undefined || operator === undefined || wanted === undefined) return true;
  const hasReleases = provided.includes("-") && wanted.includes("-");
  const order = hasReleases ? compareVersions(provided, wanted) : compareVersions(withoutRelease(provided), withoutRelease(wanted));
  return (order < 0 && operator.includes("<")) || (order === 0 && operator.includes("=")) || (order > 0 && operator.includes(">"));
}

function withoutRelease(version: string): string {
  return version.replace(/-[^-]*$/, "");
}

/** What rpm makes of a package's files when it builds it. */
function capabilitiesOfFiles(files: readonly string[]): string[] {
  return files.flatMap((path) => {
    if (/[*?[{]/.test(path)) return [];
    const found = fileCapabilities.flatMap(([pattern, kind]) => {
      const name = pattern.exec(path)?.[1];
      return name === undefined ? [] : [`${kind}(${name})`];
    });
    return [path, ...found];
  });
}

const fileCapabilities: readonly (readonly [path: RegExp, kind: string])[] = [
  [/\/pkgconfig\/([^/]+)\.pc$/, "pkgconfig"],
  [/\/cmake\/(?:[^/]+\/)?([^/]+?)(?:Config|-config)\.cmake$/, "cmake"],
  [/\/cmake\/([^/]+)\/?$/, "cmake"],
];
