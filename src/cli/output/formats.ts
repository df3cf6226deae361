/** The formats of `--output-format`: for people, for programs, for shells. The first three are upstream's. */
export const formats = ["text", "json", "text-row", "jsonl", "table"] as const;
export type Format = (typeof formats)[number];

/** The formats of something that was done: it is no row of anything. */
export const formatsOfActs: readonly Format[] = ["text", "json", "jsonl"];

/** Whether a format is for programs. */
export function isDataFormat(format: Format): boolean {
  return format === "json" || format === "jsonl";
}
