/**
 * Writers of Python literals. mock executes its configuration as Python, and most values in it come from strangers,
 * so nothing may leave the quotes (security: C1-C5).
 */
export type PythonValue = string | number | boolean | null | readonly PythonValue[] | PythonTuple;

/** A tuple, to be told apart from a list. */
interface PythonTuple {
  tuple: readonly PythonValue[];
}

/** Any value as a Python literal on one line, strings in single quotes. */
export function pythonLiteral(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return `'${escape(value, /['\\]/)}'`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError(`${value} has no Python literal`);
    return String(value);
  }
  if (isTuple(value)) {
    const items = value.tuple.map(pythonLiteral);
    return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  }
  return `[${value.map(pythonLiteral).join(", ")}]`;
}

/** A text of several lines as a `"""` literal: line ends stay, so that a person can read it. */
export function pythonBlock(text: string): string {
  // A quote is left alone unless a second one follows or the text ends: three in a row would close the literal.
  const safe = escape(text, /\\|"(?="|$)/, "\n");
  return `"""${safe}"""`;
}

function isTuple(value: readonly PythonValue[] | PythonTuple): value is PythonTuple {
  return !Array.isArray(value);
}

function escape(text: string, special: RegExp, keep = ""): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) as number;
    const character = String.fromCodePoint(point);
    const isPlain = (point >= 0x20 && point < 0x7f) || keep.includes(character);
    if (!isPlain) out += escapeCodePoint(point);
    else if (isSpecial(text, at, special)) out += `\\${character}`;
    else out += character;
    at += character.length;
  }
  return out;
}

/** Whether `special` matches exactly at this place. */
function isSpecial(text: string, at: number, special: RegExp): boolean {
  const sticky = new RegExp(special.source, "y");
  sticky.lastIndex = at;
  return sticky.test(text);
}

function escapeCodePoint(point: number): string {
  if (point === 0x0a) return "\\n";
  if (point === 0x09) return "\\t";
  const hex = point.toString(16);
  if (point <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
