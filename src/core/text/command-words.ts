/**
 * The words of a command line, as they stand in a file of settings: separated by blanks, with '…', "…" and \ as a shell reads
 * them, and nothing else of a shell's: no variables, no ~, no patterns. Undefined when a quote has no end.
 */
export function commandWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== "") {
    const [piece = "", blank, single, double, escaped, plain] = PIECE.exec(rest) ?? [];
    if (piece === "") return undefined;
    rest = rest.slice(piece.length);
    if (blank === undefined) {
      word = (word ?? "") + (single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain ?? "");
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

const PIECE = /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+))/;
