/**
 * Order of two versions `[epoch:]version[-release]` by rpm's rules: negative, 0 or positive. No epoch is epoch 0, and
 * no release is older than any.
 */
export function compareVersions(left: string, right: string): number {
  const one = parts(left);
  const other = parts(right);
  return one.epoch - other.epoch || compareSegments(one.version, other.version) || compareReleases(one.release, other.release);
}

function compareReleases(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return compareSegments(left, right);
}

function parts(text: string): { epoch: number; version: string; release: string | undefined } {
  const [, epoch = "0", rest = ""] = /^(?:(\d+):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf("-");
  return {
    epoch: Number(epoch),
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}

/** Numbers and words by turns; `~` sorts before everything, even the end, and `^` after the end only. */
function compareSegments(left: string, right: string): number {
  const ours = segments(left);
  const theirs = segments(right);
  for (let index = 0; ; index += 1) {
    const a = ours[index];
    const b = theirs[index];
    if (a === undefined && b === undefined) return 0;
    if (a === b) continue;
    if (a === "~" || b === "~") return a === "~" ? -1 : 1;
    if (a === "^" || b === "^") return caretOrder(a, b);
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    const order = compareOne(a, b);
    if (order !== 0) return order;
  }
}

function caretOrder(a: string | undefined, b: string | undefined): number {
  if (a === "^") return b === undefined ? 1 : -1;
  return a === undefined ? -1 : 1;
}

function segments(text: string): string[] {
  return text.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
}

/** A number is newer than a word. Numbers may be longer than a double holds. */
function compareOne(a: string, b: string): number {
  const isNumber = /^\d/.test(a);
  if (isNumber !== /^\d/.test(b)) return isNumber ? 1 : -1;
  const [one, other] = isNumber ? [a.replace(/^0+/, ""), b.replace(/^0+/, "")] : [a, b];
  if (isNumber && one.length !== other.length) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
