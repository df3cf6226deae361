import { findClosing } from "./brackets.ts";
import { SpecError } from "./spec-error.ts";
import { isHalfUnderstood } from "./unknown.ts";

/**
 * What the preamble of a spec file says. Lists are sorted, without doubles, and hold plain words only. What is only half
 * understood is not said: a part of a list of where a package may be built would be a stricter limit than the whole.
 */
export interface PreambleTags {
  /** Undefined when it is not understood, or not there. */
  name: string | undefined;
  version: string | undefined;
  release: string | undefined;
  /** Null when there is none, undefined when it is not understood. */
  epoch: string | null | undefined;
  /** Undefined when it is not understood. */
  buildArchs: string[] | undefined;
  /** Undefined when it is not understood. */
  exclusiveArchs: string[] | undefined;
  /** What is sure: each further word would only exclude more. */
  excludeArchs: string[];
}

/** A line such as `BuildArch: noarch`; the name in small letters. */
export function readTag(line: string): { name: string; value: string } | undefined {
  const colon = line.indexOf(":");
  // The longest tag has 27 letters, and the language of a summary is as short.
  if (colon < 0 || colon > 100) return undefined;
  const name = /^\s*([A-Za-z]\w*)(\([^)]*\))?\s*$/.exec(line.slice(0, colon))?.[1];
  return name === undefined ? undefined : { name: name.toLowerCase(), value: line.slice(colon + 1).trim() };
}

/** Collects tags. */
export interface TagList {
  add(name: string, value: string): void;
  /** The tag may be there or not, with a value that is not known. */
  doubt(name: string): void;
  /** The same for all tags. */
  doubtAll(): void;
  readonly collected: PreambleTags;
}

export function createTagList(): TagList {
  const words = { buildArchs: new Set<string>(), exclusiveArchs: new Set<string>(), excludeArchs: new Set<string>() };
  const doubtful = new Set<string>();
  const identity = new Map<string, string>();
  const list = (name: "buildArchs" | "exclusiveArchs"): string[] | undefined => (doubtful.has(name) ? undefined : [...words[name]].sort());
  const value = (name: string): string | undefined => (doubtful.has(name) ? undefined : identity.get(name));
  const doubt = (name: string): void => {
    // rpm takes no second name, so one that is there is sure.
    if (!identity.has(name)) doubtful.add(listOfTag.get(name) ?? name);
  };
  return {
    add(name, text) {
      const list = listOfTag.get(name);
      if (list && !addWords(words[list], text)) doubtful.add(list);
      if (!identityTags.has(name) || identity.has(name)) return;
      identity.set(name, text);
      if (isHalfUnderstood(text)) doubtful.add(name);
    },
    doubt,
    doubtAll: () => [...listOfTag.keys(), ...identityTags].forEach(doubt),
    get collected() {
      return {
        name: value("name"),
        version: value("version"),
        release: value("release"),
        epoch: doubtful.has("epoch") ? undefined : (identity.get("epoch") ?? null),
        buildArchs: list("buildArchs"),
        exclusiveArchs: list("exclusiveArchs"),
        excludeArchs: [...words.excludeArchs].sort(),
      };
    },
  };
}

/** Tags that say what a package is. */
export const identityTags: ReadonlySet<string> = new Set(["name", "version", "release", "epoch"]);

const listOfTag: ReadonlyMap<string, "buildArchs" | "exclusiveArchs" | "excludeArchs"> = new Map([
  ["buildarch", "buildArchs"],
  ["buildarchitectures", "buildArchs"],
  ["exclusivearch", "exclusiveArchs"],
  ["excludearch", "excludeArchs"],
]);

/** There are about a hundred architectures. */
const MAX_WORDS = 1000;

/** Adds the words that can be an architecture, without their quotes. False if one is something else. */
function addWords(list: Set<string>, value: string): boolean {
  const words = shortenMacros(value).split(/\s+/);
  const plain = words.map((word) => /^(["']?)(\w[\w.,+~-]{0,63})\1$/.exec(word)?.[2]);
  for (const word of plain) if (word !== undefined) list.add(word);
  if (list.size > MAX_WORDS) throw new SpecError("The spec file names too many architectures");
  return words.every((word, index) => word === "" || plain[index] !== undefined);
}

/** Leaves a bare `%` of each macro that was not expanded: what is in its braces is no list of words. */
function shortenMacros(value: string): string {
  let output = "";
  let from = 0;
  for (let percent = value.indexOf("%"); percent >= 0; percent = value.indexOf("%", from)) {
    const isBraced = value[percent + 1] === "{" || value[percent + 1] === "[";
    const close = isBraced ? findClosing(value, percent + 1) : percent;
    output += value.slice(from, percent + 1);
    from = close < 0 ? value.length : close + 1;
  }
  return output + value.slice(from);
}
