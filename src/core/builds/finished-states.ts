import type { BuildState } from "../api/types.ts";

/** Nothing more happens to a build or chroot in these states. A forked build was never built here: nothing to wait for. */
const finishedStates: ReadonlySet<string> = new Set(["succeeded", "skipped", "forked", "failed", "canceled", "unknown"]);

/** Whether nothing more happens to a build or chroot in this state. */
export function isFinished(state: BuildState): boolean {
  return finishedStates.has(state);
}
