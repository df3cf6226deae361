import { closeSync, constants, fstatSync, openSync, rmSync, writeSync } from "node:fs";
import type { TaskPhase } from "../../core/text/phase-heading.ts";
import type { StateDirectory } from "../state/state-directory.ts";

/** Who wrote a part of a log: the builder itself, or a program. A program's two streams are one pipe, so that their order is kept. */
export type LogStream = "builder" | "output";

/** What is known of the bytes of a log from an offset on. */
export interface LogPlace {
  offset: number;
  /** When they were written, epoch milliseconds. */
  timeMs: number;
  stream: LogStream;
  phase: TaskPhase;
}

/**
 * Notes beside a log when, in which phase and by whom it was written: lines of text, appended at once, so that they survive
 * whatever becomes of the builder. It is an extra: what can't be written is left out, and nothing fails.
 */
export interface LogJournal {
  /** The log goes on at this offset, now. */
  note(offset: number, stream: LogStream): void;
  /** A phase begins at this offset. */
  enter(offset: number, phase: TaskPhase, atMs: number): void;
  /** From now on offsets are those of a log with a gap that is not known yet: nothing is written until `settle`. */
  hold(): void;
  /** The end of the log begins at `at`; what it holds was noted `shift` bytes further on. */
  settle(end: { at: number; shift: number }): void;
  close(): void;
}

/** A program that prints all the time has its time noted so often; half as often after each `NOTES_OF_INTERVAL` notes. */
const INTERVAL_MS = 250;
const NOTES_OF_INTERVAL = 16_384;
/** From then on only phases are noted. It keeps the journal below 6 MB. */
const MAX_NOTES = 8 * NOTES_OF_INTERVAL;

/** A place as the journal has it, without a line end. Lines that are none are passed over by who reads it. */
export function journalLine({ offset, timeMs, stream, phase }: LogPlace): string {
  return `${offset} ${timeMs} ${stream} ${phase}`;
}

/** To be done before the log of another task is removed: the next one may get its number. */
export function removeJournal({ logJournal }: Pick<StateDirectory, "logJournal">): void {
  try {
    rmSync(logJournal, { force: true });
  } catch {
    // What stays is of no log that is there.
  }
}

/** Starts the journal of a log, which is an open file and still empty. */
export function openJournal({ logJournal: path }: Pick<StateDirectory, "logJournal">, log: number): LogJournal {
  const file = create(path, log);
  const held: LogPlace[] = [];
  let last: LogPlace = { offset: 0, timeMs: 0, stream: "builder", phase: "starting" };
  let count = 0;
  let isHolding = false;
  /** A line that could be written only in part is no line; the next one must not be the rest of it. */
  let isTorn = false;

  const append = (place: LogPlace): void => {
    if (file === undefined) return;
    const line = `${isTorn ? "\n" : ""}${journalLine(place)}\n`;
    try {
      isTorn = writeSync(file, line) < line.length;
    } catch {
      isTorn = true;
    }
  };
  const take = (place: LogPlace): void => {
    // A clock that is set back must not turn the lines' order around.
    last = { ...place, timeMs: Math.max(place.timeMs, last.timeMs) };
    count += 1;
    if (isHolding) held.push(last);
    else append(last);
  };
  return {
    note(offset, stream) {
      const timeMs = Date.now();
      const isDue = timeMs - last.timeMs >= INTERVAL_MS * 2 ** Math.floor(count / NOTES_OF_INTERVAL);
      if ((isDue || stream !== last.stream) && count < MAX_NOTES) take({ offset, timeMs, stream, phase: last.phase });
    },
    enter: (offset, phase, atMs) => take({ offset, timeMs: atMs, stream: "builder", phase }),
    hold() {
      isHolding = true;
    },
    settle({ at, shift }) {
      isHolding = false;
      const places = held.splice(0, held.length).map((place) => ({ ...place, offset: Math.max(at, place.offset - shift) }));
      // Of those in what is left out the last one tells of what comes behind it.
      for (const [index, place] of places.entries()) if (places[index + 1]?.offset !== at) append(place);
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** The file, with the number of the log's own as its first line: the log of another task has another one. */
function create(path: string, log: number): number | undefined {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
    const file = openSync(path, flags, 0o644);
    writeSync(file, `log ${fstatSync(log).ino}\n`);
    return file;
  } catch {
    return undefined;
  }
}
