import { ExpressionError } from "./spec-error.ts";
import { compareVersions } from "./version-order.ts";

/** What an expression of a spec file yields: a whole number, a string or a version `v"1.2"`. */
export type ExpressionValue = number | string | { version: string };

/** As it stands in the text in place of the expression. */
export function valueText(value: ExpressionValue): string {
  return typeof value === "object" ? value.version : String(value);
}

/** Zero and the empty text are false. */
export function isTrue(value: ExpressionValue): boolean {
  return typeof value === "number" ? value !== 0 : valueText(value) !== "";
}

export const comparisons = {
  "==": (order: number) => order === 0,
  "!=": (order: number) => order !== 0,
  "<=": (order: number) => order <= 0,
  ">=": (order: number) => order >= 0,
  "<": (order: number) => order < 0,
  ">": (order: number) => order > 0,
} as const satisfies Record<string, (order: number) => boolean>;

/** Negative, 0 or positive. */
export function compareValues(left: ExpressionValue, right: ExpressionValue): number {
  requireSameType(left, right);
  if (typeof left === "object") return compareVersions(left.version, valueText(right));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The four operations on numbers, and `+` of strings. */
export function calculate(operator: string, left: ExpressionValue, right: ExpressionValue): ExpressionValue {
  requireSameType(left, right);
  if (typeof left === "string" && operator === "+") return left + valueText(right);
  if (typeof left !== "number" || typeof right !== "number") throw new ExpressionError(`'${operator}' is for numbers only`);
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (right === 0) throw new ExpressionError("Division by zero");
  // Plus zero: there is no negative one here.
  return Math.trunc(left / right) + 0;
}

export function requireSameType(left: ExpressionValue, right: ExpressionValue): void {
  if (typeof left !== typeof right) throw new ExpressionError("The types of an expression's parts differ");
}
