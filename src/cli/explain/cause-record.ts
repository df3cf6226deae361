import type { Build } from "../../core/api/index.ts";
import type { FailureCause } from "../../core/builds/explain-build.ts";
import type { Explanation } from "../../core/explain/explanation.ts";
import type { Shape } from "../../core/records/shape.ts";

/** Why something failed. */
export interface CauseRecord extends Omit<Explanation, "phaseSeconds"> {
  /** Number of the build; null for logs on a disk. */
  build: number | null;
  /** `owner/name`. */
  project: string | null;
  package: string | null;
  version: string | null;
  /** Where it failed, `srpm-builds` for the source package; for logs on a disk their path. */
  chroot: string;
  /** Other chroots with the same cause. */
  same_in: string[];
  /** How long the failed phase had lasted when it failed, seconds; or the build, where the log has no times. */
  seconds: number | null;
  /** Address of the log that has everything; null for logs on a disk, and where there is none. */
  log_url: string | null;
  /** Command line that shows more. */
  more: string;
}

/** The same, as waiting commands tell it of a build that they see fail. */
export interface CauseEvent extends CauseRecord {
  event: "cause";
  build: number;
}

/** What `explain` prints in JSON: a cause, and those of other chroots. */
export interface ExplanationDocument extends CauseRecord {
  others: CauseRecord[];
}

/** Every field of a cause, in the order of rows. */
export const causeFields: Shape<CauseRecord>["fields"] = {
  build: "shown",
  project: "known",
  package: "shown",
  version: "shown",
  chroot: "shown",
  same_in: "known",
  phase: "shown",
  category: "shown",
  lines: "known",
  rule: "known",
  facts: "known",
  advice: "shown",
  seconds: "known",
  tail: "known",
  log_url: "known",
  more: "known",
};

/** A cause of a build's failure. */
export function buildCause(build: Build, { chroot, sameIn, seconds, logUrl, explanation }: FailureCause): CauseRecord {
  const { phaseSeconds, ...rest } = explanation;
  return {
    build: build.id,
    project: `${build.ownername}/${build.projectname}`,
    package: build.source_package?.name ?? null,
    version: build.source_package?.version ?? null,
    chroot,
    same_in: sameIn,
    ...rest,
    seconds: phaseSeconds ?? seconds,
    log_url: logUrl,
    more: `copr-cli logs ${build.id} -r ${chroot}`,
  };
}

/** A cause that logs on a disk tell. */
export function localCause(path: string, { phaseSeconds, ...rest }: Explanation): CauseRecord {
  const line = rest.lines[0] ?? rest.tail.at(-1);
  return {
    build: null,
    project: null,
    package: null,
    version: null,
    chroot: path,
    same_in: [],
    ...rest,
    seconds: phaseSeconds,
    log_url: null,
    more: line === undefined ? `less ${path}` : `less +${line.line} ${path.endsWith(line.file) ? path : `${path}/${line.file}`}`,
  };
}
