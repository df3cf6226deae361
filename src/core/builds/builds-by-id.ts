import { listBuilds } from "../api/builds.ts";
import type { Build, ProjectRef } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";

const PAGE_LIMIT = 1000;

/** Builds of a project by their numbers, in few requests; one that was deleted is missing. */
export async function buildsById(transport: Transport, project: ProjectRef, ids: Iterable<number>): Promise<Map<number, Build>> {
  const wanted = new Set(ids);
  const found = new Map<number, Build>();
  if (wanted.size === 0) return found;
  const oldest = Math.min(...wanted);
  for await (const build of listBuilds(transport, project, { limit: PAGE_LIMIT })) {
    if (build.id < oldest) break;
    if (wanted.has(build.id)) found.set(build.id, build);
    if (found.size === wanted.size) break;
  }
  return found;
}
