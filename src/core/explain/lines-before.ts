import { withoutPrefixes } from "./line-text.ts";
import type { CurrentLine } from "./log-lines.ts";
import { isConclusion, isNoise, isOfDiff } from "./marks.ts";
import type { Rule } from "./rules/rule.ts";
import { LINES_OF_END, type Section } from "./section.ts";

/** How far below the heading of a comparison a plus sign marks a line of it. */
const LINES_OF_DIFF = 6;
/** How far below its command line a trial of configure complains. */
const LINES_OF_TRIAL = 5;
/** How far back the end of a section, and what belongs to a line, are looked for. */
const LINES_BEFORE = 16;

/** Whether a line is of a comparison, whose plus signs are no shell's. */
export function isInDiff(line: CurrentLine, bare: string): boolean {
  if (isOfDiff(bare)) return true;
  for (let back = 1; back <= LINES_OF_DIFF; back += 1) {
    const text = line.before(back);
    if (text !== undefined && isOfDiff(withoutPrefixes(text))) return true;
  }
  return isOtherValue(line, bare);
}

/** Whether a line shows the value that a test got or wanted, below the other one: testing tools show what differs so. */
function isOtherValue(line: CurrentLine, bare: string): boolean {
  // Between the two Python may mark the letters.
  const before = [1, 2].map((back) => withoutPrefixes(line.before(back) ?? "")).find((text) => !text.startsWith("? "));
  if (before === undefined || !before.startsWith("- ")) return false;
  const [one, other] = [before.slice(2), bare.slice(2)];
  return one.slice(0, 2) === other.slice(0, 2) || one.slice(-3) === other.slice(-3);
}

/** Whether a line is what a trial of configure said, in its log: most of these fail without harm. */
export function isOfTrial(line: CurrentLine): boolean {
  for (let back = 1; back <= LINES_OF_TRIAL; back += 1) {
    if (/^configure:\d{1,6}: /.test(withoutPrefixes(line.before(back) ?? ""))) return true;
  }
  return false;
}

/** What the lines before one add to what it says itself. */
export function contextOf({ context }: Rule, line: CurrentLine): Record<string, string | undefined> {
  for (let back = 1; context !== undefined && back <= LINES_BEFORE; back += 1) {
    const text = line.before(back);
    if (text === undefined) break;
    const groups = context.exec(withoutPrefixes(text))?.groups;
    if (groups !== undefined) return groups;
  }
  return {};
}

/** Notes the last lines, and which candidates stand there. */
export function rememberEnd(section: Section, line: CurrentLine, file: string): void {
  let lastOfWeight = 0;
  for (let back = 1; back <= LINES_BEFORE; back += 1) {
    const text = line.before(back);
    const number = line.number - back;
    if (text === undefined || number < section.startedAt) break;
    if (isNoise(withoutPrefixes(text)) || isConclusion(text)) continue;
    lastOfWeight ||= number;
    if (section.end.length < LINES_OF_END) section.end.unshift({ file, line: number, text });
  }
  for (const command of section.commands) {
    for (const { first, last } of command.finds.values()) {
      for (const candidate of last === null ? first : [...first, last]) {
        const end = candidate.more.at(-1)?.line ?? candidate.line.line;
        candidate.isFinal = end >= lastOfWeight;
      }
    }
  }
}
