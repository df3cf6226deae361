/** The phases of a build, in their order; the last three may end any of the others. */
export type Phase =
  | "definition"
  | "sources"
  | "srpm"
  | "chroot-setup"
  | "builddeps"
  | "prep"
  | "generate-buildrequires"
  | "build"
  | "install"
  | "check"
  | "files"
  | "packaging"
  | "timeout"
  | "canceled"
  | "infrastructure";

/** What kind of cause it is. "unknown": the build failed, and no rule knows why. */
export type Category =
  | "spec-syntax"
  | "spec-macro"
  | "source-missing"
  | "source-download"
  | "source-corrupt"
  | "source-layout"
  | "patch-failed"
  | "scm-error"
  | "srpm-method"
  | "dep-missing"
  | "dep-conflict"
  | "repo-unreachable"
  | "repo-corrupt"
  | "mock-config"
  | "arch-excluded"
  | "buildrequires-generator"
  | "missing-dep-configure"
  | "configure-error"
  | "missing-header"
  | "missing-lang-module"
  | "missing-command"
  | "compile-error"
  | "werror"
  | "link-error"
  | "compiler-crash"
  | "make-error"
  | "script-failed"
  | "missing-file"
  | "network-in-build"
  | "out-of-memory"
  | "disk-full"
  | "permission-denied"
  | "install-missing-file"
  | "files-not-found"
  | "files-unpackaged"
  | "debuginfo"
  | "arch-mismatch"
  | "buildroot-policy"
  | "test-failure"
  | "timeout"
  | "canceled"
  | "infrastructure"
  | "unknown";

/** One log of a build. */
export interface ExplainedLog {
  /** The name of its file, e.g. build.log, builder-live.log, root.log, backend.log. */
  name: string;
  /** The bytes, unpacked. May be called more than once. */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface LogLine {
  file: string;
  /** From 1. */
  line: number;
  /** As it stands in the log, without terminal control; the first 4 KiB of a longer one. */
  text: string;
}

export interface Explanation {
  /** The phase that failed; null when nothing says that the build failed. */
  phase: Phase | null;
  /** Null when nothing says that the build failed, "unknown" when it did and no rule knows why. */
  category: Category | null;
  /** The cause, the best line first, at most five; empty when none was found. */
  lines: LogLine[];
  /** The name of the rule that found the cause. */
  rule: string | null;
  /** What the rule took from the line: package, header, file, command, … */
  facts: Record<string, string>;
  /** What to do, one sentence. */
  advice: string | null;
  /** How long the failed phase had lasted when it failed, where the log has times. */
  phaseSeconds: number | null;
  /** The last lines of the failed phase, at most five; only when no cause was found. */
  tail: LogLine[];
}
