/**
 * Twelve hexadecimal digits for the name of a file that nobody else may have: it is to be made with `wx`, so no secret. Of
 * Node's `crypto`, which would give better ones, eighteen modules would be loaded for it.
 */
export function randomName(): string {
  return Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, "0");
}
