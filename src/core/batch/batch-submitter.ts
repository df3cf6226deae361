import { getBuild, listLatestBuilds } from "../api/builds.ts";
import type { BuildOptions, BuildTarget } from "../api/builds.ts";
import type { Build } from "../api/types.ts";
import { isFinished } from "../builds/finished-states.ts";
import type { SentSource } from "../builds/sent-source.ts";
import { findSubmitted, isDoubtfulAnswer, type SentBuild, submitOnce } from "../builds/submit-once.ts";
import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import type { Attempt, Journal } from "./journal.ts";

/** A package of a batch, ready to be sent. */
export interface BatchItem {
  name: string;
  /** Of its content: a package with another one is another package. */
  digest: string;
  source: SentSource;
  /** Sends it, once. */
  send(options: BuildOptions): Promise<Build>;
}

export interface BatchSubmitterOptions {
  target: BuildTarget;
  submitter: () => Promise<string | undefined>;
  journal: Journal;
  /** A build, or undefined, that the first wave is to wait for. */
  after?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told when a build has to be looked for. */
  onTrouble?: ((reason: string) => void) | undefined;
}

/** Batches of the frontend are joined and put behind one another by builds in them. */
type Place = { with_build_id: number } | { after_build_id: number } | Record<string, never>;

/** A submission that began so long ago has reached the server, or never will. */
const SETTLED_MS = 60_000;

/** Submits packages so that each wave is one batch of the frontend, which begins when that of the wave before is over. */
export class BatchSubmitter {
  readonly #transport: Transport;
  readonly #options: BatchSubmitterOptions;
  #newest: number | undefined;
  /** The last build of the wave before; its batch is the one to wait for. */
  #before: number | undefined;
  /** The last build of this wave. */
  #last: number | undefined;

  constructor(transport: Transport, options: BatchSubmitterOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#before = options.after;
  }

  /** Begins a wave, and with it a batch. */
  beginWave(): void {
    this.#before = this.#last ?? this.#before;
    this.#last = undefined;
  }

  /** A package of this wave has a build already. */
  take(build: number): void {
    this.#last = build;
  }

  /** Submits a package, once, even if an earlier process was killed while it did. Throws what the frontend says. */
  async submit(item: BatchItem, options: BuildOptions): Promise<Build> {
    const { journal, signal, onTrouble } = this.#options;
    const open = journal.lastAttempt(item.name, item.digest);
    const build =
      (open?.build === null ? await this.#findOpen(open) : undefined) ?? (await this.#send(item, options, { signal, onTrouble }));
    await journal.end(item.name, build.id);
    this.#last = build.id;
    this.#newest = Math.max(this.#newest ?? 0, build.id);
    return build;
  }

  async #findOpen({ source, newestBefore, at }: Attempt): Promise<Build | undefined> {
    const isSettled = Date.now() - at > SETTLED_MS;
    return findSubmitted(this.#transport, this.#sent(source, newestBefore), {
      signal: this.#options.signal,
      ...(isSettled ? { waitsMs: [] } : {}),
    });
  }

  async #send(item: BatchItem, options: BuildOptions, how: Pick<BatchSubmitterOptions, "signal" | "onTrouble">): Promise<Build> {
    const { journal } = this.#options;
    const newestBefore = await this.#newestBuild();
    await journal.begin(item.name, item.digest, { source: item.source, newestBefore });
    try {
      return await submitOnce(this.#transport, this.#sent(item.source, newestBefore), () => this.#place(item, options), {
        ...how,
        isDoubtful: isDoubtfulAnswer,
      });
    } catch (error) {
      // What the frontend refused has made no build. Of everything else that is not so sure.
      if (error instanceof RequestError && error.status >= 400 && error.status < 500) await journal.end(item.name, undefined);
      throw error;
    }
  }

  #sent(source: SentSource, newestBefore: number): SentBuild {
    const { target, submitter, journal } = this.#options;
    const { ownername, projectname, project_dirname: dirname } = target;
    return { project: { ownername, projectname }, dirname, source, submitter, newestBefore, others: journal.builds };
  }

  async #newestBuild(): Promise<number> {
    const { ownername, projectname } = this.#options.target;
    return (this.#newest ??= (await listLatestBuilds(this.#transport, { ownername, projectname }, 1))[0]?.id ?? 0);
  }

  /** The frontend takes no build into a batch that is over: then there is nothing to wait for, and a new batch is as good. */
  async #place(item: BatchItem, options: BuildOptions): Promise<Build> {
    const places: [neighbour: number | undefined, place: Place][] = [
      ...(this.#last === undefined ? [] : [[this.#last, { with_build_id: this.#last }] as [number, Place]]),
      ...(this.#before === undefined ? [] : [[this.#before, { after_build_id: this.#before }] as [number, Place]]),
    ];
    for (const [neighbour, place] of places) {
      try {
        return await item.send({ ...options, ...place });
      } catch (error) {
        const isRefusal = error instanceof RequestError && error.status === 400;
        if (!isRefusal || !isFinished((await getBuild(this.#transport, neighbour as number)).state)) throw error;
      }
    }
    return item.send(options);
  }
}
