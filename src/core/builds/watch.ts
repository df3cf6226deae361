import { setTimeout as sleep } from "node:timers/promises";
import { getBuild, listBuilds } from "../api/builds.ts";
import type { Build, BuildState, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import { isFinished } from "./finished-states.ts";
import { Patience, type PatienceOptions } from "./patience.ts";

/** A build has a new state. */
export interface StateChange {
  id: number;
  state: BuildState;
}

export interface WatchOptions extends PatienceOptions {
  /** Wait between two rounds. 30 s is a courtesy to the server. */
  intervalMs?: number;
}

/**
 * Follows builds until each is finished, telling every change of state. A server that is down or answers nonsense
 * for a while does not end it, but one that was never reached does: RequestError. Throws what the frontend says of a build
 * it does not know.
 */
export async function* watchBuilds(transport: Transport, ids: readonly number[], options: WatchOptions = {}): AsyncIterable<StateChange> {
  const { intervalMs = 30_000, signal } = options;
  const last = new Map<number, BuildState>();
  const waiting = new Set(ids);
  const patience = new Patience(transport, options);
  for (;;) {
    for await (const build of statesOf(transport, waiting, last, patience)) {
      if (last.get(build.id) !== build.state) {
        last.set(build.id, build.state);
        yield { id: build.id, state: build.state };
      }
      if (isFinished(build.state)) waiting.delete(build.id);
    }
    if (waiting.size === 0) return;
    await sleep(intervalMs, undefined, signal ? { signal } : {});
  }
}

/** More builds than this are asked for by list: a request a project instead of one a build. */
export const SINGLE_REQUESTS = 4;
const LIST_LIMIT = 500;

/**
 * One round: the builds that can be learnt of now. Builds it has no news of are simply left out.
 * @param projectOf where a build is known to be, which spares the question
 */
export async function* statesOf(
  transport: Transport,
  waiting: ReadonlySet<number>,
  known: ReadonlyMap<number, unknown>,
  patience: Patience,
  projectOf: (id: number) => ProjectRef | undefined = () => undefined,
): AsyncIterable<Build> {
  const open = new Set(waiting);
  const listed = new Set<string>();
  /** What a list of the project's builds tells of those that are open. */
  async function* listing(project: ProjectRef): AsyncIterable<Build> {
    listed.add(`${project.ownername}/${project.projectname}`);
    for (const build of (await patience.guard(() => latestBuilds(transport, project))) ?? []) if (open.delete(build.id)) yield build;
  }
  while (open.size > 0) {
    const id = open.values().next().value as number;
    const project = open.size > SINGLE_REQUESTS ? projectOf(id) : undefined;
    if (project && !listed.has(`${project.ownername}/${project.projectname}`)) {
      yield* listing(project);
      continue;
    }
    open.delete(id);
    const build = await patience.guard(() => getBuild(transport, id));
    if (build === undefined) {
      // Not reachable: do not hammer it with the rest, unless nothing is known of any yet.
      if (known.size > 0) return;
      open.add(id);
      continue;
    }
    yield build;
    if (open.size < SINGLE_REQUESTS) continue;
    yield* listing({ ownername: build.ownername, projectname: build.projectname });
  }
}

async function latestBuilds(transport: Transport, project: ProjectRef): Promise<Build[]> {
  const found: Build[] = [];
  for await (const build of listBuilds(transport, project, { limit: LIST_LIMIT })) {
    found.push(build);
    if (found.length === LIST_LIMIT) break;
  }
  return found;
}
