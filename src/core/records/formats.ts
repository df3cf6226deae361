/** The formats of `--output-format`: for people, for programs, for shells. The first three are upstream's. */
export const formats = ["text", "json", "text-row", "jsonl", "table"] as const;
export type Format = (typeof formats)[number];

/** The formats of something that was done: it is no row of anything. */
export const formatsOfActs: readonly Format[] = ["text", "json", "jsonl"];

/** Whether a format is for programs. */
export function isDataFormat(format: Format): boolean {
  return format === "json" || format === "jsonl";
}

/** Whether a command line asks for data: it may be one that can't be read further. */
export function asksForData(words: readonly string[]): boolean {
  let format: string | undefined;
  for (const [at, word] of words.entries()) {
    if (word === "--") break;
    const [name, value = words[at + 1]] = word.split("=", 2) as [string, string?];
    if (name.length > 2 && "--json".startsWith(name)) format = "json";
    else if (name.length > 2 && "--output-format".startsWith(name)) format = value;
  }
  return format === "json" || format === "jsonl";
}
