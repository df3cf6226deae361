/** A value as Python's `str()` prints it: the text formats are read by scripts that expect that. */
export function pythonText(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** An object that upstream's library hands out as its own kind of dictionary, which shows in the text formats. */
export class TopLevel {
  readonly fields: object;

  constructor(fields: object) {
    this.fields = fields;
  }
}

function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  if (value instanceof TopLevel) return `Munch(${pythonRepr(value.fields)})`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`)
    .join(", ")}}`;
}

/** Python prefers single quotes, unless only those are in the text. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/(?! )[\p{C}\p{Z}]/gu, escapeSequence);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** Python shows what is not printable by its number. */
function escapeSequence(character: string): string {
  const point = character.codePointAt(0) as number;
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${point.toString(16).padStart(4, "0")}` : `\\U${point.toString(16).padStart(8, "0")}`;
}
