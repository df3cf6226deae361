import { TopLevel } from "./python-text.ts";

/** Marks an object whose keys have an order of their own: a user chose it. Other writers of JSON keep it anyway. */
export const isInOrder = Symbol("is in order");

/** A value as Python's `json.dumps(value, indent=4, sort_keys=True)` writes it: only ASCII, keys sorted at every level but in objects that are marked. */
export function pythonJson(value: unknown): string {
  return asciiOnly(write(value, "\n"));
}

/** The same value in one line, keys in their own order. */
export function lineJson(value: unknown): string {
  return asciiOnly(JSON.stringify(value, (_, item: unknown) => (item instanceof TopLevel ? item.fields : item)));
}

function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @param line a line break and the indentation of the value */
function write(value: unknown, line: string): string {
  const inner = `${line}    `;
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[${value.map((item) => inner + write(item, inner)).join(",")}${line}]`;
  }
  if (value instanceof TopLevel) return write(value.fields, line);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (!(isInOrder in value)) entries.sort(([one], [other]) => (one < other ? -1 : 1));
    if (entries.length === 0) return "{}";
    return `{${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${write(item, inner)}`).join(",")}${line}}`;
  }
  return JSON.stringify(value ?? null);
}
