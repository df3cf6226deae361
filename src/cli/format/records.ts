import { cleanText } from "../../core/text/clean-text.ts";
import type { Terminal } from "../terminal.ts";
import { pythonJson } from "./python-json.ts";
import { pythonText } from "./python-text.ts";

/** The formats of `--output-format`. */
export const outputFormats = ["text", "json", "text-row"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What one object, or one line of a list, shows: its fields in the order of the text formats. */
export type ShownFields = Readonly<Record<string, unknown>>;

/** The same in pairs, for a user's own choice: a field may come twice. */
export type ShownPairs = readonly (readonly [name: string, value: unknown])[];

/** Prints one object. Fields an answer lacks (undefined) are left out, as upstream does. */
export function printRecord(terminal: Terminal, record: ShownFields, format: OutputFormat): void {
  terminal.out(`${formatRecord(record, format)}\n`);
}

/** Prints objects as they come. An empty list is `[]` in JSON, where upstream prints nothing: that is no JSON. */
export async function printRecords(
  terminal: Terminal,
  records: AsyncIterable<ShownFields> | Iterable<ShownFields | ShownPairs>,
  format: OutputFormat,
): Promise<void> {
  const { before, between, after, empty } = separators[format];
  let isFirst = true;
  for await (const record of records) {
    const text = formatRecord(record, format);
    terminal.out(`${isFirst ? before : between}${format === "json" ? text.replace(/^/gm, "    ") : text}\n`);
    isFirst = false;
  }
  terminal.out(isFirst ? empty : after);
}

const separators: Readonly<Record<OutputFormat, { before: string; between: string; after: string; empty: string }>> = {
  json: { before: "[\n", between: "    ,\n", after: "]\n", empty: "[]\n" },
  text: { before: "", between: "\n", after: "", empty: "" },
  "text-row": { before: "", between: "", after: "", empty: "" },
};

function formatRecord(record: ShownFields | ShownPairs, format: OutputFormat): string {
  const pairs: ShownPairs = isPairs(record) ? record : Object.entries(record);
  const fields = pairs.filter(([, value]) => value !== undefined);
  if (format === "json") return pythonJson(Object.fromEntries(fields));
  if (format === "text-row") return cleanText(fields.map(([, value]) => pythonText(value)).join("\t"));
  return cleanText(fields.map(([name, value]) => `${name}: ${pythonText(value)}`).join("\n"));
}

function isPairs(record: ShownFields | ShownPairs): record is ShownPairs {
  return Array.isArray(record);
}
