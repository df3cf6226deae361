/** The known word that is most like a wrong one; undefined when none is like it. */
export function nearestWord(wrong: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, distance: distanceOf(wrong.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.min(word.length, wrong.length) / 2)))
    .toSorted((a, b) => a.distance - b.distance);
  return best?.word;
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(left).entries()) {
    const next = [line + 1];
    for (let column = 1; column < row.length; column += 1) {
      const change = (row[column - 1] as number) + (right[column - 1] === letter ? 0 : 1);
      next.push(Math.min(change, (row[column] as number) + 1, (next[column - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
