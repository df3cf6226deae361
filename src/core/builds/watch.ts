import { setTimeout as sleep } from "node:timers/promises";
import { getBuild, listBuilds } from "../api/builds.ts";
import type { Build, BuildState } from "../api/types.ts";
import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";

/** A build has a new state. */
export interface StateChange {
  id: number;
  state: BuildState;
}

export interface WatchOptions {
  /** Wait between two rounds. 30 s is a courtesy to the server. */
  intervalMs?: number;
  signal?: AbortSignal;
  /** Told once for each row of failures, with the reason. */
  onTrouble?: (reason: string) => void;
  /** How long the frontend may be out of reach before the watch gives up, milliseconds; default half an hour. */
  maxOutageMs?: number;
}

/** Nothing more happens to a build in these states. A forked build was never built here: nothing to wait for. */
const finishedStates: ReadonlySet<string> = new Set(["succeeded", "skipped", "forked", "failed", "canceled", "unknown"]);

/**
 * Follows builds until each is finished, telling every change of state. A server that is down or answers nonsense
 * for a while does not end it, but one that was never reached does: RequestError. Throws what the frontend says of a build
 * it does not know.
 */
export async function* watchBuilds(transport: Transport, ids: readonly number[], options: WatchOptions = {}): AsyncIterable<StateChange> {
  const { intervalMs = 30_000, signal } = options;
  const last = new Map<number, BuildState>();
  const waiting = new Set(ids);
  const outage = new Outage(transport, options);
  for (;;) {
    for await (const build of statesOf(transport, waiting, last, outage)) {
      if (last.get(build.id) !== build.state) {
        last.set(build.id, build.state);
        yield { id: build.id, state: build.state };
      }
      if (finishedStates.has(build.state)) waiting.delete(build.id);
    }
    if (waiting.size === 0) return;
    await sleep(intervalMs, undefined, signal ? { signal } : {});
  }
}

/** More builds than this are asked for by list: a request a project instead of one a build. */
const SINGLE_REQUESTS = 4;
const LIST_LIMIT = 500;

/** One round: the builds that can be learnt of now. Builds it has no news of are simply left out. */
async function* statesOf(
  transport: Transport,
  waiting: ReadonlySet<number>,
  known: ReadonlyMap<number, BuildState>,
  outage: Outage,
): AsyncIterable<Build> {
  const open = new Set(waiting);
  while (open.size > 0) {
    const id = open.values().next().value as number;
    open.delete(id);
    const build = await outage.guard(() => getBuild(transport, id));
    if (build === undefined) {
      // Not reachable: do not hammer it with the rest, unless nothing is known of any yet.
      if (known.size > 0) return;
      open.add(id);
      continue;
    }
    yield build;
    if (open.size < SINGLE_REQUESTS) continue;
    const { ownername, projectname } = build;
    const listed = await outage.guard(async () => {
      const found: Build[] = [];
      for await (const other of listBuilds(transport, { ownername, projectname }, { limit: LIST_LIMIT })) {
        found.push(other);
        if (found.length === LIST_LIMIT) break;
      }
      return found;
    });
    for (const other of listed ?? []) {
      if (open.delete(other.id)) yield other;
    }
  }
}

/** A server that asks for more is asked again all the same. */
const LONGEST_WAIT_MS = 10 * 60_000;

/** Counts how long the frontend has been out of reach, and waits before it is asked again. */
class Outage {
  #since: number | undefined;
  #tries = 0;
  readonly #transport: Transport;
  readonly #options: WatchOptions;

  constructor(transport: Transport, options: WatchOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  /** The call's result, or undefined after a wait when the server is in trouble. Other errors are thrown. */
  async guard<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await call();
      this.#since = undefined;
      this.#tries = 0;
      return result;
    } catch (error) {
      // A wrong address never gets better.
      if (!isPassing(error) || !this.#transport.isReached) throw error;
      const now = Date.now();
      if (this.#since === undefined) this.#options.onTrouble?.(error.message.split("\n", 1)[0] as string);
      this.#since ??= now;
      if (now - this.#since > (this.#options.maxOutageMs ?? 30 * 60_000)) throw error;
      this.#tries += 1;
      const backoffMs = Math.min(60_000, 1000 * 2 ** (this.#tries - 1)) * (0.75 + Math.random() / 2);
      const askedMs = error.retryAfterMs ?? 0;
      const { signal } = this.#options;
      await sleep(Math.max(backoffMs, Math.min(askedMs, LONGEST_WAIT_MS)), undefined, signal ? { signal } : {});
      return undefined;
    }
  }
}

function isPassing(error: unknown): error is RequestError {
  if (!(error instanceof RequestError)) return false;
  const { status, page } = error;
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500 || page !== undefined;
}
