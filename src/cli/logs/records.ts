import type { BuildState } from "../../core/api/types.ts";
import type { PhaseLogEvent } from "../../core/builds/phase-of-logs.ts";
import { TextCleaner } from "../../core/text/clean-text.ts";
import type { TaskPhase } from "../../core/text/phase-heading.ts";

/** What is told of logs, without terminal control; how it is printed is another matter. */
export type LogTelling = LogBegin | LogRecord | LogNotice | LogEnd;

/** A log comes next. */
interface LogBegin {
  kind: "begin";
  chroot: string;
  log: string;
  /** The chroots whose logs are told with it, itself included. */
  among: readonly string[];
}

/** Text of a log. */
export interface LogRecord {
  kind: "text";
  chroot: string;
  log: string;
  /** Of its first byte in the log as the server has it. */
  offset: number;
  /** Whole lines; the last of a log, and pieces of very long ones, lack the line end. */
  text: Buffer;
  /** When it was read. */
  time: Date;
}

/** Something that happened to a log, in a sentence for a person. */
interface LogNotice {
  kind: "notice";
  chroot: string;
  log: string;
  notice: "anew" | "waiting" | "trouble" | "guessed";
  sentence: string;
}

/** A log has been told. */
export interface LogEnd {
  kind: "end";
  chroot: string;
  log: string;
  /** How the build stands in this chroot. */
  state: BuildState;
  isMissing: boolean;
  /** The phases it has, where it lacks the one that was wanted. */
  phases?: readonly TaskPhase[] | undefined;
}

/** How text is told: a record a line, as many whole lines as come at once, or the same with beginnings of lines where none comes. */
export type Grain = "line" | "lines" | "all";

/**
 * Makes records and notices of what was learnt of logs, those that come at once together: a line must not cost a turn of the
 * event loop. Each log gets a cleaner of its own, so that they may come interleaved.
 */
export async function* logRecords(
  events: AsyncIterable<PhaseLogEvent>,
  grainOf: (among: readonly string[]) => Grain,
): AsyncGenerator<LogTelling[]> {
  const texts = new Map<string, LogText>();
  const lacking = new Map<string, readonly TaskPhase[]>();
  for await (const event of events) {
    const { chroot, log } = event;
    const text = texts.get(chroot) ?? new LogText(chroot, log, grainOf(event.kind === "begin" ? event.among : [chroot]));
    texts.set(chroot, text);
    switch (event.kind) {
      case "begin":
        yield [{ kind: "begin", chroot, log, among: event.among }];
        break;
      case "bytes":
        yield text.take(event.bytes, event.offset);
        break;
      case "pause":
        yield text.pause();
        break;
      case "anew":
        yield [...text.end(), { kind: "notice", chroot, log, notice: "anew", sentence: `The log of ${chroot} began anew.` }];
        break;
      case "waiting":
        yield [{ kind: "notice", chroot, log, notice: "waiting", sentence: `There is no ${log} of ${chroot} yet: ${event.state}.` }];
        break;
      case "trouble":
        yield [{ kind: "notice", chroot, log, notice: "trouble", sentence: `The server has trouble, still waiting: ${event.reason}` }];
        break;
      case "guessed":
        yield [{ kind: "notice", chroot, log, notice: "guessed", sentence: guessed(chroot) }];
        break;
      case "no-phase":
        lacking.set(chroot, event.phases);
        break;
      case "end":
        yield [...text.end(), { kind: "end", chroot, log, state: event.state, isMissing: event.isMissing, phases: lacking.get(chroot) }];
    }
  }
}

function guessed(chroot: string): string {
  return `The log of ${chroot} has no headings, so its phases are told by what mock and the builder say in it.`;
}

const LINE_FEED = 0x0a;

/** The text of one log. */
class LogText {
  readonly #place: { kind: "text"; chroot: string; log: string };
  readonly #grain: Grain;
  readonly #cleaner = new TextCleaner();
  /** Where what comes next out of the cleaner begins, and how far the log was read. */
  #offset = 0;
  #end = 0;

  constructor(chroot: string, log: string, grain: Grain) {
    this.#place = { kind: "text", chroot, log };
    this.#grain = grain;
  }

  take(bytes: Buffer, offset: number): LogRecord[] {
    if (offset !== this.#end) this.#offset = offset;
    this.#end = offset + bytes.length;
    const text = this.#cleaner.push(bytes);
    const records = this.#grain === "line" ? this.#lines(text, bytes, offset) : this.#block(text);
    // What is left in the cleaner began behind the last line end, or here, where the piece of a long line was let go.
    const lastLine = bytes.lastIndexOf(LINE_FEED) + 1;
    if (lastLine > 0) this.#offset = offset + lastLine;
    else if (text.length > 0) this.#offset = this.#end;
    return records;
  }

  /** Nothing comes for now: who waits sees the beginning of a line, unless it is drawn over again and again. */
  pause(): LogRecord[] {
    if (this.#grain !== "all" || this.#cleaner.partialLine !== "text") return [];
    const records = this.#block(this.#cleaner.passOn());
    this.#offset = this.#end;
    return records;
  }

  end(): LogRecord[] {
    const records = this.#block(this.#cleaner.flush());
    this.#offset = 0;
    this.#end = 0;
    return records;
  }

  #block(text: Buffer): LogRecord[] {
    return text.length === 0 ? [] : [{ ...this.#place, offset: this.#offset, text, time: new Date() }];
  }

  /** Each line that came out of the cleaner, with the place of the one that went in. */
  #lines(text: Buffer, bytes: Buffer, offset: number): LogRecord[] {
    const time = new Date();
    const starts = [this.#offset];
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) starts.push(offset + at + 1);
    const lines: Buffer[] = [];
    for (let at = 0; at < text.length; ) {
      const next = text.indexOf(LINE_FEED, at) + 1 || text.length;
      lines.push(text.subarray(at, next));
      at = next;
    }
    // No line end is lost. One that is drawn over may have been added, in the line that began before.
    const added = lines.length - (text.at(-1) === LINE_FEED ? starts.length - 1 : starts.length);
    return lines.map((line, index) => ({ ...this.#place, offset: starts[Math.max(0, index - added)] as number, text: line, time }));
  }
}
