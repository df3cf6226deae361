import { isTrueExpression } from "./expression.ts";
import type { Builtin, Scope } from "./scope.ts";
import { doubtfulMacro, UNKNOWN } from "./unknown.ts";

/** Build conditions and the tests for them and for macros in general: `%bcond_with x`, `%{with x}`, `%{defined x}`. */
export const buildConditions: readonly (readonly [string, Builtin])[] = [
  ["bcond_with", ofName((scope, name) => setCondition(scope, name, { isDefault: false }))],
  ["bcond_without", ofName((scope, name) => setCondition(scope, name, { isDefault: true }))],
  ["bcond", { expand: declare }],
  ["with", ofName((scope, name) => truth(isDefined(scope, `with_${name}`)))],
  ["without", ofName((scope, name) => truth(isDefined(scope, `with_${name}`), false))],
  ["defined", ofName((scope, name) => truth(isDefined(scope, name)))],
  ["undefined", ofName((scope, name) => truth(isDefined(scope, name), false))],
];

function ofName(give: (scope: Scope, name: string) => string): Builtin {
  return { expand: (scope, argument) => give(scope, scope.expand(argument).trim().split(/\s+/, 1)[0] ?? "") };
}

/** Undefined where it is in doubt. */
function isDefined({ macros }: Scope, name: string): boolean | undefined {
  const definition = macros.find(name);
  return definition === doubtfulMacro ? undefined : definition !== undefined;
}

const truth = (value: boolean | undefined, wanted = true): string => (value === undefined ? UNKNOWN : value === wanted ? "1" : "0");

/** The user's `--with` and `--without` come as macros. */
function setCondition({ macros }: Scope, name: string, { isDefault }: { isDefault: boolean }): string {
  const isSet = isDefault ? macros.find(`_without_${name}`) === undefined : macros.find(`_with_${name}`) !== undefined;
  if (isSet) macros.define(`with_${name}`, { body: "1", parameters: undefined });
  return "";
}

/** `%bcond name expression`. */
function declare(scope: Scope, argument: string): string {
  const [, name = "", expression = ""] = /^\s*(\S+)\s*([\s\S]*)$/.exec(scope.expand(argument)) ?? [];
  const isDefault = isTrueExpression(expression);
  if (isDefault !== undefined) return setCondition(scope, name, { isDefault });
  scope.macros.define(`with_${name}`, doubtfulMacro);
  return "";
}
