import { type MarkRule, marks } from "./marks.ts";
import { searchFor } from "./needles.ts";
import { allRules } from "./rules/index.ts";

/** The rules and marks by their needles. */
const needles: string[] = [];
const numbers = new Map<string, number>();
const byNeedle: { marks: MarkRule[]; rules: number[] }[] = [];

function under(needle: string) {
  const key = needle.toLowerCase();
  let number = numbers.get(key);
  if (number === undefined) {
    number = needles.push(key) - 1;
    numbers.set(key, number);
    byNeedle.push({ marks: [], rules: [] });
  }
  return byNeedle[number] as { marks: MarkRule[]; rules: number[] };
}

for (const mark of marks) for (const needle of mark.needles) under(needle).marks.push(mark);
for (const [number, rule] of allRules.entries()) {
  for (const needle of [rule.needles].flat()) under(needle).rules.push(number);
}
// Traces of a shell behind a prefix; those at the beginning of a line are seen without a needle.
for (const needle of ["] + ", "Z + ", "BUILDSTDERR: + "]) under(needle);

export const registry = {
  rules: allRules,
  search: searchFor(needles),
  behind: (needle: number) => byNeedle[needle] as { marks: readonly MarkRule[]; rules: readonly number[] },
};
