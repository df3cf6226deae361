import { findClosing } from "./brackets.ts";
import { SpecError } from "./spec-error.ts";

/** A `%define` or `%global` statement taken apart. */
export interface DefinitionStatement {
  name: string;
  parameters: string | undefined;
  body: string;
  /** The body is to be taken literally (`%global name<l> …`). */
  isLiteral: boolean;
  /** Index after the statement. */
  end: number;
}

const head = /[ \t]*([A-Za-z_]\w*)(?:<(\w*)>)?(?:\(([^)\n]*)\))?(?:<(\w*)>)?(?:[ \t]|\\\n)*/y;

/** Reads `name(options) body`, from behind the word `define`. Throws SpecError when there is no usable name. */
export function readDefinition(text: string, from: number): DefinitionStatement {
  head.lastIndex = from;
  const match = head.exec(text);
  if (!match) throw new SpecError("A macro's name is not a name");
  const [, name = "", early = "", parameters, late = ""] = match;
  const start = from + match[0].length;
  const { body, end } = text[start] === "{" ? bracedBody(text, start) : lineBody(text, start);
  return { name, parameters, body, isLiteral: `${early}${late}`.includes("l"), end };
}

function bracedBody(text: string, start: number): { body: string; end: number } {
  const close = findClosing(text, start);
  if (close < 0) throw new SpecError("A macro's body does not end");
  return { body: text.slice(start + 1, close), end: close + 1 };
}

/** Up to the end of the line, but for line ends after `\` or in a macro's brackets. */
function lineBody(text: string, start: number): { body: string; end: number } {
  let body = "";
  let at = start;
  while (at < text.length && text[at] !== "\n") {
    const next = text[at + 1];
    if (text[at] === "\\" && next !== undefined) {
      body += next === "\n" ? "\n" : `\\${next}`;
      at += 2;
      continue;
    }
    const size = text[at] === "%" ? macroSize(text, at) : 1;
    body += text.slice(at, at + size);
    at += size;
  }
  return { body: body.trimEnd(), end: at };
}

function macroSize(text: string, at: number): number {
  const next = text[at + 1];
  if (next !== "{" && next !== "(" && next !== "[") return next === "%" ? 2 : 1;
  const close = findClosing(text, at + 1);
  if (close < 0) throw new SpecError(`A macro's '${next}' is never closed`);
  return close + 1 - at;
}
