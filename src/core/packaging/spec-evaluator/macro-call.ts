import { findClosing } from "./brackets.ts";
import { SpecError } from "./spec-error.ts";

/** A `%` in a text and what belongs to it. */
export type MacroCall =
  | { type: "percent"; end: number }
  /** `%( )`: never run. */
  | { type: "shell"; end: number }
  | { type: "expression"; text: string; end: number }
  | { type: "macro"; name: string; isTest: boolean; isNegated: boolean; nameEnd: number; arguments: CallArguments; end: number }
  /** Nothing that could be a macro; stays. */
  | { type: "literal"; end: number };

export type CallArguments =
  | { type: "none" }
  /** One argument, `%{name:text}`. */
  | { type: "whole"; text: string }
  /** Words, `%{name words}`. */
  | { type: "words"; text: string }
  /** `%name`: what follows on the line belongs to it if the macro takes arguments. */
  | { type: "line" };

/** Reads the macro at a `%`. Throws SpecError when its bracket is never closed. */
export function readCall(text: string, percent: number): MacroCall {
  switch (text[percent + 1]) {
    case "%":
      return { type: "percent", end: percent + 2 };
    case "(":
      return { type: "shell", end: closingOf(text, percent + 1) + 1 };
    case "[": {
      const close = closingOf(text, percent + 1);
      return { type: "expression", text: text.slice(percent + 2, close), end: close + 1 };
    }
    case "{":
      return readBraced(text, percent);
    default:
      return readPlain(text, percent);
  }
}

/** Marks, name, and in braces what parts the name from its arguments. */
const head = /([!?]*)(-\w\*?|\w+|\*\*|\*|#)([}:\s])?/y;

function closingOf(text: string, open: number): number {
  const close = findClosing(text, open);
  if (close < 0) throw new SpecError(`A macro's '${text[open]}' is never closed`);
  return close;
}

function readBraced(text: string, percent: number): MacroCall {
  head.lastIndex = percent + 2;
  const match = head.exec(text);
  if (match?.[3] === "}") return macroCall(match, { type: "none" }, head.lastIndex);
  const start = head.lastIndex;
  const close = closingOf(text, percent + 1);
  if (match?.[3] === undefined || start > close) return { type: "literal", end: percent + 1 };
  return macroCall(match, { type: match[3] === ":" ? "whole" : "words", text: text.slice(start, close) }, close + 1);
}

function readPlain(text: string, percent: number): MacroCall {
  head.lastIndex = percent + 1;
  const match = head.exec(text);
  if (!match) return { type: "literal", end: percent + 1 };
  return macroCall(match, { type: "line" }, head.lastIndex - (match[3]?.length ?? 0));
}

function macroCall(match: RegExpExecArray, given: CallArguments, end: number): MacroCall {
  const [, marks = "", name = ""] = match;
  return {
    type: "macro",
    name,
    // %{-a:x} asks for the option without saying so.
    isTest: marks.includes("?") || name.startsWith("-"),
    isNegated: marks.includes("!") && marks.split("!").length % 2 === 0,
    nameEnd: match.index + marks.length + name.length,
    arguments: given,
    end,
  };
}
