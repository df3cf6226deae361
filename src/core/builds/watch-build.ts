import { setTimeout as sleep } from "node:timers/promises";
import { listBuildChroots } from "../api/build-chroots.ts";
import { getBuild } from "../api/builds.ts";
import type { Build, BuildChroot, BuildState, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import type { FinishedEvent, StateEvent } from "./build-events.ts";
import { type BuildRecord, buildRecord, chrootRecord } from "./build-record.ts";
import { isFinished } from "./finished-states.ts";
import { Patience } from "./patience.ts";
import { SINGLE_REQUESTS, statesOf, type WatchOptions } from "./watch.ts";

/** Builds with their chroots as they are watched: what happens, and how they stand. */
export interface BuildWatch extends AsyncIterable<StateEvent | FinishedEvent> {
  /** By number; empty at first. A build that was not yet asked for its chroots has none. */
  readonly builds: ReadonlyMap<number, BuildRecord>;
}

/**
 * Follows builds and their chroots until each is finished. Costs one request a round for each of a few builds, or of many
 * one a project and one for the chroots of the running build that was looked at longest ago, and one more when a build's state
 * changes. Throws as `watchBuilds` does.
 */
export function watchBuild(transport: Transport, ids: readonly number[], options: WatchOptions = {}): BuildWatch {
  const watch = new Watch(transport, ids, options);
  return { builds: watch.builds, [Symbol.asyncIterator]: () => watch.events() };
}

/** States in which chroots have states of their own. */
const building: ReadonlySet<string> = new Set(["pending", "starting", "running"]);

type WatchedEvent = StateEvent | FinishedEvent;

class Watch {
  readonly builds = new Map<number, BuildRecord>();
  readonly #transport: Transport;
  readonly #options: WatchOptions;
  readonly #patience: Patience;
  readonly #waiting: Set<number>;
  #rounds = 0;
  /** In which round a build was asked for its chroots last. */
  readonly #looked = new Map<number, number>();

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
    const areMany = asked.size > SINGLE_REQUESTS;
    this.#rounds += 1;
    if (!areMany) {
      for (const id of [...asked].filter((one) => this.#isInChroots(one))) {
        asked.delete(id);
        yield* this.#askChroots(id);
      }
    }
    const states = statesOf(this.#transport, asked, this.builds, this.#patience, (id) => this.#projectOf(id));
    for await (const build of states) yield* this.#take(build);
    // Once it is known where the builds are, a round has a request to spare.
    const next = areMany && this.#rounds > 1 ? this.#leastKnown() : undefined;
    const chroots = next === undefined ? undefined : await this.#chrootsOf(next.id);
    if (next !== undefined && chroots !== undefined) yield* this.#takeChroots(next, chroots);
  }

  #projectOf(id: number): ProjectRef | undefined {
    const [ownername, projectname] = this.builds.get(id)?.project.split("/") ?? [];
    return ownername === undefined || projectname === undefined ? undefined : { ownername, projectname };
  }

  /** Of the builds that are being built, the one whose chroots were asked for longest ago: they go on while its state stays. */
  #leastKnown(): BuildRecord | undefined {
    const running = [...this.#waiting].flatMap((id) => this.builds.get(id) ?? []).filter(({ state }) => building.has(state));
    return running.toSorted((one, other) => (this.#looked.get(one.id) ?? 0) - (this.#looked.get(other.id) ?? 0))[0];
  }

  #chrootsOf(id: number): Promise<BuildChroot[] | undefined> {
    this.#looked.set(id, this.#rounds);
    return this.#patience.guard(() => listBuildChroots(this.#transport, id));
  }

  /** The source package is done: what happens now happens in the chroots, whose states make the build's. */
  #isInChroots(id: number): boolean {
    return this.builds.get(id)?.chroots.some(({ state }) => state !== "waiting") ?? false;
  }

  async *#askChroots(id: number): AsyncIterable<WatchedEvent> {
    const chroots = await this.#chrootsOf(id);
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
    record.chroots = before?.chroots ?? [];
    this.builds.set(build.id, record);
    const isChanged = before?.state !== build.state;
    // With its version a source package has been imported.
    const isNews = isChanged || before?.version !== record.version;
    // Of many builds, a request for each at the start would be too much.
    const areFew = this.#waiting.size <= SINGLE_REQUESTS;
    const isWanted = isNews ? before !== undefined || areFew || build.state === "failed" : areFew && !this.#looked.has(build.id);
    const isAsked = !chroots && isWanted;
    const asked = isAsked ? await this.#chrootsOf(build.id) : undefined;
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
