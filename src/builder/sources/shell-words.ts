/**
 * A word as a shell has to be told it, also one with blanks, quotes or a tilde. mock takes what it runs in a chroot as
 * the text of a shell command; nothing else of ours is one.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Reads one shell word with its quotes, as others write it; what a shell would replace in it stays as it is. Undefined for several words. */
export function readShellWord(text: string): string | undefined {
  const part = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/y;
  let word = "";
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    const [, single, double, escaped, plain] = match;
    word += single ?? double?.replace(/\\([$`"\\])/g, "$1") ?? escaped ?? plain ?? "";
  }
  return word;
}
