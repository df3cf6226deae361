import type { MacroDefinition } from "./macro-table.ts";

/**
 * Stands in an expanded text for what nobody knows here: the output of a program or of Lua, which are not run, and what
 * depends on it. Spec files are read byte by byte, so it is in none of them.
 */
export const UNKNOWN = "\ue000";

/** Whether a text may have had another value: part of it is unknown, or a macro in it is. */
export function isHalfUnderstood(text: string): boolean {
  return text.includes("%") || text.includes(UNKNOWN);
}

/** A macro that may be defined or not, as something else perhaps: a condition that can't be decided stands before it. */
export const doubtfulMacro: MacroDefinition = { body: UNKNOWN, parameters: undefined };
