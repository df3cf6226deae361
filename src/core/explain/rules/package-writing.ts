import { error, late } from "./rpm-words.ts";
import type { Rule } from "./rule.ts";

/** Where rpmbuild makes the packages from the files it has found. */
export const packageWriting: readonly Rule[] = [
  {
    name: "dependency-generator",
    category: "script-failed",
    certainty: "sure",
    phases: late,
    proves: "packaging",
    needles: [
      "Failed to find Provides",
      "Failed to find Requires",
      "Failed to find ",
      "*** PYTHON",
      "dependency generator",
      "unknown file type",
    ],
    pattern: new RegExp(
      `^${error}(?<message>(?:Failed to find (?:Provides|Requires|Supplements|Recommends)|.{0,40}dependency generator).{0,300})`,
    ),
    advice: ({ message }) => `A generator of dependencies failed: ${message}.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: Failed to find Requires:

RPM build errors:
    Failed to find Requires:`,
  },
  {
    name: "file-gone-before-package",
    category: "files-not-found",
    certainty: "decisive",
    phases: ["files", "packaging"],
    proves: "packaging",
    needles: "lstat failed",
    pattern: new RegExp(`^${error}create archive failed on file (?<file>\\S{1,300}): cpio: lstat failed`),
    advice: ({ file }) => `${file} was there when %files was read, and is not any more.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: create archive failed on file /builddir/build/BUILDROOT/usr/bin/x: cpio: lstat failed - No such file or directory`,
    in: "files",
  },
  {
    name: "documents-of-package",
    category: "files-not-found",
    certainty: "sure",
    phases: ["files"],
    needles: ["cannot stat"],
    pattern: /^(?:\S{0,60}\/)?cp: cannot stat ['‘](?<file>[^'’]{1,300})['’]/,
    advice: ({ file }) => `${file} is named as %doc or %license, and the source has none: fix its name.`,
    example: `
Executing(%license): /bin/sh -e /var/tmp/rpm-tmp.Ab1
+ cp -pr /builddir/build/BUILD/x/COPYING /builddir/build/BUILDROOT/usr/share/licenses/x
=> cp: cannot stat '/builddir/build/BUILD/x/COPYING': No such file or directory
error: Bad exit status from /var/tmp/rpm-tmp.Ab1 (%license)`,
  },
  {
    name: "package-not-written",
    category: "script-failed",
    certainty: "sure",
    phases: ["files", "packaging"],
    proves: "packaging",
    needles: ["create archive failed", "Could not open ", "Unable to write", "Failed to write", "cpio: "],
    pattern: new RegExp(`^${error}(?<message>(?:create archive failed|Could not open |Unable to write|Failed to write|cpio: ).{0,300})`),
    unless: /No space left|Could not open %files|lstat failed/,
    advice: ({ message }) => `The package could not be written: ${message}.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: create archive failed on file /builddir/build/BUILDROOT/x/usr/share/x/a: cpio: Bad magic`,
    in: "files",
  },
  {
    name: "spec-line-in-files",
    category: "spec-syntax",
    certainty: "likely",
    phases: ["files", "packaging"],
    needles: ["error: line "],
    pattern: new RegExp(`^${error}line (?<line>\\d{1,6}): (?<message>.{1,300})`),
    advice: ({ line, message }) => `rpm does not understand line ${line} of the spec file: ${message}.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: line 44: Unknown tag: frob`,
  },
  {
    name: "rpmbuild-error",
    category: "script-failed",
    certainty: "vague",
    phases: ["files", "packaging"],
    needles: ["error: ", "Fehler: ", "erreur: ", "erreur : ", "errore: ", "ошибка: ", "エラー: ", "错误："],
    pattern: new RegExp(`^${error}(?<message>\\S.{1,300})`),
    unless: /Bad exit status|rpm-tmp\./,
    advice: ({ message }) => `rpmbuild can't make the packages: ${message}.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: Trigger fires on nothing

RPM build errors:
    Trigger fires on nothing`,
  },
];
