import { buildConditions } from "./build-conditions.ts";
import { readDefinition } from "./definition.ts";
import { expressionText } from "./expression.ts";
import type { Builtin, Scope } from "./scope.ts";
import { UNKNOWN } from "./unknown.ts";

/** Take their argument and give nothing: they would read files or speak, which is not done here. */
const silent = ["dnl", "load", "include", "trace", "dump", "echo", "warn", "error"];
/** Would give what a program, the environment or other parts of the spec file say. */
const unknown = ["getenv", "uncompress", "S", "P", "F"];

/** The macros that rpm itself provides. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...silent.map((name) => [name, { expand: () => "" }] as const),
  ...unknown.map((name) => [name, { expand: () => UNKNOWN }] as const),
  ["lua", { expand: ({ expand }, script) => releaseOfAutospec(script, expand) ?? UNKNOWN }],
  ...buildConditions,
  ["define", { statement: (scope, text, from) => define(scope, text, from, { isGlobal: false }) }],
  ["global", { statement: (scope, text, from) => define(scope, text, from, { isGlobal: true }) }],
  ["undefine", { statement: undefine }],
  // Twice: the text that comes out may be macros again.
  ["expand", { expand: ({ expand }, argument) => expand(expand(argument)) }],
  ["expr", { expand: ({ expand }, argument) => expressionText(argument, expand) }],
  ["quote", ofText((text) => text)],
  ["shrink", ofText((text) => text.trim().replaceAll(/\s+/g, " "))],
  ["lower", ofText((text) => text.toLowerCase())],
  ["upper", ofText((text) => text.toUpperCase())],
  ["len", ofText((text) => String(text.length))],
  ["reverse", ofText((text) => Array.from(text).toReversed().join(""))],
  ["basename", ofText((text) => text.slice(text.lastIndexOf("/") + 1))],
  ["dirname", ofText((text) => (text.includes("/") ? text.slice(0, text.lastIndexOf("/")) : text))],
  ["suffix", ofText((text) => (text.includes(".") ? text.slice(text.lastIndexOf(".") + 1) : ""))],
  ["sub", ofText(substring)],
  ["rep", { expand: ({ expand, budget }, argument) => repeat(expand(argument), budget.charge) }],
]);

/** Gives the value for the expanded argument. */
function ofText(give: (text: string) => string): Builtin {
  return {
    expand(scope, argument) {
      const text = scope.expand(argument);
      return text.includes(UNKNOWN) ? UNKNOWN : give(text);
    },
  };
}

/**
 * The one script that is understood: what rpmautospec writes into the spec files of half of Fedora. The number of the
 * release, counted from the base that the macro was called with.
 */
function releaseOfAutospec(script: string, expand: (text: string) => string): string | undefined {
  const [, number] = autospec.exec(script) ?? [];
  const base = number === undefined ? "" : expand("%{?-b*}%{!?-b:1}");
  return /^\d{1,9}$/.test(base) ? String(Number(number) + Number(base) - 1) : undefined;
}

const autospec =
  /^\s*release_number = (\d{1,9});\s*base_release_number = tonumber\(rpm\.expand\("%\{\?-b\*\}%\{!\?-b:1\}"\)\);\s*print\(release_number \+ base_release_number - 1\);\s*$/;

/** As rpm does: a global's body is expanded at once and lasts; a definition in a macro with parameters ends with it. */
function define(scope: Scope, text: string, from: number, { isGlobal }: { isGlobal: boolean }): number {
  const { name, parameters, body, isLiteral, end } = readDefinition(text, from);
  const definition = { body: isGlobal && !isLiteral ? scope.expand(body) : body, parameters };
  scope.macros.define(name, definition);
  if (!isGlobal) scope.frame?.locals.push({ name, definition });
  return end;
}

function undefine({ macros, expand }: Scope, text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  const end = newline < 0 ? text.length : newline;
  const [, name] = /^[\s:]*(\w+)/.exec(expand(text.slice(from, end))) ?? [];
  if (name !== undefined) macros.undefine(name);
  return end;
}

/** `text first last`, counted from 1; negative counts from the end. */
function substring(argument: string): string {
  const [text = "", first = "1", last = "-1"] = argument.trim().split(/\s+/);
  const place = (number: number): number => (number < 0 ? text.length + number : number - 1);
  return text.slice(Math.max(0, place(Number(first))), place(Number(last)) + 1);
}

function repeat(argument: string, charge: (characters: number) => void): string {
  if (argument.includes(UNKNOWN)) return UNKNOWN;
  const [text = "", times = "0"] = argument.trim().split(/\s+/);
  const count = /^\d+$/.test(times) ? Number(times) : 0;
  charge(text.length * count);
  return text.repeat(count);
}
