import type { LogLine } from "./explanation.ts";
import { withoutPrefixes } from "./line-text.ts";
import { isNoise, isTrace } from "./marks.ts";
import type { Phase } from "./rules/categories.ts";
import { lastLineRules, lastWordRules, saysNothing } from "./rules/last-words.ts";
import { mayBeIn } from "./rules/phases.ts";
import { reports } from "./rules/reports.ts";
import type { Rule } from "./rules/rule.ts";
import { type Candidate, candidateOf, type Section } from "./section.ts";

/** The line as the candidate of a rule on last words; null when it reads like none. */
export function lastWordOf(line: LogLine, phase: Phase | null): Candidate | null {
  return firstOf(lastWordRules, line, phase);
}

function firstOf(rules: readonly Rule[], line: LogLine, phase: Phase | null): Candidate | null {
  const bare = withoutPrefixes(line.text);
  if (isNoise(bare) || isTrace(bare) || saysNothing.test(bare) || reports.test(bare)) return null;
  for (const rule of rules) {
    if (!mayBeIn(rule, phase)) continue;
    const candidate = candidateOf(rule, line, bare);
    if (candidate !== null) return candidate;
  }
  return null;
}

/**
 * Of the lines at the end of a phase those that read like a complaint, the last one first, in the output of its last command;
 * when none does, the very last one, if a program put its name before it.
 */
export function lastWordsOfSection({ end, commands, phase }: Section): Candidate[] {
  const since = commands.at(-1)?.trace?.line ?? 0;
  const lines = end.filter(({ line }) => line > since).toReversed();
  const words = lines.map((line) => lastWordOf(line, phase)).filter((candidate) => candidate !== null);
  const last = words.length > 0 ? undefined : lines[0];
  const named = last === undefined ? null : firstOf(lastLineRules, last, phase);
  return named === null ? words : [named];
}
