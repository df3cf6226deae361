import type { BuildState } from "../../core/api/types.ts";
import type { LogEvent } from "../../core/builds/logs.ts";
import { TextCleaner } from "../../core/text/clean-text.ts";

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
  notice: "anew" | "waiting" | "trouble";
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
}

/** How finely text is told: a record a line, or as many lines as come at once, and where a line has no end yet, what there is of it. */
export type Grain = "line" | "block";

/** Makes records and notices of what was learnt of logs. Each log gets a cleaner of its own, so that they may come interleaved. */
export async function* logRecords(
  events: AsyncIterable<LogEvent>,
  grainOf: (among: readonly string[]) => Grain,
): AsyncGenerator<LogTelling> {
  const texts = new Map<string, LogText>();
  for await (const event of events) {
    const { chroot, log } = event;
    const text = texts.get(chroot) ?? new LogText(chroot, log, grainOf(event.kind === "begin" ? event.among : [chroot]));
    texts.set(chroot, text);
    switch (event.kind) {
      case "begin":
        yield { kind: "begin", chroot, log, among: event.among };
        break;
      case "bytes":
        yield* text.take(event.bytes, event.offset);
        break;
      case "pause":
        yield* text.pause();
        break;
      case "anew":
        yield* text.end();
        yield { kind: "notice", chroot, log, notice: "anew", sentence: `The log of ${chroot} began anew.` };
        break;
      case "waiting":
        yield { kind: "notice", chroot, log, notice: "waiting", sentence: `There is no ${log} of ${chroot} yet: ${event.state}.` };
        break;
      case "trouble":
        yield { kind: "notice", chroot, log, notice: "trouble", sentence: `The server has trouble, still waiting: ${event.reason}` };
        break;
      case "end":
        yield* text.end();
        yield { kind: "end", chroot, log, state: event.state, isMissing: event.isMissing };
    }
  }
}

const LINE_FEED = 0x0a;

/** The text of one log. */
class LogText {
  readonly #place: { kind: "text"; chroot: string; log: string };
  readonly #grain: Grain;
  readonly #cleaner = new TextCleaner();
  /** Where what the cleaner holds back begins, and how far it was read. */
  #offset = 0;
  #end = 0;

  constructor(chroot: string, log: string, grain: Grain) {
    this.#place = { kind: "text", chroot, log };
    this.#grain = grain;
  }

  *take(bytes: Buffer, offset: number): Generator<LogRecord> {
    if (offset !== this.#end) this.#offset = offset;
    this.#end = offset;
    if (this.#grain === "block") {
      const lastLine = bytes.lastIndexOf(LINE_FEED) + 1;
      yield* this.#push(bytes, lastLine > 0 ? lastLine : bytes.length);
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(LINE_FEED, at) + 1 || bytes.length;
      const part = bytes.subarray(at, end);
      yield* this.#push(part, part.length);
      at = end;
    }
  }

  /** Nothing comes for now: who waits sees the beginning of a line, unless it is drawn over again and again. */
  *pause(): Generator<LogRecord> {
    if (this.#grain === "block" && this.#cleaner.partialLine === "text") yield* this.#told(this.#cleaner.passOn(), this.#end);
  }

  *end(): Generator<LogRecord> {
    yield* this.#told(this.#cleaner.flush(), this.#end);
    this.#offset = 0;
    this.#end = 0;
  }

  /** @param lineEnd where in these bytes the line begins that the cleaner may hold back */
  *#push(bytes: Buffer, lineEnd: number): Generator<LogRecord> {
    const text = this.#cleaner.push(bytes);
    const next = this.#end + lineEnd;
    this.#end += bytes.length;
    yield* this.#told(text, next);
  }

  *#told(text: Buffer, next: number): Generator<LogRecord> {
    if (text.length === 0) return;
    yield { ...this.#place, offset: this.#offset, text, time: new Date() };
    this.#offset = next;
  }
}
