/**
 * Whether a text holds what should not be in a name or a line: control characters, line separators, marks that turn
 * the direction of the text around, or halves of surrogate pairs.
 */
export function hasOddCharacters(text: string): boolean {
  return oddCharacters.test(text);
}

const oddCharacters = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
