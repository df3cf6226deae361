import { error, late } from "./rpm-words.ts";
import type { Rule } from "./rule.ts";

/** What takes the debug information out of what was built: find-debuginfo and the programs it calls. */
export const debugInformation: readonly Rule[] = [
  {
    name: "empty-debug-list",
    category: "debuginfo",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: ["Empty %files file", "debugsourcefiles.list", "debugfiles.list"],
    pattern: new RegExp(`^${error}.{0,60}(?:Empty %files file|%files).{0,400}|^${error}.{0,400}debug(?:source)?files\\.list.{0,100}`),
    unless: /Could not open %files file (?!.*debug)/,
    advice:
      "The build has no debug information to package: build with the distribution's flags and without stripping, or set %global debug_package %{nil}.",
    example: `
Processing files: dbgsrc-debugsource-1.0-1.fc43.x86_64
=> error: Empty %files file /builddir/build/BUILD/dbgsrc-1.0/debugsourcefiles.list

RPM build errors:
    Empty %files file /builddir/build/BUILD/dbgsrc-1.0/debugsourcefiles.list`,
  },
  {
    name: "build-id",
    category: "debuginfo",
    certainty: "sure",
    phases: late,
    needles: [
      "No build ID note found",
      "Missing build-id",
      "Duplicate build-ids",
      "Generating build-id",
      "build-id found in",
      "build ID",
      "gdb-add-index: ",
      "debugedit: ",
      "find-debuginfo: ",
      "dwz: ",
      "eu-strip: ",
      "eu-elfcompress: ",
      "debuglink section already exists",
      "cannot get ELF header",
      "version mismatch between ELF",
      "no gdb-add-index installed",
    ],
    pattern:
      /(?:error|ERROR|\*\*\* ERROR):? ?:? ?(?:.{0,20})(?:No build ID note found|Missing build-id|Duplicate build-ids|build ID|Generating build-id links failed)|^\*\*\* ERROR:{1,2} .{0,60}(?:debug|ELF|DWARF|dwz|build-?id).{0,200}|^(?:\S{0,100}\/)?(?:debugedit|dwz|eu-strip|find-debuginfo(?:\.sh)?|eu-elfcompress|gdb-add-index|eu-elfclassify): .{0,300}(?:invalid|[Cc]annot |[Ff]ailed|[Ee]rror|Unknown|could not|unexpected|not created|unsupported|too )|^ERROR: GDB index requested, but no gdb-add-index installed|^(?:\S{0,60}\/)?(?:eu-)?(?:objcopy|strip): .{1,300}(?:debuglink section already exists|cannot get ELF header|[Uu]nable to copy|unable to find)/,
    unless: /warning|find-debuginfo: (?:error|ERROR)$/,
    advice: "A binary was linked without --build-id or is damaged: link with the distribution's flags.",
    example: `
extracting debug info from /builddir/build/BUILDROOT/x/usr/bin/prog
=> *** ERROR: No build ID note found in /builddir/build/BUILDROOT/x/usr/bin/prog`,
    in: "install",
  },
  {
    name: "debug-source-missing",
    category: "debuginfo",
    certainty: "likely",
    phases: ["install"],
    needles: "cpio: ",
    pattern: /^(?:\S{0,60}\/)?cpio: (?<file>\S{1,300}): Cannot stat: No such file/,
    follow: { pattern: /find-debuginfo/, within: 8, max: 1, isNeeded: true },
    advice: ({ file }) => `The debug information names ${file}, which is gone: keep generated sources until %install ends.`,
    example: `
extracting debug info from /builddir/build/BUILDROOT/usr/bin/x
=> cpio: /builddir/build/BUILD/x/src/a.c: Cannot stat: No such file or directory
find-debuginfo: error`,
  },
];
