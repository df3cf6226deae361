const closing: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** Index of the bracket that closes the one at `open`, or -1. Only brackets of the same kind nest; `\` hides a character. */
export function findClosing(text: string, open: number): number {
  const opener = text.charCodeAt(open);
  const closer = (closing[text[open] as string] as string).charCodeAt(0);
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === opener) depth += 1;
    else if (code === closer) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

const BACKSLASH = 0x5c;
