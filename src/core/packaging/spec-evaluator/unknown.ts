/**
 * Stands in an expanded text for what nobody knows here: the output of a program or of Lua, which are not run, and what
 * depends on it. Spec files are read byte by byte, so it is in none of them.
 */
export const UNKNOWN = "\ue000";

/** Stands for a text that may be there or not, and of which is known what it would do as lines: see Scope. */
export const OPTIONAL = "\ue001";

/** Whether a text may have had another value: part of it is unknown, or a macro in it is. */
export function isHalfUnderstood(text: string): boolean {
  return text.includes("%") || hasUnknown(text);
}

/** The same for a text in which a lone `%` is only a sign. */
export function dependsOnUnknown(text: string): boolean {
  return hasUnknown(text) || unexpandedMacro.test(text);
}

function hasUnknown(text: string): boolean {
  return text.includes(UNKNOWN) || text.includes(OPTIONAL);
}

const unexpandedMacro = /%[\w{([?!*#-]/;
