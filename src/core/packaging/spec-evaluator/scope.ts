import type { Budget } from "./budget.ts";
import type { MacroDefinition, MacroTable } from "./macro-table.ts";

/** Where an expansion stands. */
export interface Scope {
  readonly macros: MacroTable;
  readonly budget: Budget;
  /** How many expansions are under way, one in the other. */
  depth: number;
  /** The innermost call of a macro with parameters. */
  frame: Frame | undefined;
  /** Plain macros that are being expanded: one that names itself would never end. */
  readonly active: Set<MacroDefinition>;
  /** Gives the text with its macros expanded. */
  expand(text: string): string;
}

/** What a macro with parameters was called with. */
export interface Frame {
  /** `%1`, `%*`, `%#`, `%-a`, `%-a*` …: value. */
  readonly values: ReadonlyMap<string, string>;
  /** What `%define` made meanwhile; it ends with the call. */
  readonly locals: { name: string; definition: MacroDefinition }[];
}

/** A macro that rpm itself provides. */
export interface Builtin {
  /** Value for the argument, which is not expanded yet; undefined leaves the macro as it is. */
  expand?: (scope: Scope, argument: string) => string | undefined;
  /** For `%define` and its like: acts on the text behind the name and tells where it ends. */
  statement?: (scope: Scope, text: string, from: number) => number;
}
