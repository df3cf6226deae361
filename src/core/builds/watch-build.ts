import { setTimeout as sleep } from "node:timers/promises";
import { listBuildChroots } from "../api/build-chroots.ts";
import { getBuild } from "../api/builds.ts";
import type { Build, BuildChroot, BuildState } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import type { FinishedEvent, StateEvent } from "./build-events.ts";
import { type BuildRecord, buildRecord, chrootRecord } from "./build-record.ts";
import { isFinished } from "./finished-states.ts";
import { Patience } from "./patience.ts";
import { SINGLE_REQUESTS, statesOf, type WatchOptions } from "./watch.ts";

/** Builds with their chroots as they are watched: what happens, and how they stand. */
export interface BuildWatch extends AsyncIterable<StateEvent | FinishedEvent> {
  /** By number, in the order in which they were asked for; empty at first. */
  readonly builds: ReadonlyMap<number, BuildRecord>;
}

/**
 * Follows builds and their chroots until each is finished. Costs one request a round for each of a few builds, or one for a
 * project's many, and one more when a build's state changes. Throws as `watchBuilds` does.
 */
export function watchBuild(transport: Transport, ids: readonly number[], options: WatchOptions = {}): BuildWatch {
  const watch = new Watch(transport, ids, options);
  return { builds: watch.builds, [Symbol.asyncIterator]: () => watch.events() };
}

type WatchedEvent = StateEvent | FinishedEvent;

class Watch {
  readonly builds = new Map<number, BuildRecord>();
  readonly #transport: Transport;
  readonly #options: WatchOptions;
  readonly #patience: Patience;
  readonly #waiting: Set<number>;

  constructor(transport: Transport, ids: readonly number[], options: WatchOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#patience = new Patience(transport, options);
    this.#waiting = new Set(ids);
  }

  async *events(): AsyncGenerator<WatchedEvent> {
    const { intervalMs = 30_000, signal } = this.#options;
    for (;;) {
      yield* this.#round();
      if (this.#waiting.size === 0) return;
      await sleep(intervalMs, undefined, signal ? { signal } : {});
    }
  }

  async *#round(): AsyncIterable<WatchedEvent> {
    const asked = new Set(this.#waiting);
    if (this.#waiting.size <= SINGLE_REQUESTS) {
      for (const id of [...asked].filter((one) => this.#isInChroots(one))) {
        asked.delete(id);
        yield* this.#askChroots(id);
      }
    }
    for await (const build of statesOf(this.#transport, asked, this.builds, this.#patience)) yield* this.#take(build);
  }

  /** The source package is done: what happens now happens in the chroots, whose states make the build's. */
  #isInChroots(id: number): boolean {
    return this.builds.get(id)?.chroots.some(({ state }) => state !== "waiting") ?? false;
  }

  async *#askChroots(id: number): AsyncIterable<WatchedEvent> {
    const chroots = await this.#patience.guard(() => listBuildChroots(this.#transport, id));
    if (chroots === undefined) return;
    const record = this.builds.get(id) as BuildRecord;
    yield* this.#takeChroots(record, chroots);
    const state = stateOf(chroots);
    if (state !== undefined) {
      if (state !== record.state) yield this.#change(record, state);
      return;
    }
    const build = await this.#patience.guard(() => getBuild(this.#transport, id));
    if (build !== undefined) yield* this.#take(build, chroots);
  }

  /** @param chroots what is known of them already */
  async *#take(build: Build, chroots?: readonly BuildChroot[]): AsyncIterable<WatchedEvent> {
    const before = this.builds.get(build.id);
    const record = buildRecord(this.#transport.coprUrl, build);
    if (before) record.chroots = before.chroots;
    this.builds.set(build.id, record);
    const isChanged = before?.state !== build.state;
    // With its version a source package has been imported.
    const isNews = isChanged || before?.version !== record.version;
    // Of many builds, a request for each at the start would be too much.
    const isAsked = !chroots && isNews && (before !== undefined || this.#waiting.size <= SINGLE_REQUESTS || build.state === "failed");
    const asked = isAsked ? await this.#patience.guard(() => listBuildChroots(this.#transport, build.id)) : undefined;
    if (isChanged) yield this.#change(record, build.state);
    if (asked) yield* this.#takeChroots(record, asked);
    if (!isFinished(build.state)) return;
    this.#waiting.delete(build.id);
    yield { event: "finished", build: build.id, state: build.state };
  }

  *#takeChroots(record: BuildRecord, chroots: readonly BuildChroot[]): Iterable<WatchedEvent> {
    const before = new Map(record.chroots.map(({ name, state }) => [name, state]));
    record.chroots = chroots.map(chrootRecord);
    for (const { name, state } of record.chroots) {
      // That nothing has begun yet is no news.
      if (state !== (before.get(name) ?? "waiting")) yield { event: "state", build: record.id, chroot: name, state, at: now() };
    }
  }

  #change(record: BuildRecord, state: BuildState): StateEvent {
    record.state = state;
    return { event: "state", build: record.id, chroot: null, state, at: now() };
  }
}

function now(): string {
  return new Date().toISOString();
}

/** As the frontend makes it of the chroots' states, which has an order of its own; undefined when all are finished. */
function stateOf(chroots: readonly BuildChroot[]): BuildState | undefined {
  const states = new Set<string>(chroots.map(({ state }) => state));
  return (["running", "starting", "pending", "waiting"] as const).find((state) => states.has(state));
}
