import type { Phase } from "./rules/categories.ts";

/** Where in a build it failed, as packagers call it. */
export const places: Readonly<Record<Phase, string>> = {
  definition: "in its definition",
  sources: "fetching its sources",
  srpm: "making the source package",
  "chroot-setup": "setting up the chroot",
  builddeps: "installing its build dependencies",
  prep: "in %prep",
  "generate-buildrequires": "in %generate_buildrequires",
  build: "in %build",
  install: "in %install",
  check: "in %check",
  files: "in %files",
  packaging: "writing the packages",
  timeout: "at its time limit",
  canceled: "when it was canceled",
  infrastructure: "for a fault of the builder",
};
