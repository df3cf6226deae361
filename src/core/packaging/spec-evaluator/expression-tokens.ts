import { findClosing } from "./brackets.ts";
import { ExpressionError } from "./spec-error.ts";

/** Expands the macros in a part of an expression. */
export type ExpandPart = (text: string) => string;

export type Token =
  | { type: "operator"; text: string }
  /** Not expanded yet: a part that does not count must have no effect. */
  | { type: "number" | "string" | "version"; raw: string }
  | { type: "end" };

const operator = /&&|\|\||[=!<>]=|[<>!()+\-*/?:]/y;
const bareWord = /[A-Za-z_][\w.]*/y;

/** Takes an expression apart. Throws ExpressionError. */
export function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const isVersion = character === "v" && text[at + 1] === '"';
    if (character === '"' || isVersion) {
      const start = at + (isVersion ? 2 : 1);
      const end = endOfString(text, start);
      yield { type: isVersion ? "version" : "string", raw: text.slice(start, end) };
      at = end + 1;
    } else if (/[\d%]/.test(character)) {
      const end = endOfNumber(text, at);
      yield { type: "number", raw: text.slice(at, end) };
      at = end;
    } else {
      const token = wordOrOperator(text, at);
      yield token;
      at += (token.type === "operator" ? token.text : (token as { raw: string }).raw).length;
    }
  }
  yield { type: "end" };
}

function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === "%") at = endOfMacro(text, at) - 1;
  }
  throw new ExpressionError("A string of an expression does not end");
}

/** Digits and macros, as in `0%{?rhel}`. */
function endOfNumber(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\d%]/.test(text[at] as string)) at = text[at] === "%" ? endOfMacro(text, at) : at + 1;
  return at;
}

function endOfMacro(text: string, at: number): number {
  const next = text[at + 1];
  if (next === "{" || next === "(" || next === "[") {
    const close = findClosing(text, at + 1);
    if (close < 0) throw new ExpressionError("A macro of an expression does not end");
    return close + 1;
  }
  if (next === "%") return at + 2;
  plainMacro.lastIndex = at + 1;
  return plainMacro.test(text) ? plainMacro.lastIndex : at + 1;
}

const plainMacro = /[!?]*\w+/y;

/** Words without quotes are strings to older releases of rpm. */
function wordOrOperator(text: string, at: number): Token {
  for (const [pattern, type] of [
    [operator, "operator"],
    [bareWord, "string"],
  ] as const) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return type === "operator" ? { type, text: found } : { type, raw: found };
  }
  throw new ExpressionError(`An expression can't hold '${text[at]}'`);
}
