import type { LogLine } from "./explanation.ts";
import type { Phase } from "./rules/categories.ts";
import type { Rule } from "./rules/rule.ts";
import { allRules } from "./rules/index.ts";
import type { Candidate, Command, Section } from "./section.ts";

const weights = { decisive: 40, sure: 30, likely: 20, vague: 10 } as const;

/** Of the candidates of a phase the cause, and others that may be one, too: the best first. */
export function rankedCauses(section: Section): Candidate[] {
  const commands = section.commands.toReversed();
  const lastOfWork = commands.find((command) => !command.isDump);
  for (const command of lastOfWork === undefined ? commands : [lastOfWork, ...commands.filter((other) => other !== lastOfWork)]) {
    const isEarlier = command !== lastOfWork && !command.isDump;
    const ranked = rankedOf(command, section.phase).filter(({ rule }) => !isEarlier || weights[rule.certainty] >= weights.sure);
    if (ranked.length > 0) return ranked;
    if (command === lastOfWork && isSilent(section)) return [];
  }
  return [];
}

/** The command that ended the script without a word, or by giving up. */
export function silentCommand(section: Section): LogLine | null {
  const gaveUp = section.lastTrace !== null && /\+ (?:false|exit [1-9]\d{0,2})$/.test(section.lastTrace.text);
  return gaveUp || isSilent(section) ? section.lastTrace : null;
}

function isSilent({ lastTrace, tail }: Section): boolean {
  // The scripts of %doc and %license go well behind a file that was not found.
  return (
    lastTrace !== null && !lastTrace.text.endsWith("+ exit 0") && (tail.length === 0 || (tail.at(-1) as LogLine).line <= lastTrace.line)
  );
}

/** Where a rule stands among all; what is taken over from builds (of-methods.ts) behind them. */
function placeOf(rule: Rule): number {
  const place = allRules.indexOf(rule);
  return place < 0 ? allRules.length : place;
}

/** What the rules found in the output of a command: the best rule's lines, then the next one's. */
function rankedOf(command: Command, phase: Phase | null): Candidate[] {
  const groups = [...command.finds]
    .filter(([{ phases }]) => phases === undefined || phase === null || phases.includes(phase))
    .map(([rule, { first, last, confirmed }]) => {
      const inOrder = last === null ? first : [...first, last];
      const candidates = rule.which === "last" ? inOrder.toReversed() : confirmed === null ? inOrder : [confirmed, ...inOrder];
      return {
        rule,
        candidates,
        weight:
          weightOf(
            rule,
            phase,
            candidates.some(({ isFinal }) => isFinal),
          ) + (confirmed === null ? 0 : 0.5),
        line: candidates[0]?.line.line ?? 0,
      };
    });
  groups.sort((one, other) => {
    if (one.weight !== other.weight) return other.weight - one.weight;
    const distance = one.rule.which === "last" && other.rule.which === "last" ? other.line - one.line : one.line - other.line;
    return distance || placeOf(one.rule) - placeOf(other.rule);
  });
  return groups.flatMap(({ candidates }) => candidates);
}

/** A line at the very end of a phase says more; in %check what a test runner says does. */
function weightOf({ certainty, category, onlyReports }: Rule, phase: Phase | null, isFinal: boolean): number {
  if (onlyReports === true) return 0;
  const ofTest = phase === "check" && category === "test-failure" ? 2 : 0;
  const ofEnd = certainty === "sure" || certainty === "decisive" ? 1 : 6;
  return weights[certainty] + ofTest + (isFinal ? ofEnd : 0);
}
