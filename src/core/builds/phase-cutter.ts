import { readPhaseHeading, type TaskPhase, taskPhases } from "../text/phase-heading.ts";

/** Bytes of a log and where they were in it. */
export interface LogPiece {
  offset: number;
  bytes: Buffer;
}

/** How a log tells its phases: by the headings of our builder, or only by what its programs and mock happen to say. */
export type PhaseBasis = "headings" | "messages";

const LINE_FEED = 0x0a;
/** So much of a line tells whether a phase begins there. */
const TELLING_BYTES = 1024;
/** The head of a log, with what copr-rpmbuild-log says while it waits for one, is shorter. */
const MAX_HEAD_LINES = 200;

/**
 * Cuts one phase out of a builder's log as it comes. Headings are believed only in a log whose first one stands right behind
 * the head, where no stranger has said anything yet: such a log is our builder's, which lets nobody else make headings. In
 * others phases are told from messages, which a build may print, too.
 */
export class PhaseCutter {
  readonly #wanted: TaskPhase;
  readonly #seen: TaskPhase[] = ["starting"];
  #basis: PhaseBasis | undefined;
  #headLines = 0;
  #isBehindHead = false;
  /** Not decided yet: the beginning of a line. */
  #held = Buffer.alloc(0);
  /** Of the next byte that comes, unless the log began anew. */
  #end = 0;
  #isLineStart = true;

  constructor(wanted: TaskPhase) {
    this.#wanted = wanted;
  }

  /** Undefined while the head of the log is not over. */
  get basis(): PhaseBasis | undefined {
    return this.#basis;
  }

  /** The phases so far, in their order. */
  get phases(): readonly TaskPhase[] {
    return this.#seen;
  }

  /** What is wanted of the bytes that come next, in pieces of whole lines as far as these are there. */
  push(bytes: Buffer): LogPiece[] {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const start = this.#end - this.#held.length;
    this.#end += bytes.length;
    this.#held = Buffer.alloc(0);
    const pieces: LogPiece[] = [];
    let from = 0;
    for (let at = 0; at < all.length; ) {
      const lineEnd = all.indexOf(LINE_FEED, at);
      if (this.#isLineStart) {
        if (lineEnd < 0 && all.length - at < TELLING_BYTES) {
          this.#held = Buffer.from(all.subarray(at));
          this.#add(pieces, start, all, from, at);
          return pieces;
        }
        const phase = this.#phaseAt(all, at, lineEnd < 0 ? all.length : lineEnd);
        if (phase !== undefined) {
          this.#add(pieces, start, all, from, at);
          from = at;
          this.#seen.push(phase);
        }
      }
      this.#isLineStart = lineEnd >= 0;
      at = lineEnd < 0 ? all.length : lineEnd + 1;
    }
    this.#add(pieces, start, all, from, all.length);
    return pieces;
  }

  /** Nothing comes for now: the beginning of a line that begins no phase need not wait for its end. */
  pause(): LogPiece[] {
    return this.#held.length === 0 || mayTell(this.#held[0] as number) || this.#basis === undefined ? [] : this.end();
  }

  /** What is left. */
  end(): LogPiece[] {
    const pieces: LogPiece[] = [];
    this.#add(pieces, this.#end - this.#held.length, this.#held, 0, this.#held.length);
    if (this.#held.length > 0) this.#isLineStart = false;
    this.#held = Buffer.alloc(0);
    return pieces;
  }

  #add(pieces: LogPiece[], start: number, all: Buffer, from: number, to: number): void {
    if (to > from && this.#seen.at(-1) === this.#wanted) pieces.push({ offset: start + from, bytes: all.subarray(from, to) });
  }

  /** The phase that begins with a line, if it is a later one. */
  #phaseAt(all: Buffer, at: number, end: number): TaskPhase | undefined {
    if (this.#basis !== undefined && !mayTell(all[at] as number)) return undefined;
    const line = all.toString("latin1", at, Math.min(end, at + TELLING_BYTES)).replace(/\r$/, "");
    if (this.#basis === undefined) this.#readHead(line);
    const phase = this.#basis === "headings" ? readPhaseHeading(line) : this.#basis === "messages" ? toldBy(line) : undefined;
    const isLater = phase !== undefined && taskPhases.indexOf(phase) > taskPhases.indexOf(this.#seen.at(-1) as TaskPhase);
    return isLater ? phase : undefined;
  }

  #readHead(line: string): void {
    this.#headLines += 1;
    if (this.#isBehindHead && line !== "") this.#basis = readPhaseHeading(line) === undefined ? "messages" : "headings";
    else if (toldBy(line) !== undefined || this.#headLines > MAX_HEAD_LINES) this.#basis = "messages";
    else if (/^Logging PID: \d{1,10}$/.test(line)) this.#isBehindHead = true;
  }
}

/** Whether a line that begins with this byte may begin a phase. Most lines of a build do not. */
function mayTell(byte: number): boolean {
  return "=BIPRST".includes(String.fromCharCode(byte));
}

/** The phase that begins with what upstream's builder, ours before it had headings, or mock says in this line. */
function toldBy(line: string): TaskPhase | undefined {
  if (/^Task:$|^Build definition: /.test(line)) return "fetching";
  const [, program, rest = ""] = /^Running(?: \(timeout=\d{1,9}\))?: (?:unbuffer )?(\S{1,100})(.*)/.exec(line) ?? [];
  if (program !== undefined)
    return program === "mock" && / --(?:spec|rebuild) .*--resultdir /.test(rest) && !/ --buildsrpm\b/.test(rest) ? "chroot" : "sources";
  if (/^(?:INFO: )?Start: rpmbuild \S{1,300}\.rpm$/.test(line)) return "building";
  if (/^Running (?:FedoraReview|SRPMResults|RPMResults) tool$|^Package info:/.test(line)) return "collecting";
  return undefined;
}
