import { setTimeout as sleep } from "node:timers/promises";
import { deleteProject } from "../api/projects.ts";
import type { Build, Project, ProjectRef } from "../api/types.ts";
import { isNotFound, RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { cancelUnlessFinished, listUnfinishedBuilds } from "./unfinished-builds.ts";

/** How a project is deleted with the builds that are not finished. */
export interface DeleteOptions {
  signal?: AbortSignal | undefined;
  /** Hears of each build that was canceled, or ended by itself. */
  onCanceled?: (build: Build) => void;
  /** Wait between two looks at builds that do not end at once, milliseconds; default two seconds. */
  intervalMs?: number;
  /** How long to wait for them, and for new ones that are submitted meanwhile, milliseconds; default ten minutes. */
  patienceMs?: number;
}

/**
 * Cancels the builds of a project, in all its directories, waits until none is unfinished, and deletes the project; builds that
 * are submitted meanwhile are canceled, too. Throws RequestError when there is no end of them, and what the frontend says.
 */
export async function deleteProjectWithBuilds(transport: Transport, project: ProjectRef, options: DeleteOptions = {}): Promise<Project> {
  const { signal, intervalMs = 2000, patienceMs = 600_000 } = options;
  const until = performance.now() + patienceMs;
  const asked = new Set<number>();
  for (;;) {
    const builds = await listUnfinishedBuilds(transport, project);
    const deleted = builds.length === 0 ? await deleteUnlessBusy(transport, project) : undefined;
    if (deleted !== undefined) return deleted;
    signal?.throwIfAborted();
    if (performance.now() > until) throw noEnd(project);
    const open = builds.filter(({ id }) => !asked.has(id));
    for (const { id } of open) {
      asked.add(id);
      const build = await cancelOrGone(transport, id);
      if (build !== undefined) options.onCanceled?.(build);
    }
    // A build that was canceled is finished at once for most frontends.
    if (open.length === 0) await sleep(intervalMs, undefined, signal ? { signal } : {});
  }
}

/** Undefined where the frontend knows of a build that was submitted since. */
async function deleteUnlessBusy(transport: Transport, project: ProjectRef): Promise<Project | undefined> {
  try {
    return await deleteProject(transport, project);
  } catch (error) {
    if (error instanceof RequestError && error.status === 400 && /still running/.test(error.message)) return undefined;
    throw error;
  }
}

/** Somebody else may delete it meanwhile. */
async function cancelOrGone(transport: Transport, id: number): Promise<Build | undefined> {
  try {
    return await cancelUnlessFinished(transport, id);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function noEnd({ ownername, projectname }: ProjectRef): RequestError {
  return new RequestError(`Project ${ownername}/${projectname} was not deleted: it has builds that do not end, or gets new ones.`, {
    hint: "See 'copr-cli list-builds' for them.",
  });
}
