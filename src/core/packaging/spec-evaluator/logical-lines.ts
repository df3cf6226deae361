/**
 * The lines of a spec file as rpm reads them: a `\` at the end, or a macro's bracket that is still open, joins the
 * next line. Lines come without their final line end.
 */
export function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  let nesting: Nesting | undefined;
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf("\n", from);
    const end = newline < 0 ? text.length : newline;
    nesting = readOn(text.slice(from, end), nesting);
    from = end + 1;
    if (nesting) continue;
    lines.push(text.slice(start, end));
    start = from;
  }
  // What is never closed is for the reader of the line to complain of.
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

interface Nesting {
  braces: number;
  parentheses: number;
  squares: number;
  /** The line ends with `\`. */
  isContinued: boolean;
}

/** What is open at the end of a line; undefined if nothing is. */
function readOn(line: string, before: Nesting | undefined): Nesting | undefined {
  // Most lines open nothing.
  if (!before && !/%[{([]|\\$/.test(line)) return undefined;
  const now = before ?? { braces: 0, parentheses: 0, squares: 0, isContinued: false };
  now.isContinued = false;
  for (let index = 0; index < line.length; index += 1) {
    switch (line[index]) {
      case "\\":
        if (index + 1 === line.length) now.isContinued = true;
        index += 1;
        break;
      case "%":
        index += openMacro(line[index + 1], now);
        break;
      case "{":
        if (now.braces > 0) now.braces += 1;
        break;
      case "}":
        if (now.braces > 0) now.braces -= 1;
        break;
      case "(":
        if (now.parentheses > 0) now.parentheses += 1;
        break;
      case ")":
        if (now.parentheses > 0) now.parentheses -= 1;
        break;
      case "[":
        if (now.squares > 0) now.squares += 1;
        break;
      case "]":
        if (now.squares > 0) now.squares -= 1;
        break;
      default:
    }
  }
  return now.isContinued || now.braces + now.parentheses + now.squares > 0 ? now : undefined;
}

/** Counts what begins after a `%`; tells how many characters that takes. */
function openMacro(next: string | undefined, now: Nesting): number {
  if (next === "{") now.braces += 1;
  else if (next === "(") now.parentheses += 1;
  else if (next === "[") now.squares += 1;
  else return next === "%" ? 1 : 0;
  return 1;
}
