import { distance } from "fastest-levenshtein";

/** The known words that are most like a wrong one, the likest first; none where none is like it. */
export function nearestWords(wrong: string, known: Iterable<string>, count: number): string[] {
  return sorted(wrong, known)
    .filter(({ word, steps }) => steps <= Math.max(2, Math.floor(Math.min(word.length, wrong.length) / 2)))
    .slice(0, count)
    .map(({ word }) => word);
}

/** The known words, those that are most like a wrong one first. */
export function sortedByLikeness(wrong: string, known: Iterable<string>): string[] {
  return sorted(wrong, known).map(({ word }) => word);
}

function sorted(wrong: string, known: Iterable<string>): { word: string; steps: number }[] {
  return [...known]
    .map((word) => ({ word, steps: distance(wrong.toLowerCase(), word.toLowerCase()) }))
    .toSorted((one, other) => one.steps - other.steps);
}
