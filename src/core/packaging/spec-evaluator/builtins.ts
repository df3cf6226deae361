import { buildConditions } from "./build-conditions.ts";
import { readDefinition } from "./definition.ts";
import { expressionText } from "./expression.ts";
import { type Builtin, defineIn, doubtfully, type Scope } from "./scope.ts";
import { doubtfulMacro } from "./macro-table.ts";
import { dependsOnUnknown, UNKNOWN } from "./unknown.ts";

/** Speak, which is not done here, and give nothing. What they would say is expanded all the same. */
const silent = ["trace", "dump", "echo", "warn", "error"];
/** Would give what a program, the environment or other parts of the spec file say. */
const unknown = ["getenv", "uncompress", "S", "P", "F"];

/** The macros that rpm itself provides. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["dnl", { expand: () => "" }],
  ...silent.map((name) => [name, ofEffect(() => "")] as const),
  ...unknown.map((name) => [name, ofEffect(() => UNKNOWN)] as const),
  ["load", ofEffect(({ macros }) => (macros.doubtUndefined(), ""))],
  ["include", ofEffect(({ macros }) => (macros.doubtUndefined(), UNKNOWN))],
  ["lua", { expand: (scope, script) => releaseOfAutospec(script, scope.expand) ?? doubtScript(scope, script) }],
  ...buildConditions,
  ["define", { statement: (scope, text, from) => define(scope, text, from, { isGlobal: false }) }],
  ["global", { statement: (scope, text, from) => define(scope, text, from, { isGlobal: true }) }],
  ["undefine", { statement: undefine }],
  // Twice: the text that comes out may be macros again.
  ["expand", { expand: expandTwice }],
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

/** Gives the value for the expanded argument; without one, and for an argument that is only half understood, it is unknown. */
function ofText(give: (text: string) => string | undefined): Builtin {
  return {
    expand(scope, argument) {
      const text = scope.expand(argument);
      return dependsOnUnknown(text) ? UNKNOWN : (give(text) ?? UNKNOWN);
    },
  };
}

/** Expands the argument only for what it defines. */
function ofEffect(give: (scope: Scope) => string): Builtin {
  return {
    expand(scope, argument) {
      scope.expand(argument);
      return give(scope);
    },
  };
}

/** Text that came from outside could define anything. */
function expandTwice({ expand, macros }: Scope, argument: string): string {
  const text = expand(argument);
  if (text.includes(UNKNOWN)) macros.doubtUndefined();
  return expand(text);
}

/** Lua can define what it likes, change what it names, and use macros that define others. */
function doubtScript(scope: Scope, script: string): string {
  const { macros } = scope;
  macros.doubtUndefined();
  if (script.includes("expand")) doubtfully(scope, () => scope.expand(script));
  if (!/def|global|macros|load/.test(script)) return UNKNOWN;
  const words = new Set(script.match(/\w+/g));
  macros.doubtDefined((name) => words.has(name));
  return UNKNOWN;
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
  const kept = defineIn(scope, name, definition);
  if (!isGlobal) scope.frame?.locals.push({ name, definition: kept });
  return end;
}

function undefine({ macros, expand, isDoubtful }: Scope, text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  const end = newline < 0 ? text.length : newline;
  const [, word = ""] = /^[\s:]*(\S*)/.exec(expand(text.slice(from, end))) ?? [];
  const [name] = /^\w+/.exec(word) ?? [];
  if (dependsOnUnknown(word)) macros.doubtDefined();
  else if (name !== undefined && isDoubtful && macros.find(name)) macros.define(name, doubtfulMacro);
  else if (name !== undefined && !isDoubtful) macros.undefine(name);
  return end;
}

/** `text first last`, counted from 1; negative counts from the end. */
function substring(argument: string): string | undefined {
  const [text = "", first = "1", last = "-1"] = argument.trim().split(/\s+/);
  if (![first, last].every((place) => /^-?\d+$/.test(place))) return undefined;
  const place = (number: number): number => (number < 0 ? text.length + number : number - 1);
  return text.slice(Math.max(0, place(Number(first))), place(Number(last)) + 1);
}

function repeat(argument: string, charge: (characters: number) => void): string {
  if (dependsOnUnknown(argument)) return UNKNOWN;
  const [text = "", times = ""] = argument.trim().split(/\s+/);
  if (!/^\d+$/.test(times)) return UNKNOWN;
  const count = Number(times);
  charge(text.length * count);
  return text.repeat(count);
}
