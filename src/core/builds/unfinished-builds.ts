import { cancelBuild, getBuild } from "../api/builds.ts";
import type { Build, ProjectRef } from "../api/types.ts";
import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";
import { findBuilds } from "./find-builds.ts";
import { isFinished } from "./finished-states.ts";

/** Which of a project's unfinished builds are wanted. */
export interface UnfinishedFilter {
  /** Absent means all states that are not final. */
  states?: readonly string[] | undefined;
  /** A directory of the project, `prj:pr:12`; absent means all. */
  dirname?: string | undefined;
}

/** Builds of a project that are not finished, newest first. */
export async function listUnfinishedBuilds(
  transport: Transport,
  project: ProjectRef,
  { states, dirname }: UnfinishedFilter = {},
): Promise<Build[]> {
  const { ownername, projectname } = project;
  // A build that is submitted meanwhile moves the others to the next page.
  const found = new Map<number, Build>();
  for await (const build of findBuilds(transport, { ownername, projectname })) {
    const isWanted = states?.includes(build.state) ?? !isFinished(build.state);
    if (isWanted && (dirname === undefined || build.project_dirname === dirname)) found.set(build.id, build);
  }
  return [...found.values()];
}

/**
 * Cancels a build that may end by itself at the same moment, which is as good; resolves to how it stands then. Throws what the
 * frontend says otherwise.
 */
export async function cancelUnlessFinished(transport: Transport, id: number): Promise<Build> {
  try {
    return await cancelBuild(transport, id);
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 409) throw error;
    const build = await getBuild(transport, id);
    if (isFinished(build.state)) return build;
    throw error;
  }
}
