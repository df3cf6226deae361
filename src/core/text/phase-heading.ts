import { UsageError } from "../errors.ts";

/** Phases of a builder's task, in their order. A task may leave some out, and never goes back. */
export const taskPhases = ["starting", "fetching", "sources", "chroot", "building", "collecting"] as const;
export type TaskPhase = (typeof taskPhases)[number];

/**
 * The beginning of every heading in a builder's log. The builder lets no other line look like a heading, so whoever wrote the
 * definition, the spec file or the programs of a build can't make one.
 */
export const headingMark = "=== copr-builder: ";

/** The heading of a phase, one line; `atMs` is when it began, epoch milliseconds. */
export function phaseHeading(phase: TaskPhase, atMs: number): string {
  return `${headingMark}${phase} (${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC) ===`;
}

/** The phase that a line, without its end, is the heading of. */
export function readPhaseHeading(line: string): TaskPhase | undefined {
  const name = /^=== copr-builder: ([a-z]{1,20}) \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\) ===$/.exec(line)?.[1];
  return taskPhases.find((phase) => phase === name);
}

/** The phase that is meant by its name or the beginning of it, such as `build`. Throws UsageError. */
export function meantPhase(text: string): TaskPhase {
  const meant = taskPhases.filter((phase) => text !== "" && phase.startsWith(text));
  if (meant.length === 1) return meant[0] as TaskPhase;
  const known = `The phases are ${taskPhases.join(", ")}; the beginning of a name will do.`;
  if (meant.length === 0) throw new UsageError(`'${text}' is no phase of a task`, { hint: known });
  throw new UsageError(`'${text}' may be ${meant.join(" or ")}`, { hint: known });
}
