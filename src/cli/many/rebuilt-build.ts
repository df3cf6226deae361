import type { LeftOutChroot } from "../../core/builds/chroot-choice.ts";
import type { RebuildPlan } from "../../core/builds/rebuild.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import type { Output } from "../output/output.ts";
import { type BuildEvent, waitingFields } from "../waiting/printing.ts";
import { type ItemResult, shapeOfItems } from "./item-result.ts";

/** A build, and the one that was made in its place. */
export interface RebuiltBuild {
  /** Number of the build that is made again. */
  old: number;
  /** Number of the new one; null as long as there is none. */
  new: number | null;
  /** Null where it is not known, as are the next two of a build that there is not. */
  package: string | null;
  /** `owner/name`. */
  project: string | null;
  /** Directory of the project, `prj:pr:12`; equal to the project's name for the main one. */
  project_dirname: string | null;
  /** What it is built in. Null is what the old build had: all chroots of the package, which the frontend finds out. */
  chroots: string[] | null;
  /** Chroots that would have been built in, and why they are not. */
  left_out: LeftOutChroot[];
  /** Why nothing is built. */
  nothing: string | null;
  /** Page of the new build. */
  url: string | null;
}

/** What became of it, as a line of jsonl. */
export type RebuiltEvent = { event: "rebuilt" } & RebuiltBuild & ItemResult;

/** What `rebuild` prints in JSON. */
export interface RebuildDocument {
  /** What became of each build that was to be made again. */
  rebuilds: (RebuiltBuild & ItemResult)[];
  /** The new ones. */
  builds: BuildRecord[];
}

/** Where all of that goes. */
export type RebuildOutput = Output<(RebuiltBuild & ItemResult) | RebuiltEvent | BuildRecord | BuildEvent>;

/** What is known before. */
export function rebuiltBuild(plan: RebuildPlan): RebuiltBuild {
  return {
    old: plan.old,
    new: null,
    package: plan.package,
    project: `${plan.ownername}/${plan.projectname}`,
    project_dirname: plan.project_dirname,
    chroots: plan.chroots,
    left_out: plan.leftOut,
    nothing: plan.nothing,
    url: null,
  };
}

/** What is known of a build that could not even be looked at. */
export function unknownBuild(id: number): RebuiltBuild {
  return {
    old: id,
    new: null,
    package: null,
    project: null,
    project_dirname: null,
    chroots: [],
    left_out: [],
    nothing: null,
    url: null,
  };
}

/** How one is told. */
const itemShape = shapeOfItems<RebuiltBuild>(
  {
    old: "shown",
    new: "shown",
    package: "shown",
    project: "shown",
    project_dirname: "known",
    chroots: "shown",
    left_out: "known",
    nothing: "known",
    url: "known",
  },
  describe,
);

/** How all is told that happens when builds are made again. */
export const rebuildShape = { fields: { ...itemShape.fields, ...waitingFields } };

/** The line for people, as soon as it is known. */
export function describeRebuilt(record: RebuiltBuild & ItemResult): string {
  return itemShape.text?.(record, false) ?? "";
}

function describe({
  old,
  new: made,
  package: name,
  project,
  chroots,
  left_out: leftOut,
  nothing,
  result,
}: RebuiltBuild & ItemResult): string {
  const what = project === null ? "" : `: ${name ?? "package not known yet"} in ${project}`;
  if (result === "failed") return `${old}${what}`;
  if (result === "skipped") return `${old}${what}: left out, ${nothing}`;
  const left = leftOut.map(({ chroot, reason }) => `${chroot}, ${reason}`).join("; ");
  const where = chroots?.join(" ") ?? "all chroots of its package";
  return `${old} -> ${made ?? "new build"}${what}, ${where}${left === "" ? "" : ` (without ${left})`}`;
}
