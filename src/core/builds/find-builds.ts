import { listBuilds } from "../api/builds.ts";
import type { Build, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";

/** Which builds of a project are wanted. Absent means any. */
export interface BuildFilter {
  /** A state, e.g. `failed`. */
  status?: string | undefined;
  /** Name of a package, or a glob pattern. */
  package?: string | undefined;
  /** No more than so many. */
  limit?: number | undefined;
  /** Epoch seconds: builds that were submitted then or later. */
  since?: number | undefined;
}

/** The frontend's own limit. */
const PAGE_LIMIT = 1000;

/** Builds of a project, newest first. Pages are asked for only as far as needed, and none is kept. */
export async function* findBuilds(transport: Transport, project: ProjectRef, filter: BuildFilter = {}): AsyncIterable<Build> {
  const { status, package: pattern, limit, since } = filter;
  if (limit === 0) return;
  const isPattern = pattern !== undefined && /[*?[\]{}]/.test(pattern);
  const isWanted = isPattern ? (await import("../text/glob.ts")).globMatcher(pattern) : () => true;
  const query = {
    ...(status === undefined ? {} : { status }),
    ...(pattern === undefined || isPattern ? {} : { packagename: pattern }),
    // What is filtered here, or by the frontend after it has counted, needs whole pages.
    ...(limit === undefined || isPattern || status !== undefined ? {} : { limit: Math.min(limit, PAGE_LIMIT) }),
  };
  let found = 0;
  for await (const build of listBuilds(transport, project, query)) {
    if (since !== undefined && build.submitted_on < since) {
      // A fork's builds are as new as the fork and as old as what they were copied of.
      if (build.state === "forked") continue;
      return;
    }
    if (!isWanted(build.source_package?.name ?? "")) continue;
    yield build;
    found += 1;
    if (found === limit) return;
  }
}
