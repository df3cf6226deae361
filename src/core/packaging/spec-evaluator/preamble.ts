import { type Budget, createBudget } from "./budget.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import { createExpander } from "./expander.ts";
import { isTrueExpression } from "./expression.ts";
import { createMacroTable, type MacroDefinition, type MacroTable } from "./macro-table.ts";
import { SpecError } from "./spec-error.ts";
import { createTagList, type PreambleTags, readTag } from "./tags.ts";

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
 * what a stranger wrote (`%( )`, `%{lua: }`). What can't be decided – a condition with an unknown macro – counts as
 * false. Throws SpecError, and nothing else, for a spec file that can't be read so.
 */
export function readPreamble(lines: readonly string[], { macros, architecture, budget = createBudget() }: Surroundings): PreambleTags {
  const table = createMacroTable([["nil", ""], ["verbose", "0"], ...macros]);
  const expand = createExpander(table, budget);
  const tags = createTagList();
  const conditions = createConditions((keyword, text) => decide(keyword, expand(text), architecture));

  for (const line of lines) {
    budget.charge(line.length);
    if (conditions.read(line) || !conditions.isActive) continue;
    if (!readExpanded(expand(line), { conditions, table, add: tags.add })) return tags.collected;
  }
  if (!conditions.isOutside) throw new SpecError("The spec file has an %if without %endif");
  return tags.collected;
}

/** Where the preamble ends. */
const section =
  /^\s*%(package|description|prep|generate_buildrequires|conf|build|install|check|clean|pre|post|preun|postun|pretrans|posttrans|preuntrans|postuntrans|(file|transfile)?trigger\w*|verify(script)?|sepolicy|files|changelog|sourcelist|patchlist|end)(?=\s|$)/i;

function decide(keyword: string, text: string, architecture: string): boolean {
  if (keyword === "if") return isTrueExpression(text);
  const wanted = keyword.endsWith("arch") ? architecture : "linux";
  return text.trim().split(/\s+/).includes(wanted) !== keyword.startsWith("ifn");
}

interface Reader {
  conditions: Conditions;
  table: MacroTable;
  add: (name: string, value: string) => void;
}

/** A macro may have brought several lines, with conditions of their own. False at the end of the preamble. */
function readExpanded(text: string, { conditions, table, add }: Reader): boolean {
  for (const line of text.split("\n")) {
    if (conditions.read(line) || !conditions.isActive) continue;
    if (line.includes("%") && section.test(line)) return false;
    const tag = readTag(line);
    if (!tag) continue;
    add(tag.name, tag.value);
    if (identityTags.has(tag.name))
      for (const name of [tag.name, tag.name.toUpperCase()]) table.define(name, { body: tag.value, parameters: undefined });
  }
  return true;
}

/** Tags that the rest of the spec file can use as macros. */
const identityTags = new Set(["name", "version", "release", "epoch"]);
