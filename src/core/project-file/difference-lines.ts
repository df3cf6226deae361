import { Document, isMap } from "yaml";
import type { Change } from "./change.ts";
import { quoteOddTexts, yamlStyle } from "./write-file.ts";

/** A line of a difference, as `git diff` has them: `@` begins a part, `?` is a value that nobody could compare. */
export interface DifferenceLine {
  sign: "@" | "-" | "+" | "?" | " " | "!";
  text: string;
}

/** Lines around a change inside a long text. */
const CONTEXT = 2;

/** The changes of a plan for people: values as YAML, the old ones and the new ones. */
export function differenceLines(changes: readonly Change[]): DifferenceLine[] {
  let part: string | undefined;
  return changes.flatMap((change) => {
    const lines = linesOf(change);
    const own = change.path.includes("/") ? change.path.slice(0, change.path.lastIndexOf("/")) : change.path;
    const head: DifferenceLine[] = own === part ? [] : [{ sign: "@", text: own }];
    part = own;
    return [...head, ...lines, ...(change.obstacle === null ? [] : [{ sign: "!" as const, text: change.obstacle }])];
  });
}

function linesOf({ path, action, old, new: wanted }: Change): DifferenceLine[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (action === "create") return signed("+", name === path ? yamlLines({ settings: wanted }) : yamlLines({ [name]: wanted }));
  if (action === "delete") return signed("-", yamlLines({ [name]: old }));
  if (action === "set") return signed("?", yamlLines({ [name]: wanted }));
  return changed(yamlLines({ [name]: old }), yamlLines({ [name]: wanted }));
}

/** What differs of two texts, with what stands around it. */
function changed(old: readonly string[], wanted: readonly string[]): DifferenceLine[] {
  const shorter = Math.min(old.length, wanted.length);
  let before = 0;
  while (before < shorter && old[before] === wanted[before]) before += 1;
  let after = 0;
  while (after < shorter - before && old.at(-1 - after) === wanted.at(-1 - after)) after += 1;
  const context = old.slice(Math.max(0, before - CONTEXT), before);
  const isCut = before > CONTEXT;
  return [
    ...signed(" ", isCut ? [old[0] as string, ...(before > CONTEXT + 1 ? ["  …"] : []), ...context] : context),
    ...signed("-", old.slice(before, old.length - after)),
    ...signed("+", wanted.slice(before, wanted.length - after)),
    ...signed(" ", old.slice(old.length - after, old.length - after + CONTEXT)),
  ];
}

function signed(sign: DifferenceLine["sign"], lines: readonly string[]): DifferenceLine[] {
  return lines.map((text) => ({ sign, text }));
}

function yamlLines(value: Readonly<Record<string, unknown>>): string[] {
  const document = new Document(value, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  quoteOddTexts(document.contents);
  if (isMap(document.contents)) document.contents.flow = false;
  return document.toString(yamlStyle).replace(/\n$/, "").split("\n");
}
