import type { BuildState } from "../api/types.ts";
import { UsageError } from "../errors.ts";
import type { BuildPart, BuildSight } from "./build-sight.ts";
import { isFinished } from "./finished-states.ts";

/** Which chroot is meant can't be told. */
export class AmbiguousChrootError extends UsageError {
  /** Those it may be, the SRPM phase first. */
  readonly parts: readonly BuildPart[];

  constructor(message: string, parts: readonly BuildPart[]) {
    super(message);
    this.parts = parts;
  }
}

/**
 * The part of a build that is meant where none is named: the SRPM phase if the build is in it or got no further, else the only
 * chroot, or the only one that failed. Throws AmbiguousChrootError for others.
 * @param advice what to do then, the end of its sentence
 */
export async function meantPart(sight: BuildSight, buildId: number, advice: string): Promise<BuildPart> {
  const source = await sight.source();
  const chroots = await sight.chroots();
  if (!isFinished(source.state) || !hasSources(source.state)) return source;
  const failed = chroots.filter(({ state }) => state === "failed");
  const [chosen = source, ...others] = chroots.length > 1 && failed.length > 0 ? failed : chroots;
  if (others.length === 0) return chosen;
  throw new AmbiguousChrootError(`Build ${buildId} has several chroots: ${advice}`, [
    ...(source.resultUrl === null ? [] : [source]),
    ...chroots,
  ]);
}

/** Whether the chroots get something to build, now or later. */
export function hasSources(state: BuildState): boolean {
  return !["failed", "canceled"].includes(state);
}
