import type { LogLine } from "./explanation.ts";
import type { Phase } from "./rules/categories.ts";
import type { Rule } from "./rules/rule.ts";

/** A line that a rule names, with what belongs to it. */
export interface Candidate {
  rule: Rule;
  line: LogLine;
  facts: Record<string, string>;
  /** Lines that belong to it. */
  more: LogLine[];
  /** Nothing of weight was printed between it and the end of the phase. */
  isFinal: boolean;
}

/** What one rule found in the output of one command. */
interface Finds {
  first: Candidate[];
  last: Candidate | null;
  /** The first of the latest ones that stand close together. */
  ofCluster: Candidate;
  /** The first that a build tool took for the failure of one of its commands. */
  confirmed: Candidate | null;
}

/** The output of one command of a shell script, or of a phase that shows no commands. */
export interface Command {
  /** The command as the shell traced it; null at the beginning of a phase. */
  trace: LogLine | null;
  /** It only shows a file, such as config.log: what is in there went wrong without harm, as a rule. */
  isDump: boolean;
  /** Up to here, lines are the output of a command that the build tool said had failed. */
  failedUntil: number;
  finds: Map<Rule, Finds>;
}

const MAX_FIRST = 3;
/** How far behind an error, with other jobs in between, make tells which of its commands failed. */
const LINES_OF_JOB = 300;
/** How far behind its word on a failed command Ninja shows the command's output. */
const LINES_OF_OUTPUT = 80;
const MAX_COMMANDS = 4;
/** How many lines before the failure are kept, and how many of them are shown. */
export const LINES_OF_END = 8;
const LINES_OF_TAIL = 5;

/** A stretch of a log that belongs to one phase. Keeps little of it, however long it is. */
export class Section {
  phase: Phase | null;
  readonly startedAt: number;
  /** When its first and last line were printed, where the log tells. */
  seconds: { first: number; last: number } | null = null;
  /** It was the phase that failed. */
  hasFailed = false;
  /** The tool said that all went well. */
  endedWell = false;
  /** Whatever comes behind this line is about something else. */
  endsAt = Number.POSITIVE_INFINITY;
  /** The last lines before the failure, at most `LINES_OF_END`. */
  end: LogLine[] = [];
  /** The last command that the shell traced, also one that says nothing about the failure itself, as `exit 1` does. */
  lastTrace: LogLine | null = null;
  /** The last commands, the latest at the end. */
  readonly commands: Command[] = [newCommand(null, false)];

  constructor(phase: Phase | null, startedAt: number) {
    this.phase = phase;
    this.startedAt = startedAt;
  }

  /** Those of the last lines that are shown when no cause is found. */
  get tail(): LogLine[] {
    return this.end.slice(-LINES_OF_TAIL);
  }

  begin(trace: LogLine, isDump: boolean): void {
    const current = this.commands.at(-1) as Command;
    if (current.finds.size === 0) this.commands.pop();
    this.commands.push(newCommand(trace, isDump));
    if (this.commands.length <= MAX_COMMANDS) return;
    // Of many files that are shown after a failure, none may push out the command that failed.
    const shown = this.commands.findIndex((command) => command.isDump);
    this.commands.splice(Math.max(0, shown), 1);
  }

  /** Keeps of the commands of an earlier section what packages they missed. */
  recall(commands: readonly Command[]): void {
    const missed = commands.flatMap(({ finds }) => [...finds]).filter(([{ category }]) => category === "dep-missing");
    if (missed.length > 0) this.commands.unshift({ ...newCommand(null, false), finds: new Map(missed) });
  }

  add(candidate: Candidate): void {
    const { finds, failedUntil } = this.commands.at(-1) as Command;
    const isConfirmed = candidate.line.line <= failedUntil;
    const found = finds.get(candidate.rule);
    if (found === undefined) {
      finds.set(candidate.rule, { first: [candidate], last: null, ofCluster: candidate, confirmed: isConfirmed ? candidate : null });
      return;
    }
    if (candidate.line.line - (latestOf(found)?.line.line ?? 0) > LINES_OF_JOB) found.ofCluster = candidate;
    if (isConfirmed) found.confirmed ??= candidate;
    if (found.first.length < MAX_FIRST) found.first.push(candidate);
    else found.last = candidate;
  }

  /** The build tool says that a command failed: its output is around this line. */
  confirm(line: number): void {
    const command = this.commands.at(-1) as Command;
    for (const found of command.finds.values()) {
      if (line - (latestOf(found)?.line.line ?? 0) <= LINES_OF_JOB) found.confirmed ??= found.ofCluster;
    }
  }

  /** The same of a tool that says so before it shows the output. */
  expectOutput(line: number): void {
    (this.commands.at(-1) as Command).failedUntil = line + LINES_OF_OUTPUT;
  }

  /** Make went on after the failure of what printed these lines. */
  forgiveSince(line: number): void {
    const { finds } = this.commands.at(-1) as Command;
    for (const [rule, { first, last, confirmed }] of finds) {
      const isKept = (candidate: Candidate | null) => candidate !== null && candidate.line.line < line;
      const kept = first.filter(isKept);
      const latest = kept.at(-1);
      if (latest === undefined) finds.delete(rule);
      else
        finds.set(rule, {
          first: kept,
          last: isKept(last) ? last : null,
          ofCluster: latest,
          confirmed: isKept(confirmed) ? confirmed : null,
        });
    }
  }
}

/** The line as the rule's candidate, with what `context` adds to what it says itself; null when it is none. */
export function candidateOf(
  rule: Rule,
  line: LogLine,
  bare: string,
  context?: () => Readonly<Record<string, string | undefined>>,
): Candidate | null {
  const match = rule.pattern.exec(bare);
  if (match === null || rule.unless?.test(bare) === true) return null;
  const all = Object.entries({ ...context?.(), ...match.groups });
  const facts = Object.fromEntries(all.filter((fact): fact is [string, string] => fact[1] !== undefined));
  return { rule, line, facts, more: [], isFinal: false };
}

function newCommand(trace: LogLine | null, isDump: boolean): Command {
  return { trace, isDump, failedUntil: 0, finds: new Map() };
}

function latestOf({ first, last }: Finds): Candidate | undefined {
  return last ?? first.at(-1);
}
