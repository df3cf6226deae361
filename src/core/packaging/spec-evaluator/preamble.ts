import { type Budget, createBudget } from "./budget.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import { createExpander } from "./expander.ts";
import { isTrueExpression } from "./expression.ts";
import { createMacroTable, type MacroDefinition, type MacroTable } from "./macro-table.ts";
import { SpecError } from "./spec-error.ts";
import { createTagList, identityTags, type PreambleTags, readTag, type TagList } from "./tags.ts";
import { dependsOnUnknown, doubtfulMacro, isHalfUnderstood, OPTIONAL } from "./unknown.ts";

export interface Surroundings {
  /** Macros that are defined before the spec file is read. */
  macros: Iterable<readonly [name: string, definition: MacroDefinition | string]>;
  /** Machine to decide `%ifarch` for, e.g. `x86_64`. */
  architecture: string;
  /** What the evaluation may cost. */
  budget?: Budget;
}

/**
 * Reads the main package's preamble from the logical lines of a spec file without running anything of it. rpm's own parser would execute
 * what a stranger wrote (`%( )`, `%{lua: }`). What depends on that, or on a condition that can't be decided, is not
 * understood: see PreambleTags. Throws SpecError, and nothing else, for a spec file that can't be read so.
 */
export function readPreamble(lines: readonly string[], { macros, architecture, budget = createBudget() }: Surroundings): PreambleTags {
  const table = createMacroTable([["nil", ""], ["verbose", "0"], ...macros]);
  const tags = createTagList();
  const expand = createExpander(table, { budget, noteOptional: (text) => noteOptional(text, { table, tags }) });
  const conditions = createConditions((keyword, text, isDoubtful) => decide(keyword, expand(text, isDoubtful), architecture));

  for (const line of lines) {
    budget.charge(line.length);
    if (conditions.read(line) || conditions.state === "does not count") continue;
    const text = expand(line, conditions.state === "in doubt");
    if (!readExpanded(text, { conditions, table, tags })) return tags.collected;
  }
  if (!conditions.isOutside) throw new SpecError("The spec file has an %if without %endif");
  return tags.collected;
}

/** Where the preamble ends. */
const section =
  /^\s*%(package|description|prep|generate_buildrequires|conf|build|install|check|clean|pre|post|preun|postun|pretrans|posttrans|preuntrans|postuntrans|(file|transfile)?trigger\w*|verify(script)?|sepolicy|files|changelog|sourcelist|patchlist|end)(?=\s|$)/i;

function decide(keyword: string, text: string, architecture: string): boolean | undefined {
  if (keyword === "if") return isTrueExpression(text);
  const wanted = keyword.endsWith("arch") ? architecture : "linux";
  const isNamed = text.trim().split(/\s+/).includes(wanted);
  if (!isNamed && isHalfUnderstood(text)) return undefined;
  return isNamed !== keyword.startsWith("ifn");
}

interface Reader {
  conditions: Conditions;
  table: MacroTable;
  tags: TagList;
}

/** A macro may have brought several lines, with conditions of their own. False at the end of the preamble. */
function readExpanded(text: string, { conditions, table, tags }: Reader): boolean {
  for (const line of text.split("\n")) {
    if (conditions.read(line) || conditions.state === "does not count") continue;
    const isSection = line.includes("%") && section.test(line);
    if (isSection && conditions.state === "counts") return false;
    if (!isSection) readLine(line, { table, tags, isDoubtful: conditions.state === "in doubt" });
  }
  return true;
}

interface LineReader extends Pick<Reader, "table" | "tags"> {
  /** The line may count or not. */
  isDoubtful: boolean;
}

function readLine(line: string, reader: LineReader): void {
  const { table, tags, isDoubtful } = reader;
  const tag = readTag(line);
  if (!tag) return isUnderstood(line) ? undefined : doubtEverything(reader);
  if (isDoubtful) tags.doubt(tag.name);
  else tags.add(tag.name, tag.value);
  if (!identityTags.has(tag.name)) return;
  const definition = isDoubtful ? doubtfulMacro : { body: tag.value, parameters: undefined };
  for (const name of [tag.name, tag.name.toUpperCase()]) table.define(name, definition);
}

/** A line without a tag: empty, a comment, or nothing but texts that were noted. */
function isUnderstood(line: string): boolean {
  const text = line.replaceAll(OPTIONAL, "").trim();
  return text === "" || text.startsWith("#") || !(dependsOnUnknown(text) || text.length < line.trim().length);
}

/** A line that is not understood may be any tag, or several, and may come from what defines macros. */
function doubtEverything({ table, tags }: LineReader): void {
  tags.doubtAll();
  table.doubtUndefined();
}

/** Lines that are perhaps there, as from `%{?unsure:Epoch: 1}`. */
function noteOptional(text: string, reader: Omit<LineReader, "isDoubtful">): boolean {
  const lines = text.split("\n");
  if (!lines.every((line) => readTag(line) || isUnderstood(line))) return false;
  for (const line of lines) readLine(line, { ...reader, isDoubtful: true });
  return true;
}
