import type { Phase } from "./categories.ts";

/** The phases in which scripts of the spec file run. */
export const scripts: readonly Phase[] = ["build", "prep", "generate-buildrequires", "install", "check"];

/** The phases in which packages are installed. */
export const installations: readonly Phase[] = ["builddeps", "chroot-setup", "generate-buildrequires"];

/** Where a source package is made by a method of Copr. */
export const sourcePhases: readonly Phase[] = ["sources"];

/** Some packages run their tests while they build or install. */
export const testPhases: readonly Phase[] = ["check", "build", "install"];
