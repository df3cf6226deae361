import type { Budget } from "./budget.ts";
import { doubtfulMacro, type MacroDefinition, type MacroTable } from "./macro-table.ts";

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
  /** Whether what is expanded counts may not be told: what it defines is in doubt then, and so is what it undefines. */
  isDoubtful: boolean;
  /** Is told of a text that may be there or not, in place of which comes OPTIONAL. False if it can't be told what it would do. */
  readonly noteOptional: (text: string) => boolean;
  /** Gives the text with its macros expanded. */
  expand(text: string): string;
}

/** What a macro with parameters was called with. */
export interface Frame {
  /** `%1`, `%*`, `%#`, `%-a`, `%-a*` …: value. */
  readonly values: ReadonlyMap<string, string>;
  /** What `%define` made meanwhile; it ends with the call. */
  /** An unknown word may have been several, or an option: what the others are can't be told. */
  readonly isDoubtful: boolean;
  readonly locals: { name: string; definition: MacroDefinition }[];
}

/** Does what may or may not be done. */
export function doubtfully<T>(scope: Scope, act: () => T): T {
  const before = scope.isDoubtful;
  scope.isDoubtful = true;
  const result = act();
  scope.isDoubtful = before;
  return result;
}

/** Defines a macro for all that is known; gives what is to be undefined in the end. */
export function defineIn({ macros, isDoubtful }: Scope, name: string, definition: MacroDefinition): MacroDefinition {
  const kept = isDoubtful ? doubtfulMacro : definition;
  macros.define(name, kept);
  return kept;
}

/** Whether a macro is defined; undefined where it is in doubt. */
export function isDefinedIn({ macros }: Scope, name: string): boolean | undefined {
  return macros.isDoubtful(name) ? undefined : macros.find(name) !== undefined;
}

/** A macro that rpm itself provides. */
export interface Builtin {
  /** Value for the argument, which is not expanded yet; undefined leaves the macro as it is. */
  expand?: (scope: Scope, argument: string) => string | undefined;
  /** For `%define` and its like: acts on the text behind the name and tells where it ends. */
  statement?: (scope: Scope, text: string, from: number) => number;
}
