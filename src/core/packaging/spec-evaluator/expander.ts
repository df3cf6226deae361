import { builtins } from "./builtins.ts";
import { expressionText } from "./expression.ts";
import { type CallArguments, type MacroCall, readCall } from "./macro-call.ts";
import { doubtfulMacro, type MacroDefinition, type MacroTable } from "./macro-table.ts";
import { frameOfCall } from "./parameters.ts";
import { doubtfully, isDefinedIn, type Scope } from "./scope.ts";
import { SpecError } from "./spec-error.ts";
import { OPTIONAL, UNKNOWN } from "./unknown.ts";

/**
 * Expands macros as rpm does, but runs nothing: `%( )` and `%{lua: }` yield what is unknown, and macros that nobody
 * defined stay as they are. Throws SpecError for what can't be read, never ends or grows too large.
 */
export function createExpander(macros: MacroTable, { budget, noteOptional }: Pick<Scope, "budget" | "noteOptional">): Expander {
  const scope: Scope = {
    macros,
    budget,
    noteOptional,
    depth: 0,
    frame: undefined,
    active: new Set(),
    isDoubtful: false,
    expand: (text) => expandText(scope, text),
  };
  return (text, isDoubtful) => (isDoubtful ? doubtfully(scope, () => scope.expand(text)) : scope.expand(text));
}

/** Of a text that may count or not it is in doubt what it defines. */
export type Expander = (text: string, isDoubtful: boolean) => string;

/** As deep as rpm goes. */
const MAX_DEPTH = 64;
/** What an expansion costs beyond its characters. */
const CALL_COST = 16;

function expandText(scope: Scope, text: string): string {
  scope.budget.charge(text.length + CALL_COST);
  if (!text.includes("%")) return text;
  scope.depth += 1;
  if (scope.depth > MAX_DEPTH) throw new SpecError("The spec file's macros are nested too deeply");
  let output = "";
  let from = 0;
  for (let percent = text.indexOf("%"); percent >= 0; percent = text.indexOf("%", from)) {
    const call = readCall(text, percent);
    scope.budget.charge(call.end - percent);
    const { value, end } = expandCall(scope, text, percent, call);
    scope.budget.charge(value.length + CALL_COST);
    output += text.slice(from, percent) + value;
    from = end;
  }
  scope.depth -= 1;
  return output + text.slice(from);
}

interface Expansion {
  value: string;
  /** Where the text goes on. */
  end: number;
}

function expandCall(scope: Scope, text: string, percent: number, call: MacroCall): Expansion {
  const { end } = call;
  switch (call.type) {
    case "percent":
    case "literal":
      return { value: "%", end };
    case "shell":
      // The shell's text is expanded before it would run.
      scope.expand(text.slice(percent + 2, end - 1));
      return { value: UNKNOWN, end };
    case "expression":
      // Without a value it stays, for the reader of the line to see.
      return { value: expressionText(call.text, scope.expand) ?? leave(scope, text.slice(percent, end), call.text), end };
    default:
      return call.isTest ? { value: expandTest(scope, call), end } : expandMacro(scope, text, percent, call);
  }
}

type NamedCall = Extract<MacroCall, { type: "macro" }>;

/** What is left as it stands may define something nevertheless. */
function leave(scope: Scope, whole: string, content: string): string {
  doubtfully(scope, () => scope.expand(content));
  return whole;
}

/** `%{?name}`, `%{?name:text}`, `%{!?name:text}`. */
function expandTest(scope: Scope, call: NamedCall): string {
  const { name, isNegated, arguments: given } = call;
  const isDefined = isDefinedHere(scope, name);
  if (isDefined === undefined) return expandDoubtfulTest(scope, call);
  if (isDefined === isNegated) return "";
  if (given.type === "whole") return scope.expand(given.text);
  return isNegated ? "" : (valueOf(scope, name, given) ?? "");
}

/** Undefined where it is in doubt. */
function isDefinedHere(scope: Scope, name: string): boolean | undefined {
  if (isDoubtfulArgument(scope, name)) return undefined;
  if (scope.frame?.values.has(name)) return true;
  if (name.startsWith("-") || (builtins.has(name) && !scope.macros.find(name))) return !name.startsWith("-");
  return isDefinedIn(scope, name);
}

function isDoubtfulArgument({ frame }: Scope, name: string): boolean {
  return frame?.isDoubtful === true && /^(-|#$|[1-9])/.test(name);
}

/** The text may be there or not. */
function expandDoubtfulTest(scope: Scope, { isNegated, arguments: given }: NamedCall): string {
  if (given.type !== "whole") return isNegated ? "" : UNKNOWN;
  const text = doubtfully(scope, () => scope.expand(given.text));
  if (text.trim() === "") return text;
  return scope.noteOptional(text) ? OPTIONAL : UNKNOWN;
}

function expandMacro(scope: Scope, text: string, percent: number, call: NamedCall): Expansion {
  const { name, nameEnd, arguments: given, end } = call;
  const statement = builtins.get(name)?.statement;
  if (statement && !scope.macros.find(name)) {
    if (given.type === "line") return { value: "", end: statement(scope, text, nameEnd) };
    statement(scope, text.slice(nameEnd, end - 1), 0);
    return { value: "", end };
  }
  const line = given.type === "line" && takesLine(scope, name) ? restOfLine(text, end) : undefined;
  const value = valueOf(scope, name, line === undefined ? given : { type: "words", text: line });
  // As rpm does: what is in an unknown macro's braces is looked at all the same.
  if (value === undefined) return { value: "%", end: percent + 1 };
  return { value, end: end + (line?.length ?? 0) };
}

function takesLine(scope: Scope, name: string): boolean {
  if (scope.frame?.values.has(name)) return false;
  const definition = scope.macros.find(name);
  return definition ? definition.parameters !== undefined : builtins.has(name);
}

function restOfLine(text: string, from: number): string {
  const newline = text.indexOf("\n", from);
  return text.slice(from, newline < 0 ? undefined : newline);
}

/** Value of a macro; undefined when there is none of that name. */
function valueOf(scope: Scope, name: string, given: CallArguments): string | undefined {
  if (isDoubtfulArgument(scope, name)) return UNKNOWN;
  const argument = scope.frame?.values.get(name);
  if (argument !== undefined) return scope.expand(argument);
  const definition = scope.macros.find(name);
  if (definition === doubtfulMacro && "text" in given) doubtfully(scope, () => scope.expand(given.text));
  if (definition?.parameters !== undefined) return callWithParameters(scope, name, definition, given);
  if (definition) return expandPlain(scope, name, definition);
  return builtins.get(name)?.expand?.(scope, given.type === "whole" || given.type === "words" ? given.text : "");
}

/** Within its own body a plain macro could only go on for ever, so there it counts as unknown. */
function expandPlain({ active, expand }: Scope, name: string, definition: MacroDefinition): string {
  if (active.has(definition)) return `%{${name}}`;
  active.add(definition);
  const value = expand(definition.body);
  active.delete(definition);
  return value;
}

function callWithParameters(scope: Scope, name: string, definition: MacroDefinition, given: CallArguments): string {
  const text = given.type === "whole" || given.type === "words" ? scope.expand(given.text) : "";
  const words = given.type === "whole" ? [text] : text.split(/\s+/).filter(Boolean);
  const frame = frameOfCall(name, given.type === "whole" ? "-" : (definition.parameters ?? ""), words);
  const before = scope.frame;
  scope.frame = frame;
  const value = scope.expand(definition.body);
  scope.frame = before;
  for (const local of frame.locals) scope.macros.undefine(local.name, local.definition);
  return value;
}
