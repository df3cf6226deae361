import { findClosing } from "./brackets.ts";
import { SpecError } from "./spec-error.ts";

/** What the preamble of a spec file says. Lists are sorted, without doubles, and hold plain words only. */
export interface PreambleTags {
  name?: string;
  version?: string;
  release?: string;
  epoch?: string;
  buildArchs: string[];
  exclusiveArchs: string[];
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
export function createTagList(): { add(name: string, value: string): void; readonly collected: PreambleTags } {
  const words = { buildArchs: new Set<string>(), exclusiveArchs: new Set<string>(), excludeArchs: new Set<string>() };
  const identity: Partial<Record<"name" | "version" | "release" | "epoch", string>> = {};
  return {
    add(name, value) {
      const list = listOfTag.get(name);
      if (list) addWords(words[list], value);
      else if (name === "name" || name === "version" || name === "release" || name === "epoch") identity[name] ??= value;
    },
    get collected() {
      return {
        ...identity,
        buildArchs: [...words.buildArchs].sort(),
        exclusiveArchs: [...words.exclusiveArchs].sort(),
        excludeArchs: [...words.excludeArchs].sort(),
      };
    },
  };
}

const listOfTag: ReadonlyMap<string, "buildArchs" | "exclusiveArchs" | "excludeArchs"> = new Map([
  ["buildarch", "buildArchs"],
  ["buildarchitectures", "buildArchs"],
  ["exclusivearch", "exclusiveArchs"],
  ["excludearch", "excludeArchs"],
]);

/** There are about a hundred architectures. */
const MAX_WORDS = 1000;

/** A word with a macro that nobody knows says nothing; so it is left out, like one that can't be an architecture. */
function addWords(list: Set<string>, value: string): void {
  for (const word of shortenMacros(value).split(/\s+/)) if (/^\w[\w.,+~-]{0,63}$/.test(word)) list.add(word);
  if (list.size > MAX_WORDS) throw new SpecError("The spec file names too many architectures");
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
