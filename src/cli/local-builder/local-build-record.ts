import type { Explanation } from "../../core/explain/explanation.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { printing } from "../output/output.ts";

/** A build on this machine. */
export interface LocalBuild {
  /** Number of the build that is done again; null where local sources are built. */
  build: number | null;
  /** `owner/name`. */
  project: string;
  /** Name of the chroot, `srpm-builds` for the source package. */
  chroot: string;
  /** Who told how: the frontend's own definition, one made of what its API tells, or the settings of the project. */
  origin: "backend" | "api" | "project";
  /** Address or path of the definition; null where its file was not kept, or the builder asks for the settings of the project. */
  definition: string | null;
  /** The command line that does it, in words. */
  command: string[];
  /** `planned` is what `--dry-run` says. */
  result: "planned" | "succeeded" | "failed";
  /** Why it failed, one sentence. */
  reason: string | null;
  /** What its logs tell of that. */
  cause: LocalCause | null;
  /** Names of the package files that were made. */
  packages: string[];
  /** Where packages and logs are; null before there are any. */
  directory: string | null;
  /** Private directory with the builder's files, where it was kept. */
  work_directory: string | null;
}

/** Why a build on this machine failed, as its logs tell. */
export type LocalCause = Pick<Explanation, "phase" | "category" | "rule" | "lines" | "advice">;

/** How the commands that build on this machine print. Apart from the work, whose modules are heavy. */
export const localBuildPrinting = printing<LocalBuild>(
  {
    fields: {
      build: "shown",
      project: "shown",
      chroot: "shown",
      origin: "known",
      definition: "shown",
      command: "known",
      result: "shown",
      reason: "shown",
      cause: "known",
      packages: "shown",
      directory: "shown",
      work_directory: "known",
    },
  },
  { formats: formatsOfActs },
);
