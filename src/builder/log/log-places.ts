import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type TaskPhase, taskPhases } from "../../core/text/phase-heading.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { LogPlace, LogStream } from "./log-journal.ts";

const CHUNK_BYTES = 64 * 1024;

/** What the journal of a log tells of its bytes, also while both grow. */
export class LogPlaces {
  readonly #path: string;
  /** Number of the log's file. */
  readonly #log: number;
  #file: number | undefined;
  #read = 0;
  #rest = "";
  readonly #places: LogPlace[] = [];
  /** The place that was told last: lines are asked for in their order. */
  #current = 0;

  /** @param log the open log */
  constructor({ logJournal }: Pick<StateDirectory, "logJournal">, log: number) {
    this.#path = logJournal;
    this.#log = fstatSync(log).ino;
  }

  /** Reads on in the journal; done before bytes of the log are asked about that were read just now. False without a journal of this log. */
  refresh(): boolean {
    this.#file ??= this.#open();
    if (this.#file === undefined) return false;
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const length = readSync(this.#file, buffer, 0, buffer.length, this.#read);
      if (length === 0) return true;
      this.#read += length;
      const lines = (this.#rest + buffer.toString("latin1", 0, length)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
  }

  /** The place a byte is in; undefined where nothing is known of it. */
  at(offset: number): LogPlace | undefined {
    const places = this.#places;
    if ((places[this.#current]?.offset ?? 0) > offset) this.#current = 0;
    while ((places[this.#current + 1]?.offset ?? Number.POSITIVE_INFINITY) <= offset) this.#current += 1;
    const place = places[this.#current];
    return place === undefined || place.offset > offset ? undefined : place;
  }

  /** Where the next place begins behind a byte. */
  endOf(offset: number): number {
    const place = this.at(offset);
    return (place === undefined ? this.#places[0] : this.#places[this.#current + 1])?.offset ?? Number.POSITIVE_INFINITY;
  }

  /** The phases that there are, in their order. */
  get phases(): TaskPhase[] {
    return [...new Set(this.#places.map(({ phase }) => phase))];
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #open(): number | undefined {
    let file: number | undefined;
    try {
      file = openSync(this.#path, "r");
      const buffer = Buffer.alloc(40);
      const start = buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0));
      if (/^log (\d{1,20})\n/.exec(start)?.[1] === String(this.#log)) return file;
    } catch {
      // None, as after upstream's program.
    }
    if (file !== undefined) closeSync(file);
    return undefined;
  }

  #take(line: string): void {
    const [, offset, time, stream, name] = /^(\d{1,16}) (\d{1,16}) (builder|output) ([a-z]{1,20})$/.exec(line) ?? [];
    const phase = taskPhases.find((known) => known === name);
    if (phase === undefined || Number(offset) < (this.#places.at(-1)?.offset ?? 0)) return;
    const place = { offset: Number(offset), timeMs: Number(time), stream: stream as LogStream, phase };
    if (this.#places.at(-1)?.offset === place.offset) this.#places.pop();
    this.#places.push(place);
  }
}
