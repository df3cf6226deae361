import type { ErrorRecord } from "../../core/records/error-document.ts";
import type { FieldRole, Shape } from "../../core/records/shape.ts";
import { cleanLine } from "../../core/text/clean-text.ts";

/** What became of one thing of many. */
export interface ItemResult {
  /** `planned` is what `--dry-run` says, `skipped` that there was nothing to do. */
  result: "done" | "failed" | "planned" | "skipped";
  /** Why it failed. */
  error: ErrorRecord | null;
}

/**
 * How one thing of many is told: the fields it has of its own, and what became of it.
 *
 * @param describe one line for a person, without its end: what it is, and what was or would be done to it; of one that failed
 *   it says what it is, and the reason is put behind
 */
export function shapeOfItems<T extends object>(
  fields: Readonly<Record<keyof T & string, FieldRole>>,
  describe: (record: T & ItemResult) => string,
): Shape<T & ItemResult> {
  const text = (record: T & ItemResult): string => {
    const reason = record.error === null ? "" : `: failed: ${record.error.message}`;
    return `${cleanLine(`${describe(record)}${reason}`)}\n`;
  };
  return { fields: { ...fields, result: "shown", error: "known" }, text };
}
