import { closeSync, constants, createReadStream, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { dirname, relative } from "node:path";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, describeFileError } from "../../core/errors.ts";
import { headingMark, phaseHeading, type TaskPhase } from "../../core/text/phase-heading.ts";
import { boundLog, type LogEnd, type LogLimits } from "./bounded-log.ts";
import { cleanOutput } from "./clean-output.ts";
import { HeadingGuard } from "./heading-guard.ts";
import { HiddenTexts } from "./hidden-texts.ts";
import { type LogStream, openJournal, removeJournal } from "./log-journal.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** The one writer of a task's log: what the builder says and what its programs print, in order, without terminal control. */
export interface LiveLog {
  /** Writes lines of the builder itself. */
  say(text: string): void;
  /** Begins a phase, with a heading that nobody else can make. */
  begin(phase: TaskPhase, atMs: number): void;
  /** Takes the output of a program. */
  readonly output: (chunk: Buffer) => void;
  /** From now on the log holds none of these texts, whoever writes them. */
  hide(texts: readonly string[]): void;
  /** A text as the log shows it. */
  shown(text: string): string;
  /** Writes what is left of an unfinished last line. */
  endOutput(): void;
  /** The log so far, also the end of it that is not in the file yet. Nothing may be written meanwhile. */
  read(): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface LiveLogOptions {
  directory: Pick<StateDirectory, "liveLog" | "mainLog" | "logJournal">;
  limits: LogLimits;
  /** Gets the same bytes, e.g. to show them on standard output. */
  echo?: ((bytes: Uint8Array) => void) | undefined;
  /** Told once when the log can't be written any more. */
  onError: (error: CoprError) => void;
}

/** Starts a new log. The one of the task before stays with those who still read it. */
export function openLiveLog({ directory, limits, echo, onError }: LiveLogOptions): LiveLog {
  const path = directory.liveLog;
  removeJournal(directory);
  const file = createFile(directory);
  const journal = openJournal(directory, file);
  let isBroken = false;
  const bounded = boundLog(limits, (bytes) => {
    if (bytes.length === 0) return;
    echo?.(bytes);
    if (isBroken) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      isBroken = true;
      onError(new CoprError(`Cannot write the log '${path}': ${describeFileError(error)}`, { cause: error }));
    }
  });
  const write = (bytes: Buffer, stream: LogStream): void => {
    if (bytes.length === 0) return;
    if (bounded.isCut) journal.hold();
    // First the note, so that who reads a byte finds what is known of it.
    journal.note(bounded.position, stream);
    bounded.write(bytes);
  };
  const hidden = new HiddenTexts();
  const guard = new HeadingGuard();
  const programs = cleanOutput((bytes) => write(guard.take(hidden.inBytes(bytes)), "output"));
  const speak = (lines: string): void => {
    programs.interrupt();
    if (!bounded.isAtLineStart) write(Buffer.from("\n"), "builder");
    guard.beginLine();
    write(guard.take(Buffer.from(cleanText(lines))), "builder");
  };
  const phases: BegunPhase[] = [];
  return {
    say: (text) => speak(`${hidden.inText(text)}\n`),
    begin(phase, atMs) {
      speak("\n");
      phases.push({ phase, atMs, offset: bounded.position });
      journal.enter(bounded.position, phase, atMs);
      write(Buffer.from(`${phaseHeading(phase, atMs)}\n`), "builder");
    },
    hide: (texts) => hidden.add(texts),
    shown: (text) => hidden.inText(text),
    output: programs.push,
    endOutput: programs.end,
    async *read() {
      programs.end();
      yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>;
      yield* bounded.pending();
    },
    close() {
      programs.end();
      bounded.end((end) => {
        const introduction = introductionTo(end, phases);
        journal.settle({ at: end.at + introduction.length, shift: end.leftOutBytes - introduction.length });
        return introduction;
      });
      journal.close();
      closeSync(file);
    },
  };
}

interface BegunPhase {
  phase: TaskPhase;
  atMs: number;
  /** Of its heading, as if nothing was left out of the log. */
  offset: number;
}

/** ASCII that goes before the end of a log that reached its limit: the heading of its phase, if that is in what is left out. */
function introductionTo({ at, leftOutBytes, start, beginsLine }: LogEnd, phases: readonly BegunPhase[]): string {
  const known = phases.findLast(({ offset }) => offset < at);
  const current = phases.findLast(({ offset }) => offset < at + leftOutBytes);
  const heading = current === undefined || current === known ? "" : `${phaseHeading(current.phase, current.atMs)}\n`;
  // The end of a line could look like a heading.
  return beginsLine || !start.startsWith(headingMark) ? heading : `${heading} `;
}

const READ_BYTES = 256 * 1024;

/** A file of its own for each task: nothing is ever cut off or rewritten under a reader. */
function createFile({ liveLog, mainLog }: Pick<StateDirectory, "liveLog" | "mainLog">): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
  const file = replacing(liveLog, () => openSync(liveLog, flags, 0o644));
  replacing(mainLog, () => symlinkSync(relative(dirname(mainLog), liveLog), mainLog));
  return file;
}

function replacing<Result>(path: string, make: () => Result): Result {
  try {
    rmSync(path, { force: true });
    return make();
  } catch (error) {
    throw new CoprError(`Cannot start the log '${path}': ${describeFileError(error)}`, { cause: error });
  }
}
