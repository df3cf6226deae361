/**
 * Text for a man page, none of it taken for a command: roff reads a `\`, and a `.` or `'` at the start of a line.
 * Characters that a terminal would show as typographic ones stay what they are, so that they can be copied.
 */
export function escapeText(text: string): string {
  return escapeCharacters(text).replace(/^\./gm, "\\&.");
}

/** The same for a part of a line; `sentences` and `definition` look after the line's start. */
export function escapeCharacters(text: string): string {
  return text.replace(/[\\"'`^~]|[^\x20-\x7e\n]/g, special);
}

/** The same for what is typed as it stands: a `-` is a minus there, no hyphen that a line may be broken at. */
export function escapeLiteral(text: string): string {
  return escapeText(text).replaceAll("-", "\\-");
}

/** Something typed as it stands, in bold. */
export function literal(text: string): string {
  return `\\fB${escapeLiteral(text)}\\fR`;
}

/** Something to be replaced by a value, in italics. */
export function placeholder(text: string): string {
  return `\\fI${escapeLiteral(text)}\\fR`;
}

/** A macro with one argument, which blanks belong to; it ends with the line. */
export function macro(name: string, escapedText: string): string {
  return `.${name} "${escapedText.replaceAll("\n", " ")}"`;
}

/** Lines that stay as they are: examples, file contents. */
export function example(lines: readonly string[], indent = 4): string[] {
  return [".PP", `.RS ${indent}`, ".EX", ...lines.map(escapeLiteral), ".EE", ".RE"];
}

/** A term with its explanation indented below. */
export function definition(escapedTerm: string, escapedLines: readonly string[]): string[] {
  return [".TP", protect(escapedTerm), ...escapedLines];
}

/** Running text, a sentence's end at a line's end, as roff likes it. */
export function sentences(escapedText: string): string[] {
  return escapedText.split(/(?<=[^.][.:?!]) (?=[A-Z\\])/).map(protect);
}

function protect(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

function special(character: string): string {
  const known: Record<string, string> = {
    "\\": "\\e",
    '"': "\\(dq",
    "'": "\\(aq",
    "`": "\\(ga",
    "^": "\\(ha",
    "~": "\\(ti",
  };
  return known[character] ?? `\\[u${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}]`;
}
