import { setTimeout as sleep } from "node:timers/promises";
import { isOutsideError, RequestError } from "../errors.ts";
import { withoutSecrets } from "../text/without-secrets.ts";
import { connectionError, isConnectionError } from "./connection-errors.ts";
import { findTail, LastLines } from "./file-tail.ts";
import { type FileNews, GrowingFile } from "./growing-file.ts";
import { isPassing, Outage, type OutageOptions } from "./outage.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { Transport } from "./transport.ts";

export type FileEvent =
  | FileNews
  /** All there is was told; `isThere` is false when there is no such file, or none yet. */
  | { kind: "pause"; isThere: boolean }
  /** The first failure of a row. It is tried again. */
  | { kind: "trouble"; reason: string };

/** How often a followed file is looked at, milliseconds. */
export interface Pace {
  /** The least between two requests; default a second. */
  leastMs?: number | undefined;
  /** What the pause grows to while nothing comes; default 5 s. */
  mostMs?: number | undefined;
}

export interface FollowFileOptions extends OutageOptions {
  /** What comes before this byte of the plain file is left out. */
  fromOffset?: number | undefined;
  /** Begins with so many of the last lines instead. */
  tailLines?: number | undefined;
  /**
   * Asked whenever all there is was told: whether nothing more will be written. Then the file is read a last time. It hears
   * whether the file was packed, as is done at its end. Without it the file is read once, and a server in trouble is tried
   * for a quarter of a minute only.
   */
  isOver?: ((isPacked: boolean) => boolean | Promise<boolean>) | undefined;
  pace?: Pace | undefined;
  /** What it shares with others that are followed at the same time; a file that is over is read without. */
  budget?: RequestBudget | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads one file of a web server as a stream of bytes, and follows it while it grows. Offsets are those of the plain file,
 * also where it is packed, or becomes so meanwhile (see GrowingFile). Constant memory, whatever its size. Throws RequestError
 * when the server stays in trouble or answers what is no answer.
 */
export async function* followFile(transport: Transport, url: string, options: FollowFileOptions = {}): AsyncGenerator<FileEvent> {
  const { isOver, tailLines, signal } = options;
  const outage = new Outage({ ...options, maxOutageMs: options.maxOutageMs ?? (isOver ? undefined : SHORT_OUTAGE_MS) });
  const rhythm = new Rhythm(isOver ? options : { pace: { leastMs: 0, mostMs: 0 }, signal });
  let file: GrowingFile | undefined;
  let lastLines: LastLines | undefined;
  let isLast = isOver === undefined;
  for (let missedLooks = 0, restarts = 0; ; ) {
    await rhythm.nextRequest();
    const before = file?.offset;
    let look: "whole" | "missing" | "again";
    try {
      if (!file) {
        const start = tailLines === undefined ? options.fromOffset : await findTail(transport, url, tailLines, signal);
        file = new GrowingFile(transport, url, start);
        if (start === undefined && tailLines !== undefined) lastLines = new LastLines(tailLines);
      }
      const news = file.look(signal);
      look = lastLines ? await toldTo(lastLines, news) : yield* news;
    } catch (error) {
      signal?.throwIfAborted();
      const failure = describeFailure(error, url);
      if (file && file.offset !== before) outage.end();
      const { waitMs, isFirst } = outage.note(failure);
      if (isFirst) yield { kind: "trouble", reason: failure.message };
      await sleep(waitMs, undefined, signal ? { signal } : {});
      continue;
    }
    outage.end();
    rhythm.looked(look === "again" || file.offset !== before, file.isRepeating);
    if (look === "again") {
      if (++restarts > MOST_RESTARTS) throw new RequestError(`${withoutSecrets(url)} changes faster than it can be read`);
      continue;
    }
    restarts = 0;
    if (lastLines && look === "whole") {
      const { start, bytes } = lastLines;
      lastLines = undefined;
      if (!bytes) {
        // They are read again: to hold so much would not do.
        file.moveTo(start);
        continue;
      }
      if (bytes.length > 0) yield { kind: "bytes", offset: start, bytes };
    }
    yield { kind: "pause", isThere: look === "whole" };
    // A file that is being packed may be out of sight for a moment.
    if (isLast && (look === "whole" || file.offset === 0 || !isOver || ++missedLooks > MISSED_LOOKS)) return;
    if (isLast || !(await isOver?.(file.isPacked))) continue;
    isLast = true;
    rhythm.hurry();
  }
}

const SHORT_OUTAGE_MS = 15_000;
const MISSED_LOOKS = 3;
const MOST_RESTARTS = 20;

/** Lets all news of a look be taken, and tells none. */
async function toldTo<T>(lines: LastLines, news: AsyncGenerator<FileNews, T>): Promise<T> {
  for (;;) {
    const { done, value } = await news.next();
    if (done) return value;
    lines.take(value);
  }
}

function describeFailure(error: unknown, url: string): RequestError {
  const address = withoutSecrets(url);
  if (isPassing(error)) return error;
  if (isConnectionError(error)) return connectionError(error, address) as RequestError;
  if (!isOutsideError(error)) throw connectionError(error, address);
  return new RequestError(`${address} broke off: ${error.message}`, { cause: error });
}

/** When the next request may be made. */
class Rhythm {
  readonly #leastMs: number;
  readonly #mostMs: number;
  readonly #signal: AbortSignal | undefined;
  #budget: RequestBudget | undefined;
  #pauseMs: number;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor({ pace = {}, budget, signal }: Pick<FollowFileOptions, "pace" | "budget" | "signal">) {
    const { leastMs = 1000, mostMs = 5000 } = pace;
    this.#leastMs = leastMs;
    this.#mostMs = Math.max(leastMs, mostMs);
    this.#budget = budget;
    this.#signal = signal;
    this.#pauseMs = leastMs;
  }

  async nextRequest(): Promise<void> {
    const waitMs = this.#askedAt + this.#pauseMs - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, this.#signal ? { signal: this.#signal } : {});
    await this.#budget?.take(this.#signal);
    this.#askedAt = performance.now();
  }

  /** Nothing is to be waited for any more. */
  hurry(): void {
    this.#budget = undefined;
    this.#pauseMs = this.#leastMs;
  }

  /** After a look: whether it told something, and whether the server sent all of the file for it. */
  looked(isNews: boolean, isCostly: boolean): void {
    this.#pauseMs = isNews ? this.#leastMs : Math.min(this.#mostMs, this.#pauseMs * 1.5);
    if (isCostly) this.#pauseMs = Math.max(this.#pauseMs, COST_FACTOR * (performance.now() - this.#askedAt));
  }
}

/** A server that sends all of a file each time is left alone for so much longer than that took. */
const COST_FACTOR = 4;
