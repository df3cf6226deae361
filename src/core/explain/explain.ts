import { rankedCauses, silentCommand } from "./choice.ts";
import type { ExplainedLog, Explanation, LogLine } from "./explanation.ts";
import type { Phase } from "./rules/categories.ts";
import { lastWordOf, lastWordsOfSection } from "./last-words.ts";
import { type LogReport, readLog } from "./log-reader.ts";
import type { Rule } from "./rules/rule.ts";
import type { Candidate, Section } from "./section.ts";

const MAX_LINES = 5;
/** How many lines of other candidates stand behind the cause. */
const MAX_OTHERS = 1;

/** Finds the phase of a build that failed, and the lines of its logs that are the cause. */
export async function explainLog(logs: readonly ExplainedLog[], { signal }: { signal?: AbortSignal } = {}): Promise<Explanation> {
  const reports: LogReport[] = [];
  for (const log of logs.filter(({ name }) => !saysNothing(name)).toSorted((one, other) => placeOf(one.name) - placeOf(other.name))) {
    reports.push(await readLog(log, signal));
  }
  const ending = reports.map((report) => report.ending).find((found) => found !== null);
  if (ending !== undefined) return explanationOf(ending.rule.proves ?? null, [ending], null);
  const failures = reports.filter(({ failure }) => failure !== null);
  const chosen = failures[0]?.failure;
  if (chosen === undefined || chosen === null) return explainOpenEnd(reports);
  return explainSection(
    chosen,
    phaseOf(chosen, reports),
    failures.map(({ failure }) => failure as Section),
  );
}

/** Logs of mock that list the machine and its packages. */
const saysNothing = (name: string) => /^(?:hw_info|installed_pkgs)\.log/.test(name);

/** In which order logs are believed: the nearest to the work first. */
function placeOf(name: string): number {
  const place = ["build.log", "root.log", "builder-live.log", "mock_output.log"].findIndex((known) => name.startsWith(known));
  return place >= 0 ? place : name.startsWith("backend.log") ? 6 : 5;
}

/** Packages that can't be installed after %generate_buildrequires are what it asked for. */
function phaseOf({ phase }: Section, reports: readonly LogReport[]): Phase | null {
  const isOfPackages = phase === "builddeps" || phase === "chroot-setup";
  return isOfPackages && reports.some(({ hasGenerator }) => hasGenerator) ? "generate-buildrequires" : phase;
}

function explainSection(section: Section, phase: Phase | null, all: readonly Section[]): Explanation {
  const seconds = section.seconds === null ? null : Math.round(section.seconds.last - section.seconds.first);
  for (const candidate of [section, ...all.filter((other) => other.phase === section.phase)]) {
    const causes = rankedCauses(candidate);
    if (causes.length > 0) return explanationOf(phase, refined(withLastWords(causes, candidate), section.phase), seconds);
  }
  const lastWords = lastWordsOfSection(section);
  if (lastWords.length > 0) return explanationOf(phase, lastWords, seconds);
  const silent = silentCommand(section);
  if (silent !== null) {
    return {
      phase,
      category: "script-failed",
      lines: [silent],
      rule: "silent-command",
      facts: { command: silent.text.replace(/^.*?\+ /, "") },
      advice: "This command ended with an error and said nothing: run it by hand to see why.",
      phaseSeconds: seconds,
      tail: [],
    };
  }
  return { phase, category: "unknown", lines: [], rule: null, facts: {}, advice: null, phaseSeconds: seconds, tail: section.tail };
}

/** Behind what is only a guess stand the last words, and before it, when it is far from the end or only reports a failure. */
function withLastWords(causes: readonly Candidate[], section: Section): readonly Candidate[] {
  const [{ rule, line }] = causes as [Candidate];
  if (!isGuess(rule)) return causes;
  const words = lastWordsOfSection(section);
  // Tests print exceptions that they expect.
  const isFar = line.line < (section.end[0]?.line ?? 0) && (rule.certainty === "vague" || section.phase === "check");
  return rule.onlyReports === true || isFar ? [...words, ...causes] : [...causes, ...words];
}

/** Nothing but an exception, or what sounds like a failure. */
const isGuess = ({ certainty, category }: Rule) => certainty === "vague" || (certainty === "likely" && category === "script-failed");

/** What only is an exception or sounds like a failure may be of a kind that the rules on last words know. */
function refined([cause, ...others]: readonly Candidate[], phase: Phase | null): Candidate[] {
  const { rule } = cause as Candidate;
  const isUnknown = isGuess(rule) && rule.category === "script-failed";
  const [line, ...more] = linesOf(cause as Candidate);
  const better = isUnknown ? lastWordOf(line as LogLine, phase) : null;
  if (better !== null && better.rule.category !== rule.category) return [{ ...better, more }, ...others];
  return [
    isUnknown && phase === "check" ? { ...(cause as Candidate), rule: { ...rule, category: "test-failure" } } : (cause as Candidate),
    ...others,
  ];
}

/** The logs stop without a word about their end: only what is surely a failure counts. */
function explainOpenEnd(reports: readonly LogReport[]): Explanation {
  for (const { openEnd } of reports) {
    if (openEnd === null) continue;
    const causes = rankedCauses(openEnd).filter(({ rule }) => rule.certainty === "sure" || rule.certainty === "decisive");
    if (causes.length > 0) return explanationOf(phaseOf(openEnd, reports), causes, null);
  }
  return { phase: null, category: null, lines: [], rule: null, facts: {}, advice: null, phaseSeconds: null, tail: [] };
}

function explanationOf(phase: Phase | null, [cause, ...others]: readonly Candidate[], phaseSeconds: number | null): Explanation {
  const { rule, facts } = cause as Candidate;
  const lines = linesOf(cause as Candidate);
  // rpmbuild says what went wrong again at its end, without its "error: ".
  const texts = lines.map(({ text }) => text);
  let room = MAX_OTHERS;
  for (const other of others) {
    if (room === 0 || !standsBehind(other, cause as Candidate)) break;
    if (isOfOtherJob(other, cause as Candidate)) continue;
    if (texts.some((text) => text.includes(other.line.text.trim())) || !isLike(rule, other.rule)) continue;
    lines.push(linesOf(other)[0] as LogLine);
    room -= 1;
  }
  return {
    phase: rule.proves ?? phase ?? onlyPhaseOf(rule),
    category: rule.category,
    lines: lines.slice(0, MAX_LINES),
    rule: rule.name,
    facts,
    advice: typeof rule.advice === "function" ? rule.advice(facts) : rule.advice,
    phaseSeconds,
    tail: [],
  };
}

function linesOf({ rule, line, more }: Candidate): LogLine[] {
  const [first, ...rest] = more;
  if (first === undefined || rule.follow?.leads === undefined) return [line, ...more];
  return rule.follow.leads === "instead" ? more.slice() : [first, line, ...rest];
}

/** Before the scripts of the spec file, a rule's first phase is the one that its lines are of as a rule. */
const early = new Set<Phase>(["sources", "srpm", "chroot-setup", "builddeps"]);

/** A rule on a single phase, or on what comes before a build, tells the phase where the log does not. */
function onlyPhaseOf({ phases }: Rule): Phase | null {
  const first = phases?.[0];
  return first !== undefined && (phases?.length === 1 || early.has(first)) ? first : null;
}

/** Compilers and linkers that work side by side fail side by side. */
const ofCompilers = new Set(["compile-error", "missing-header", "werror", "link-error"]);

/** How far from a guess another one is looked for. */
const LINES_OF_GUESSES = 12;

/** Behind a guess stands another one, near it. */
function standsBehind({ rule, line }: Candidate, cause: Candidate): boolean {
  if (cause.rule.certainty !== "vague") return rule.certainty === "sure" || rule.certainty === "decisive";
  return rule.onlyReports !== true && Math.abs(line.line - cause.line.line) <= LINES_OF_GUESSES;
}

/** How far from the error of a compiler another one of the same make is looked for. */
const LINES_OF_MAKE = 300;

/** What a compiler or linker said long before the cause went without harm: a probe, or a command that was tried again. */
function isOfOtherJob({ line }: Candidate, cause: Candidate): boolean {
  return ofCompilers.has(cause.rule.category) && Math.abs(line.line - cause.line.line) > LINES_OF_MAKE;
}

function isLike(one: Rule, other: Rule): boolean {
  return one.certainty === "vague" || one.category === other.category || (ofCompilers.has(one.category) && ofCompilers.has(other.category));
}
