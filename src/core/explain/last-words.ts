import type { LogLine } from "./explanation.ts";
import { withoutPrefixes } from "./line-text.ts";
import { isNoise, isTrace } from "./marks.ts";
import type { Phase } from "./rules/categories.ts";
import { lastWordRules, saysNothing } from "./rules/last-words.ts";
import { reports } from "./rules/reports.ts";
import { type Candidate, candidateOf, type Section } from "./section.ts";

/** The line as the candidate of a rule on last words; null when it reads like none. */
export function lastWordOf(line: LogLine, phase: Phase | null): Candidate | null {
  const bare = withoutPrefixes(line.text);
  if (isNoise(bare) || isTrace(bare) || saysNothing.test(bare) || reports.test(bare)) return null;
  for (const rule of lastWordRules) {
    if (phase !== null && rule.phases?.includes(phase) === false) continue;
    const candidate = candidateOf(rule, line, bare);
    if (candidate !== null) return candidate;
  }
  return null;
}

/** The last of the lines at the end of a phase that reads like a complaint, in the output of its last command. */
export function lastWordOfSection({ end, commands, phase }: Section): Candidate | null {
  const since = commands.at(-1)?.trace?.line ?? 0;
  for (const line of end.toReversed()) {
    if (line.line <= since) return null;
    const candidate = lastWordOf(line, phase);
    if (candidate !== null) return candidate;
  }
  return null;
}
