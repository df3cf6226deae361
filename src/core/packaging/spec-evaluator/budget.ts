import { SpecError } from "./spec-error.ts";

/** What one evaluation may cost; a spec file is a stranger's, and a few lines of macros can double a text a thousand times. */
export interface Budget {
  /** Pays for work, in characters read or written. Throws SpecError when too much was done. */
  charge(characters: number): void;
}

/** Real spec files stay far below a tenth of this; it bounds memory and ends after some ten milliseconds. */
const MAX_CHARACTERS = 8_000_000;

export function createBudget(maxCharacters = MAX_CHARACTERS): Budget {
  let left = maxCharacters;
  return {
    charge(characters) {
      left -= characters;
      if (left < 0) throw new SpecError("The spec file's macros expand to too much");
    },
  };
}
