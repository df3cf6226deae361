import type { Batch, Build, BuildChroot, State } from "./models.ts";

const finishedStates: readonly State[] = ["failed", "succeeded", "canceled", "skipped", "forked"];

/** While the source is in one of these the chroots do not matter. */
const sourceStates: readonly State[] = ["starting", "pending", "running", "importing", "failed"];

/** The first state that any chroot has is the state of the build. */
const chrootPrecedence: readonly State[] = ["running", "starting", "pending", "failed", "succeeded", "skipped", "forked", "waiting"];

/** The state of a whole build, derived the way the frontend does. */
export function buildState(build: Build): State {
  if (build.canceled) return "canceled";
  if (sourceStates.includes(build.source_state)) return build.source_state;
  const states = new Set(build.chroots.map((chroot) => chroot.state));
  return chrootPrecedence.find((state) => states.has(state)) ?? "waiting";
}

export function isFinished(build: Build): boolean {
  return finishedStates.includes(buildState(build));
}

/** Nothing is over that has not begun. */
export function isFinishedBatch({ builds }: Batch): boolean {
  return builds.length > 0 && builds.every(isFinished);
}

/** A batch waits until every build of the one before it is over, and while that one waits itself. */
export function isBlocked(build: Build): boolean {
  return isBlockedBatch(build.options.batch);
}

function isBlockedBatch(batch: Batch | null): boolean {
  if (batch === null || batch.after === null) return false;
  return isBlockedBatch(batch.after) || !isFinishedBatch(batch.after);
}

export function startedOn(build: Build): number | null {
  const times = build.chroots.map((chroot) => chroot.started_on).filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** Null as long as one chroot has no end. */
export function endedOn(build: Build): number | null {
  const times = build.chroots.map((chroot) => chroot.ended_on).filter((time) => time !== null);
  return times.length === 0 || times.length < build.chroots.length ? null : Math.max(...times);
}

export function cancelBuild(build: Build): void {
  build.canceled = true;
  for (const chroot of build.chroots) {
    if (!finishedStates.includes(chroot.state)) chroot.state = "canceled";
  }
}

/** A build without its source takes all its chroots along; times are unknown when the import failed. */
export function failSource(build: Build, times: { started_on: number; ended_on: number } | null): void {
  build.source_state = "failed";
  for (const chroot of build.chroots) Object.assign(chroot, { state: "failed" }, times);
}

export function newBuildChroot(name: string): BuildChroot {
  return {
    name,
    state: "waiting",
    started_on: null,
    ended_on: null,
    result_dir: null,
    git_hash: null,
    built_packages: [],
  };
}
