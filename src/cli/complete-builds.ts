import { type SeenBuild, seenBuilds } from "../core/account/seen-builds.ts";
import type { BuildState } from "../core/api/index.ts";
import { isFinished } from "../core/builds/finished-states.ts";
import type { Context } from "./context.ts";

/** A word that a shell may offer, and what it is, where the shell shows that. */
export interface Candidate {
  word: string;
  description?: string | undefined;
}

/** Builds that this user saw lately, the newest first. No frontend is asked: it has no list of what one cares for. */
export async function buildCandidates(context: Context): Promise<Candidate[]> {
  const { coprUrl } = await context.config();
  return (await seenBuilds(coprUrl)).map((build) => ({ word: String(build.id), description: describe(build) }));
}

/** Texts of a server go to a terminal: others than these are left out. */
const safeText = /^[\w@.+~^:/-]{1,120}$/;

/** Only states that last: a build that ran then may be done by now. */
function describe({ project, package: name, state }: SeenBuild): string | undefined {
  const parts = [name, project, state !== null && isFinished(state as BuildState) ? state : null];
  return parts.filter((part): part is string => part !== null && safeText.test(part)).join(" ") || undefined;
}
