import { isTrueExpression } from "./expression.ts";
import type { Builtin, Scope } from "./scope.ts";

/** Build conditions and the tests for them and for macros in general: `%bcond_with x`, `%{with x}`, `%{defined x}`. */
export const buildConditions: readonly (readonly [string, Builtin])[] = [
  ["bcond_with", ofName((scope, name) => setCondition(scope, name, { isDefault: false }))],
  ["bcond_without", ofName((scope, name) => setCondition(scope, name, { isDefault: true }))],
  ["bcond", { expand: declare }],
  ["with", ofName(({ macros }, name) => truth(macros.find(`with_${name}`) !== undefined))],
  ["without", ofName(({ macros }, name) => truth(macros.find(`with_${name}`) === undefined))],
  ["defined", ofName(({ macros }, name) => truth(macros.find(name) !== undefined))],
  ["undefined", ofName(({ macros }, name) => truth(macros.find(name) === undefined))],
];

function ofName(give: (scope: Scope, name: string) => string): Builtin {
  return { expand: (scope, argument) => give(scope, scope.expand(argument).trim().split(/\s+/, 1)[0] ?? "") };
}

const truth = (value: boolean): string => (value ? "1" : "0");

/** The user's `--with` and `--without` come as macros. */
function setCondition({ macros }: Scope, name: string, { isDefault }: { isDefault: boolean }): string {
  const isSet = isDefault ? macros.find(`_without_${name}`) === undefined : macros.find(`_with_${name}`) !== undefined;
  if (isSet) macros.define(`with_${name}`, { body: "1", parameters: undefined });
  return "";
}

/** `%bcond name expression`. */
function declare(scope: Scope, argument: string): string {
  const [, name = "", expression = ""] = /^\s*(\S+)\s*([\s\S]*)$/.exec(scope.expand(argument)) ?? [];
  return setCondition(scope, name, { isDefault: isTrueExpression(expression) });
}
