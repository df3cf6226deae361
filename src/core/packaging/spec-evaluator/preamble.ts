import { type Budget, createBudget } from "./budget.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import { createExpander } from "./expander.ts";
import { isTrueExpression } from "./expression.ts";
import { createMacroTable, type MacroDefinition, type MacroTable } from "./macro-table.ts";
import { SpecError } from "./spec-error.ts";
import { createTagList, identityTags, type PreambleTags, readTag, type TagList } from "./tags.ts";
import { doubtfulMacro, isHalfUnderstood } from "./unknown.ts";

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
  const expand = createExpander(table, budget);
  const tags = createTagList();
  const conditions = createConditions((keyword, text) => decide(keyword, expand(text), architecture));

  for (const line of lines) {
    budget.charge(line.length);
    if (conditions.read(line) || conditions.state === "does not count") continue;
    if (conditions.state === "in doubt") doubt(line, { table, tags });
    else if (!readExpanded(expand(line), { conditions, table, tags })) return tags.collected;
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

/** A line that may count or not: what it would define or say is not known from here on. */
function doubt(line: string, { table, tags }: Pick<Reader, "table" | "tags">): void {
  for (const [, name = ""] of line.matchAll(/%\{?(?:define|global|undefine)\s+(\w+)/g)) table.define(name, doubtfulMacro);
  for (const [, name = ""] of line.matchAll(/%\{?bcond(?:_with|_without)?\s+(\w+)/g)) table.define(`with_${name}`, doubtfulMacro);
  const tag = readTag(line);
  if (!tag) return;
  tags.doubt(tag.name);
  if (identityTags.has(tag.name)) for (const name of [tag.name, tag.name.toUpperCase()]) table.define(name, doubtfulMacro);
}

/** A macro may have brought several lines, with conditions of their own. False at the end of the preamble. */
function readExpanded(text: string, { conditions, table, tags }: Reader): boolean {
  for (const line of text.split("\n")) {
    if (conditions.read(line) || conditions.state === "does not count") continue;
    if (conditions.state === "in doubt") {
      doubt(line, { table, tags });
      continue;
    }
    if (line.includes("%") && section.test(line)) return false;
    const tag = readTag(line);
    if (!tag) continue;
    tags.add(tag.name, tag.value);
    if (identityTags.has(tag.name))
      for (const name of [tag.name, tag.name.toUpperCase()]) table.define(name, { body: tag.value, parameters: undefined });
  }
  return true;
}
