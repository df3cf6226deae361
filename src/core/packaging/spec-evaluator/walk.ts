import { type Budget, createBudget } from "./budget.ts";
import { createConditions } from "./conditions.ts";
import { createExpander } from "./expander.ts";
import { isTrueExpression } from "./expression.ts";
import { createMacroTable, type MacroDefinition, type MacroTable } from "./macro-table.ts";
import { SpecError } from "./spec-error.ts";
import { isHalfUnderstood } from "./unknown.ts";

export interface Surroundings {
  /** Macros that are defined before the spec file is read. */
  macros: Iterable<readonly [name: string, definition: MacroDefinition | string]>;
  /** Machine to decide `%ifarch` for, e.g. `x86_64`. */
  architecture: string;
  /** What the evaluation may cost. */
  budget?: Budget;
}

/** Who reads the lines of a spec file. */
export interface LineVisitor {
  /** Takes a line that counts, or may count, its macros expanded. False ends the reading. */
  line(line: string, isDoubtful: boolean): boolean;
  /** Takes lines that are perhaps there, as from `%{?unsure:Epoch: 1}`. False if it can't be told what they would do. */
  optional(text: string): boolean;
}

/**
 * Goes through the logical lines of a spec file without running anything of it: rpm's own parser would execute what a stranger
 * wrote (`%( )`, `%{lua: }`). Throws SpecError, and nothing else, for a spec file that can't be read so.
 */
export function walkSpec(
  lines: readonly string[],
  { macros, architecture, budget = createBudget() }: Surroundings,
  visitorOf: (table: MacroTable) => LineVisitor,
): void {
  const table = createMacroTable([["nil", ""], ["verbose", "0"], ...macros]);
  const visitor = visitorOf(table);
  const expand = createExpander(table, { budget, noteOptional: (text) => visitor.optional(text) });
  const conditions = createConditions((keyword, text, isDoubtful) => decide(keyword, expand(text, isDoubtful), architecture));

  const isSkipped = (line: string): boolean => conditions.read(line) || conditions.state === "does not count";
  for (const joined of lines) {
    budget.charge(joined.length);
    const line = conditions.state === "does not count" ? untilItCounts(joined, isSkipped) : joined;
    if (line === undefined || isSkipped(line)) continue;
    const text = expand(line, conditions.state === "in doubt");
    // A macro may have brought several lines, with conditions of their own.
    for (const part of text.split("\n")) {
      if (isSkipped(part)) continue;
      if (!visitor.line(part, conditions.state === "in doubt")) return;
    }
  }
  if (!conditions.isOutside) throw new SpecError("The spec file has an %if without %endif");
}

/** Where lines do not count rpm joins none, so that a condition may end in any of them. What is left of it when they count again. */
function untilItCounts(joined: string, isSkipped: (line: string) => boolean): string | undefined {
  const lines = joined.split("\n");
  const first = lines.findIndex((line) => !isSkipped(line));
  return first < 0 ? undefined : lines.slice(first).join("\n");
}

/** A line that begins a section, which ends the preamble; its first group is the name. */
export const section =
  /^\s*%(package|description|prep|generate_buildrequires|conf|build|install|check|clean|pre|post|preun|postun|pretrans|posttrans|preuntrans|postuntrans|(?:file|transfile)?trigger\w*|verify(?:script)?|sepolicy|files|changelog|sourcelist|patchlist|end)(?=\s|$)/i;

function decide(keyword: string, text: string, architecture: string): boolean | undefined {
  if (keyword === "if") return isTrueExpression(text);
  const wanted = keyword.endsWith("arch") ? architecture : "linux";
  const isNamed = text.trim().split(/\s+/).includes(wanted);
  if (!isNamed && isHalfUnderstood(text)) return undefined;
  return isNamed !== keyword.startsWith("ifn");
}
