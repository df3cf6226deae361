import type { Phase } from "./categories.ts";
import type { Rule } from "./rule.ts";

/** The phases in which scripts of the spec file run. */
export const scripts: readonly Phase[] = ["build", "prep", "generate-buildrequires", "install", "check"];

/** The phases in which packages are installed. */
export const installations: readonly Phase[] = ["builddeps", "chroot-setup", "generate-buildrequires"];

/** Where a source package is made by a method of Copr. */
export const sourcePhases: readonly Phase[] = ["sources"];

/** Some packages run their tests while they build or install. */
export const testPhases: readonly Phase[] = ["check", "build", "install"];

/**
 * Whether a rule is tried in a phase. Where a log has not said yet in which it is, all are, but those of
 * %generate_buildrequires, which rpmbuild always announces, and which take any error for theirs.
 */
export const mayBeIn = ({ phases }: Rule, phase: Phase | null): boolean =>
  phases === undefined || (phase === null ? phases.length > 1 || phases[0] !== "generate-buildrequires" : phases.includes(phase));
