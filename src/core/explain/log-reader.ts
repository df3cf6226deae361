import type { ExplainedLog, LogLine } from "./explanation.ts";
import type { Phase } from "./rules/categories.ts";
import { lastWordOf } from "./last-words.ts";
import { type CurrentLine, LogLines } from "./log-lines.ts";
import { secondsOf, withoutPrefixes } from "./line-text.ts";
import { isConclusion, isDump, isTrace, isTransparent, type Mark, type MarkRule } from "./marks.ts";
import { contextOf, isInDiff, isOfTrial, rememberEnd } from "./lines-before.ts";
import { registry } from "./registry.ts";
import type { Rule } from "./rules/rule.ts";
import { ofMethod } from "./rules/of-methods.ts";
import { installations, mayBeIn } from "./rules/phases.ts";
import { type Candidate, candidateOf, Section } from "./section.ts";

/** What one log tells. */
export interface LogReport {
  name: string;
  /** The last phase that failed in it. */
  failure: Section | null;
  /** The last section, when nothing says that it failed or ended well. */
  openEnd: Section | null;
  /** A line that says by itself that, and why, the build ended. */
  ending: Candidate | null;
  /** %generate_buildrequires ran. */
  hasGenerator: boolean;
}

/** How many lines may come behind the summary of rpmbuild before what follows is of somebody else. */
const LINES_OF_SUMMARY = 40;
/** How far from the word of a build tool on a failed command its last words are looked for. */
const LINES_OF_LAST_WORDS = 8;
const LINES_OF_OUTPUT = 12;
/** Output of one command that make ignored the failure of. */
const LINES_OF_IGNORED = 10;

export async function readLog(log: ExplainedLog, signal?: AbortSignal): Promise<LogReport> {
  const reader = new LogReader(log.name);
  const lines = new LogLines(registry.search);
  const take = (line: CurrentLine) => reader.take(line);
  for await (const chunk of log.open()) {
    signal?.throwIfAborted();
    lines.push(chunk, take);
  }
  lines.flush(take);
  return reader.finish();
}

class LogReader {
  readonly #name: string;
  #section = new Section(null, 1);
  #failure: Section | null = null;
  #ending: Candidate | null = null;
  #hasGenerator = false;
  /** copr-rpmbuild has said why it ends; it repeats what mock said. */
  #hasGivenUp = false;
  /** mock runs a program of its own. */
  #isAside = false;
  /** Up to here, lines are the output of a command that Ninja says has failed. */
  #listensUntil = 0;
  /** Up to here, lines were looked through for last words. */
  #soughtUntil = 0;
  /** The latest line that was taken for a last word. */
  #lastHeard = 0;
  /** Candidates that wait for lines that belong to them. */
  #waiting: { candidate: Candidate; until: number }[] = [];
  /** In which line each rule was tried last. */
  readonly #tried = new Int32Array(registry.rules.length);
  #marksOfLine: MarkRule[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  take(line: CurrentLine): void {
    const isOfShell = line.byteAt(0) === 0x2b && line.byteAt(1) === 0x20;
    const isHeard = line.number <= this.#listensUntil;
    if (line.found.length === 0 && !isOfShell && !isHeard && this.#waiting.length === 0) return;
    const text = line.text();
    // What was explained once is no message of the build.
    if (isConclusion(text)) return;
    const bare = withoutPrefixes(text);
    if (this.#waiting.length > 0) this.#give(line.number, text, bare);
    // What a shell traces is the text of a command, whatever it says; only marks are looked for in it.
    const trace = /^\+{1,20} /.exec(bare)?.[0];
    if (trace === "+ " && !isInDiff(line, bare)) this.#trace({ file: this.#name, line: line.number, text }, bare.slice(2));
    if (line.found.length > 0) this.#match(line, text, bare, trace !== undefined);
    // The first complaint of a failed command: what follows it is often a summary.
    if (isHeard && trace === undefined && this.#hear(line.number, text)) this.#listensUntil = 0;
  }

  finish(): LogReport {
    const { endedWell } = this.#section;
    // Logs of mock itself begin with the chroot.
    if (/^(?:root|mock_output)\.log/.test(this.#name)) this.#section.phase ??= "chroot-setup";
    // Koji's log of how it fetches the sources.
    if (this.#name.startsWith("checkout.log")) this.#section.phase ??= "sources";
    this.#close();
    const failure = this.#failure;
    return {
      name: this.#name,
      failure,
      openEnd: failure === null && !endedWell ? this.#section : null,
      ending: this.#ending,
      hasGenerator: this.#hasGenerator,
    };
  }

  #trace(line: LogLine, command: string): void {
    if (line.line > this.#section.endsAt) return;
    this.#section.lastTrace = line;
    // The scripts that copy %doc and %license run in the middle of what rpmbuild says on the files.
    if (this.#section.phase !== "files" && !isTransparent(command)) this.#section.begin(line, isDump(command));
  }

  /** Hands the line to candidates that wait for it. */
  #give(number: number, text: string, bare: string): void {
    this.#waiting = this.#waiting.filter(({ candidate, until }) => {
      const { follow } = candidate.rule;
      if (follow === undefined || number > until) return false;
      if (follow.pattern.test(bare)) {
        candidate.more.push({ file: this.#name, line: number, text });
        if (follow.isNeeded === true && candidate.more.length === 1) this.#section.add(candidate);
      }
      return candidate.more.length < follow.max;
    });
  }

  #match(line: CurrentLine, text: string, bare: string, isOfShell: boolean): void {
    this.#marksOfLine.length = 0;
    for (const needle of line.found) {
      const { marks, rules } = registry.behind(needle);
      for (const mark of marks) if (!this.#marksOfLine.includes(mark)) this.#marksOfLine.push(mark);
      for (const number of isOfShell ? [] : rules) {
        if (this.#tried[number] === line.number) continue;
        this.#tried[number] = line.number;
        this.#try(registry.rules[number] as Rule, line, text, bare);
      }
    }
    for (const { pattern, read } of this.#marksOfLine) {
      const groups = pattern.exec(bare);
      const mark = groups === null ? null : read(groups.groups ?? {});
      if (mark !== null) this.#heed(mark, line, text);
    }
  }

  /** Takes a line for a last word, if it is one. */
  #hear(number: number, text: string): boolean {
    if (number <= this.#lastHeard || number > this.#section.endsAt) return false;
    const candidate = lastWordOf({ file: this.#name, line: number, text }, this.#section.phase);
    if (candidate === null) return false;
    this.#lastHeard = number;
    this.#section.add(candidate);
    return true;
  }

  /** Looks for the last word before the current line, in the output of the same command. */
  #hearBefore(line: CurrentLine): void {
    const since = Math.max(this.#soughtUntil, line.number - LINES_OF_LAST_WORDS - 1);
    this.#soughtUntil = line.number;
    for (let back = 1; line.number - back > since; back += 1) {
      const text = line.before(back);
      if (text === undefined || line.number - back < this.#section.startedAt || isTrace(withoutPrefixes(text))) return;
      if (this.#hear(line.number - back, text)) return;
    }
  }

  #try(anywhere: Rule, line: CurrentLine, text: string, bare: string): void {
    const { phase } = this.#section;
    const rule = ofMethod(anywhere, phase);
    if (!mayBeIn(rule, phase)) return;
    if (line.number > this.#section.endsAt && rule.ends !== true) return;
    const candidate = candidateOf(rule, { file: this.#name, line: line.number, text }, bare, () => contextOf(rule, line));
    if (candidate === null || isOfTrial(line)) return;
    if (rule.follow !== undefined) this.#waiting.push({ candidate, until: line.number + rule.follow.within });
    if (rule.ends === true) this.#ending ??= candidate;
    else if (rule.follow?.isNeeded !== true) this.#section.add(candidate);
  }

  #heed(mark: Mark, line: CurrentLine, text: string): void {
    switch (mark.kind) {
      case "phase":
        this.#open(mark.phase, line.number, text);
        break;
      case "failed":
        this.#fail(mark, line, text);
        break;
      case "given-up":
        this.#fail({}, line, text);
        this.#hasGivenUp = true;
        break;
      case "installed":
        // The chroot comes first, then what the build requires; most logs show the commands that do it.
        if (this.#section.phase === null) this.#open("builddeps", line.number, text);
        break;
      case "well":
        this.#well();
        break;
      case "aside":
        this.#isAside = true;
        break;
      case "ended":
        this.#end(mark.code, line, text);
        break;
      case "more-wanted":
        this.#wantMore(line.number, text);
        break;
      case "ignored":
        this.#section.forgiveSince(line.number - LINES_OF_IGNORED);
        break;
      case "command-failed":
        if (mark.before === true) {
          this.#section.expectOutput(line.number);
          this.#listensUntil = line.number + LINES_OF_OUTPUT;
          // The next line is the command.
          this.#lastHeard = line.number + 1;
        } else {
          this.#hearBefore(line);
          this.#section.confirm(line.number);
        }
        break;
      case "dump":
        this.#section.begin({ file: this.#name, line: line.number, text }, true);
        break;
    }
  }

  /** A new phase begins: what failed before it did not matter, unless nothing of the kind follows. */
  #open(phase: Phase, number: number, text: string): void {
    if (this.#hasGivenUp) return;
    if (phase === "generate-buildrequires") this.#hasGenerator = true;
    if (phase === "files" && this.#section.phase === "files" && !this.#section.hasFailed) return;
    this.#close();
    this.#isAside = false;
    this.#section = new Section(phase, number);
    const seconds = secondsOf(text);
    if (seconds !== null) this.#section.seconds = { first: seconds, last: seconds };
  }

  /** What rpmbuild misses is installed next: when that fails without a word, it is what was missing. mock says so also of a script that failed. */
  #wantMore(number: number, text: string): void {
    const { hasFailed, phase, commands } = this.#section;
    if (hasFailed && phase !== null && !installations.includes(phase)) {
      this.#section.endsAt = Math.min(this.#section.endsAt, number - 1);
      return;
    }
    this.#section.hasFailed = false;
    this.#failure = null;
    this.#open("generate-buildrequires", number, text);
    this.#section.recall(commands);
  }

  #close(): void {
    if (this.#section.hasFailed) this.#failure = this.#section;
  }

  #well(): void {
    // A package manager is done when the next phase begins; the source package written before it starts says nothing.
    if (!this.#section.hasFailed && !installations.includes(this.#section.phase ?? "build")) this.#goWell();
  }

  #goWell(): void {
    this.#section.endedWell = true;
    this.#failure = null;
  }

  /** A program ended. rpmbuild ends with 11 when it wants more packages for %generate_buildrequires. */
  #end(code: number, line: CurrentLine, text: string): void {
    if (!this.#isAside && code !== 0 && code !== 11) this.#fail({}, line, text);
    else if (!this.#isAside && !this.#section.hasFailed) this.#goWell();
    this.#isAside = false;
  }

  #fail({ phase, isOfRpm, isLast }: { phase?: Phase; isOfRpm?: true; isLast?: true }, line: CurrentLine, text: string): void {
    const section = this.#section;
    if (isLast === true) {
      // What mock says at its end names the command; it is news only where the log said nothing before.
      if (section.phase === null && section.hasFailed) section.phase = phase ?? null;
      return;
    }
    const isKnown = section.hasFailed;
    // What comes behind the summary of rpmbuild is of mock.
    if (isKnown && Number.isFinite(section.endsAt) && isOfRpm !== true) section.endsAt = Math.min(section.endsAt, line.number);
    if (phase !== undefined) section.phase = phase === "builddeps" && section.phase === "generate-buildrequires" ? section.phase : phase;
    section.hasFailed = true;
    if (isKnown) return;
    const seconds = secondsOf(text);
    if (seconds !== null && section.seconds !== null) section.seconds.last = seconds;
    rememberEnd(section, line, this.#name);
    if (isOfRpm === true) section.endsAt = line.number + LINES_OF_SUMMARY;
  }
}
