import { isTrueExpression } from "./expression.ts";
import { type Builtin, defineIn, doubtfully, isDefinedIn, type Scope } from "./scope.ts";
import { dependsOnUnknown, UNKNOWN } from "./unknown.ts";

/** Build conditions and the tests for them and for macros in general: `%bcond_with x`, `%{with x}`, `%{defined x}`. */
export const buildConditions: readonly (readonly [string, Builtin])[] = [
  ["bcond_with", { expand: (scope, argument) => setCondition(scope, scope.expand(argument), { isDefault: false }) }],
  ["bcond_without", { expand: (scope, argument) => setCondition(scope, scope.expand(argument), { isDefault: true }) }],
  ["bcond", { expand: declare }],
  ["with", ofName((scope, name) => truth(isDefinedIn(scope, `with_${name}`)))],
  ["without", ofName((scope, name) => truth(isDefinedIn(scope, `with_${name}`), false))],
  ["defined", ofName((scope, name) => truth(isDefinedIn(scope, name)))],
  ["undefined", ofName((scope, name) => truth(isDefinedIn(scope, name), false))],
];

function ofName(give: (scope: Scope, name: string) => string): Builtin {
  return {
    expand(scope, argument) {
      const name = firstWord(scope.expand(argument));
      return dependsOnUnknown(name) ? UNKNOWN : give(scope, name);
    },
  };
}

const firstWord = (text: string): string => text.trim().split(/\s+/, 1)[0] ?? "";

const truth = (value: boolean | undefined, wanted = true): string => (value === undefined ? UNKNOWN : value === wanted ? "1" : "0");

/** The user's `--with` and `--without` come as macros. */
function setCondition(scope: Scope, argument: string, { isDefault }: { isDefault: boolean | undefined }): string {
  const name = firstWord(argument);
  if (dependsOnUnknown(name)) {
    scope.macros.doubtUndefined();
    scope.macros.doubtDefined((defined) => defined.startsWith("with_"));
    return "";
  }
  const set = (): void => void defineIn(scope, `with_${name}`, { body: "1", parameters: undefined });
  const isSet = isDefault === undefined ? undefined : isChosen(scope, name, isDefault);
  if (isSet) set();
  else if (isSet === undefined) doubtfully(scope, set);
  return "";
}

function isChosen(scope: Scope, name: string, isDefault: boolean): boolean | undefined {
  const isOtherwise = isDefinedIn(scope, isDefault ? `_without_${name}` : `_with_${name}`);
  return isOtherwise === undefined ? undefined : isOtherwise !== isDefault;
}

/** `%bcond name expression`. */
function declare(scope: Scope, argument: string): string {
  const [, name = "", expression = ""] = /^\s*(\S+)\s*([\s\S]*)$/.exec(scope.expand(argument)) ?? [];
  return setCondition(scope, name, { isDefault: isTrueExpression(expression) });
}
