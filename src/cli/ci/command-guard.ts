/** Bytes that may stand unseen between the others: the runner compares as the language's rules are, which skip some. */
const UNSEEN = String.raw`[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xff]`;
const BLANK = String.raw`[\x00-\x09\x0b\x0c\x0e-\x20\x7f-\xff]`;

const atLineStart = new RegExp(`((?:^|[\\n\\r])${BLANK}*:${UNSEEN}*):`, "g");
const anywhere = new RegExp(`(#${UNSEEN}*#${UNSEEN}*)\\[`, "g");
const blankLine = new RegExp(`^${BLANK}*$`);
const firstColon = new RegExp(`^${BLANK}*:${UNSEEN}*$`);
const lastMarks = new RegExp(`#${UNSEEN}*(#?)${UNSEEN}*$`);

/**
 * Keeps text from being a command to GitHub's runner, which looks for `::` where a line begins and for `##[` anywhere: a blank
 * goes between. Texts are parts of one stream, cut anywhere; bytes that are no UTF-8 stay.
 */
export class CommandGuard {
  /** What matters of the line that the stream has come to: empty where a command may still begin. */
  #line = "";

  guard(text: string | Uint8Array): Uint8Array {
    const before = this.#line;
    const guarded = (before + latin1(text)).replace(atLineStart, "$1 :").replace(anywhere, "$1 [");
    this.#line = remembered(guarded.slice(Math.max(guarded.lastIndexOf("\n"), guarded.lastIndexOf("\r")) + 1));
    return Buffer.from(guarded.slice(before.length), "latin1");
  }
}

/** JSON that means the same: there is no `::` where its lines begin, and `##[` can be spelled in another way. */
export function guardedJson(json: string): string {
  return json.replaceAll("##[", String.raw`##\u005b`);
}

/** A character a byte, so that patterns see each of them. */
function latin1(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function remembered(line: string): string {
  if (blankLine.test(line)) return "";
  if (firstColon.test(line)) return ":";
  const marks = lastMarks.exec(line);
  return marks ? `x#${marks[1]}` : "x";
}
