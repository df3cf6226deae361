import type { Rule } from "./rule.ts";

/** With which words mock ends before, or without, a log of the build. */
export const mockFaults: readonly Rule[] = [
  {
    name: "mock-lock",
    category: "infrastructure",
    certainty: "decisive",
    proves: "chroot-setup",
    ends: true,
    needles: [
      "Build root is locked by another process",
      "Could not lock ",
      "Namespace unshare failed",
      "Could not find useradd in chroot",
      "another copy is running",
    ],
    pattern: /^ERROR: (?:Build root is locked by another process|Namespace unshare failed|Could not find useradd in chroot)/,
    advice: "The builder could not set up the chroot, which is no fault of the package: start the build again.",
    example: `
Start: clean chroot
=> ERROR: Build root is locked by another process.`,
    in: "chroot-setup",
  },
  {
    name: "rpm-database",
    category: "infrastructure",
    certainty: "sure",
    phases: ["chroot-setup", "builddeps"],
    needles: [
      "error: rpmdb",
      "Packages database in",
      "rpmdb open failed",
      "error: db5 error",
      "error: sqlite failure",
      "qemu: uncaught target signal",
      "error: Failed to dlopen ",
      "error: error reading from file ",
    ],
    pattern:
      /^error: (?:rpmdb: |cannot open Packages database in |db5 error|sqlite failure)|^error: (?:Failed to dlopen \S{1,200}rpm-plugins|error reading from file \S{1,200}\.rpm)|^Error: rpmdb open failed|^qemu: uncaught target signal \d/,
    advice: "The database of packages in the chroot is damaged, which is no fault of the package: start the build again.",
    example: `
Running transaction check
=> error: rpmdb: BDB0113 Thread/process 3/140 failed: BDB1507 Thread died in Berkeley DB library
Error: rpmdb open failed`,
  },
  {
    name: "mock-architecture",
    category: "mock-config",
    certainty: "decisive",
    proves: "chroot-setup",
    ends: true,
    needles: ["doesn't match system arch", "is not listed in legal_host_arches", "Cannot build target "],
    pattern: /^ERROR: (?:Image architecture (?<image>\S{1,60}) doesn't match|Cannot build target (?<target>\S{1,40}) on arch)/,
    advice: ({ image, target }) => `The builder can't run ${image ?? target}: build in a chroot of its own architecture, or set forcearch.`,
    example: `
INFO: Checking that quay.io/fedora/fedora:43 image matches host's architecture
=> ERROR: Image architecture linux/amd64 doesn't match system arch linux/arm64
INFO: Cleaning up build root ('cleanup_on_failure=True')
ERROR: Container image architecture check failed`,
    in: "chroot-setup",
  },
  {
    name: "mock-without-emulator",
    category: "mock-config",
    certainty: "decisive",
    proves: "chroot-setup",
    needles: ["Setting forcearch to use software emulation"],
    pattern: /^INFO: Unable to build arch (?<target>\S{1,40}) natively on arch (?<builder>\S{1,40})\. Setting forcearch/,
    follow: { pattern: /^ERROR: '\w{1,40}'$/, within: 3, max: 1, leads: "instead", isNeeded: true },
    advice: ({ target, builder }) =>
      `mock knows no emulator of ${target} on ${builder}: build in a chroot of an architecture that the builders have.`,
    example: `
INFO: Unable to build arch armv7hl natively on arch x86_64. Setting forcearch to use software emulation.
=> ERROR: 'armv7hl'
Traceback (most recent call last):
  File "/usr/libexec/mock/mock", line 532, in check_arch_combination
KeyError: 'armv7hl'`,
    in: "chroot-setup",
  },
  {
    name: "source-package-unreadable",
    category: "source-corrupt",
    certainty: "decisive",
    proves: "srpm",
    ends: true,
    needles: ["Error reading/opening srpm", "Cannot find/open srpm", "File is not an srpm", "Bad srpm"],
    pattern: /^ERROR: (?:Error reading\/opening srpm|Cannot find\/open srpm|File is not an srpm|Bad srpm)(?<message>.{0,300})/,
    advice: "The source package is damaged or is none: make and upload it again.",
    example: `
INFO: mock.py version 6.5 starting (python version = 3.13.9, NVR = mock-6.5-1.fc42), args: /usr/libexec/mock/mock -r fedora-43-x86_64 --rebuild x.src.rpm
=> ERROR: Error reading/opening srpm: error reading package header`,
    in: "srpm",
  },
];
