import type { Frame } from "./scope.ts";
import { dependsOnUnknown } from "./unknown.ts";

/**
 * What a macro with parameters sees of its call. Options come first, as with getopt: `-a`, `-ab`, `-zvalue` or
 * `-z value`. `declared` is their spelling in the macro's definition; `-` there means that nothing is an option.
 */
export function frameOfCall(name: string, declared: string, words: readonly string[]): Frame {
  const values = new Map<string, string>();
  const rest = declared === "-" ? [...words] : takeOptions(declared, words, values);
  values.set("0", name).set("#", String(rest.length)).set("*", rest.join(" ")).set("**", words.join(" "));
  for (const [index, word] of rest.entries()) values.set(String(index + 1), word);
  return { values, isDoubtful: declared !== "-" && words.some(dependsOnUnknown), locals: [] };
}

/** Adds the options to the values; the other words are returned. */
function takeOptions(declared: string, words: readonly string[], values: Map<string, string>): string[] {
  const rest = [...words];
  while (rest[0]?.startsWith("-") && rest[0] !== "-") {
    const word = rest.shift() as string;
    if (word === "--") break;
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] as string;
      const place = declared.indexOf(letter);
      if (place < 0 || declared[place + 1] !== ":") {
        values.set(`-${letter}`, `-${letter}`);
        continue;
      }
      const value = word.slice(at + 1) || (rest.shift() ?? "");
      values.set(`-${letter}`, `-${letter} ${value}`).set(`-${letter}*`, value);
      break;
    }
  }
  return rest;
}
