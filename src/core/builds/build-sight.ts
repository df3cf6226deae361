import { listBuildChroots } from "../api/build-chroots.ts";
import { getBuild, getSourceChroot } from "../api/builds.ts";
import type { Build, BuildChroot, BuildState } from "../api/types.ts";
import { BuildError, isNotFound, RequestError } from "../errors.ts";
import { isPassing, Outage } from "../http/outage.ts";
import type { Transport } from "../http/transport.ts";

/** What stands for a chroot where the SRPM phase of a build is meant. */
export const SOURCE = "srpm-builds";

/** A chroot of a build, or its SRPM phase. */
export interface BuildPart {
  /** Name of the chroot, or `srpm-builds`. */
  name: string;
  state: BuildState;
  /** Ends in `/`; null before there is a result directory. */
  resultUrl: string | null;
}

/** A chroot, as the frontend tells it. */
export function chrootPart({ name, state, result_url: resultUrl }: BuildChroot): BuildPart {
  return { name, state, resultUrl: resultUrl ?? null };
}

/** A build and its parts, for several who look at it: the frontend is asked again only for what is older than `intervalMs`. */
export class BuildSight {
  readonly #id: number;
  readonly #transport: Transport;
  readonly #intervalMs: number;
  readonly #outage: Outage;
  readonly #answers = new Map<string, { at: number; answer: Promise<unknown> }>();
  /** Why the frontend can't be asked at present, until somebody has told it. */
  #trouble: string | undefined;

  constructor(transport: Transport, id: number, intervalMs: number, maxOutageMs?: number) {
    this.#transport = transport;
    this.#id = id;
    this.#intervalMs = intervalMs;
    this.#outage = new Outage({ maxOutageMs });
  }

  /** The reason of a row of failures, once. */
  takeTrouble(): string | undefined {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    return trouble;
  }

  /** Something has happened: what is asked next is not to be answered from what is known. */
  askAnew(): void {
    for (const known of this.#answers.values()) known.at = Number.NEGATIVE_INFINITY;
  }

  build(): Promise<Build> {
    return this.#ask("build", () => getBuild(this.#transport, this.#id));
  }

  async chroots(): Promise<BuildPart[]> {
    const chroots = await this.#ask("chroots", () => listBuildChroots(this.#transport, this.#id));
    return chroots.map(chrootPart);
  }

  /** The SRPM phase. The frontend has no answer while there is no result directory: its state is then made of what else is known. */
  async source(): Promise<BuildPart> {
    const source = await this.#ask("source", async () => {
      try {
        return await getSourceChroot(this.#transport, this.#id);
      } catch (error) {
        if (error instanceof RequestError && error.status >= 500) return undefined;
        throw error;
      }
    });
    if (source?.state) return { name: SOURCE, state: source.state, resultUrl: source.result_url ?? null };
    const [{ state }, chroots] = await Promise.all([this.build(), this.chroots()]);
    const isBefore = chroots.every(({ resultUrl }) => resultUrl === null);
    return { name: SOURCE, state: isBefore ? state : "succeeded", resultUrl: null };
  }

  /** A chroot by its name; undefined when the build does not have it, or not yet. */
  async part(name: string): Promise<BuildPart | undefined> {
    return name === SOURCE ? this.source() : (await this.chroots()).find((part) => part.name === name);
  }

  /** Asks, unless that was done a moment ago. A frontend in trouble leaves what is known. Throws BuildError for a build that is gone. */
  async #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(what) as { at: number; answer: Promise<T> } | undefined;
    const now = performance.now();
    if (known && now - known.at < this.#intervalMs) return known.answer;
    const answer = this.#answers.size === 0 ? call() : call().catch((error: unknown) => this.#insteadOf(error, known?.answer));
    this.#answers.set(what, { at: now, answer });
    return answer;
  }

  #insteadOf<T>(error: unknown, known: Promise<T> | undefined): Promise<T> {
    if (isNotFound(error)) throw new BuildError(`Build ${this.#id} was deleted.`);
    if (!known || !isPassing(error)) throw error;
    if (this.#outage.note(error).isFirst) this.#trouble = error.message.split("\n", 1)[0];
    return known;
  }
}
