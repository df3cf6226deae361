import { distance } from "fastest-levenshtein";

/** The known words that are most like a wrong one, the likest first; none where none is like it. */
export function nearestWords(wrong: string, known: Iterable<string>, count: number): string[] {
  return [...known]
    .map((word) => ({ word, steps: distance(wrong.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, steps }) => steps <= Math.max(2, Math.floor(Math.min(word.length, wrong.length) / 2)))
    .toSorted((one, other) => one.steps - other.steps)
    .slice(0, count)
    .map(({ word }) => word);
}
