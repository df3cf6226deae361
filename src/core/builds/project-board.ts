import { listLatestBuilds } from "../api/builds.ts";
import { getMonitor } from "../api/general.ts";
import type { BuildState, Monitor, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import { isFinished } from "./finished-states.ts";

/** A package's latest build in one chroot. */
export interface BoardCell {
  chroot: string;
  build_id: number;
  state: BuildState;
  version: string | null;
  /** Since when it is in this state, epoch seconds; null where that is not known. */
  since: number | null;
}

/** A package, with its latest build in each chroot it was built in. */
export interface BoardRow {
  name: string;
  chroots: BoardCell[];
}

/** What of a project is wanted. Absent means everything. */
export interface BoardFilter {
  /** Packages that failed somewhere. */
  failed?: boolean | undefined;
  /** Names of packages, as a glob pattern. */
  package?: string | undefined;
  /** Names of chroots, as a glob pattern. */
  chroot?: string | undefined;
}

interface Matchers {
  package: (name: string) => boolean;
  chroot: (name: string) => boolean;
}

/** The times of so many of the latest builds are learnt, by one request at the beginning. */
const KNOWN_BUILDS = 500;

/** How a project's packages stand, asked again and again: one request each time, and one more for the first. */
export class ProjectBoard {
  readonly #transport: Transport;
  readonly #project: ProjectRef;
  readonly #dirname: string | undefined;
  #matches: Matchers | undefined;
  readonly #filter: BoardFilter;
  #all: readonly BoardRow[] = [];
  /** When builds ended or began, as far as that is known. */
  #times: Map<number, number | null> | undefined;
  /** States that were seen, with when that was: by package, chroot and build. */
  readonly #seen = new Map<string, { state: string; at: number | null }>();

  constructor(transport: Transport, project: ProjectRef, dirname: string | undefined, filter: BoardFilter) {
    this.#transport = transport;
    this.#project = project;
    this.#dirname = dirname;
    this.#filter = filter;
  }

  /** Throws RequestError as every question does. */
  async ask(): Promise<BoardRow[]> {
    this.#matches ??= await matchersOf(this.#filter);
    const monitor = await getMonitor(this.#transport, this.#project, { project_dirname: this.#dirname });
    const isFirst = this.#times === undefined;
    this.#times ??= await this.#learnTimes();
    const rows = this.#rowsOf(monitor, this.#matches, isFirst ? null : Math.floor(Date.now() / 1000));
    this.#all = rows;
    return this.#filter.failed ? rows.filter(hasFailed) : rows;
  }

  /** The packages of the last answer, also those that did not fail. */
  get all(): readonly BoardRow[] {
    return this.#all;
  }

  /** How many these are. */
  get total(): number {
    return this.#all.length;
  }

  /** @param now null for the first time, when nothing can be said of what has changed */
  #rowsOf({ packages }: Monitor, { package: isPackage, chroot: isChroot }: Matchers, now: number | null): BoardRow[] {
    return packages
      .filter(({ name }) => isPackage(name))
      .map(({ name, chroots }) => ({
        name,
        chroots: Object.entries(chroots)
          .filter(([chroot]) => isChroot(chroot))
          .map(([chroot, { build_id, state, pkg_version: version }]) => {
            const since = this.#since(`${name}/${chroot}/${build_id}`, build_id, state, now);
            return { chroot, build_id, state, version: version ?? null, since };
          }),
      }));
  }

  #since(key: string, id: number, state: string, now: number | null): number | null {
    const known = this.#seen.get(key);
    if (known?.state === state) return known.at;
    const at = now ?? this.#times?.get(id) ?? null;
    this.#seen.set(key, { state, at });
    return at;
  }

  async #learnTimes(): Promise<Map<number, number | null>> {
    const times = new Map<number, number | null>();
    try {
      const builds = await listLatestBuilds(this.#transport, this.#project, KNOWN_BUILDS);
      for (const { id, state, submitted_on, started_on, ended_on } of builds) {
        times.set(id, (isFinished(state) ? ended_on : started_on) ?? submitted_on ?? null);
      }
    } catch {
      // A board without ages is one, too.
    }
    return times;
  }
}

/** Whether a package failed in one of the chroots. */
export function hasFailed({ chroots }: BoardRow): boolean {
  return chroots.some(({ state }) => state === "failed");
}

async function matchersOf(filter: BoardFilter): Promise<Matchers> {
  const any = (): boolean => true;
  if (filter.package === undefined && filter.chroot === undefined) return { package: any, chroot: any };
  const { globMatcher } = await import("../text/glob.ts");
  const matcher = (pattern: string | undefined) => (pattern === undefined ? any : globMatcher(pattern));
  return { package: matcher(filter.package), chroot: matcher(filter.chroot) };
}
