import type { Rule } from "./rule.ts";

export const buildrootPolicy: readonly Rule[] = [
  {
    name: "buildroot-in-files",
    category: "buildroot-policy",
    certainty: "decisive",
    phases: ["install"],
    needles: "in installed files; aborting",
    pattern: /^Found '(?<path>[^']{1,300})' in installed files; aborting/,
    advice: "Installed files hold the path of the buildroot: take it out in %install, or see that DESTDIR is not written into them.",
    example: `
Binary file /builddir/build/BUILDROOT/x/usr/bin/prog matches
=> Found '/builddir/build/BUILDROOT/x-1.0-1.fc43.x86_64' in installed files; aborting`,
  },
  {
    name: "rpmlint-badness",
    category: "buildroot-policy",
    certainty: "decisive",
    proves: "packaging",
    ends: true,
    needles: "exceeds threshold",
    pattern: /^\(none\): E: badness (?<badness>\d{1,9}) exceeds threshold/,
    context: /^\S{1,200}: E: (?<check>[\w-]{1,80}) \(Badness: \d{1,9}\)/,
    advice: ({ check }) => `rpmlint ends the build for ${check ?? "what it found"}: mend it, or filter it in an rpmlintrc with a reason.`,
    example: `
[    348s] prog.x86_64: E: executable-stack (Badness: 10000) /usr/lib/prog
=> [    354s] (none): E: badness 10000 exceeds threshold 1000, aborting.
[    356s] 2 packages and 0 specfiles checked; 3 errors, 2 warnings.`,
    in: "packaging",
  },
  {
    name: "shebang",
    category: "buildroot-policy",
    certainty: "decisive",
    phases: ["install"],
    needles: ["ambiguous python shebang", "has shebang which doesn't start", "is not valid python", "mangling shebang in"],
    pattern:
      /^\*\*\* ERROR: (?:ambiguous python shebang in )?(?<file>\S{1,300}?):? (?:has shebang which doesn't start with|#!|is not valid)/,
    advice: ({ file }) => `Fix the first line of ${file} in %prep, or take its executable bit away.`,
    example: `
+ /usr/lib/rpm/redhat/brp-mangle-shebangs
mangling shebang in /usr/bin/prog from /usr/bin/env bash to #!/usr/bin/bash
=> *** ERROR: ambiguous python shebang in /usr/bin/prog-tool: #!/usr/bin/python. Change it to python3 (or python2) explicitly.`,
  },
  {
    name: "rpath",
    category: "buildroot-policy",
    certainty: "decisive",
    phases: ["install"],
    needles: [
      " contains a standard runpath",
      " contains an invalid r",
      " contains an empty r",
      " contains a standard rpath",
      "contains a rpath",
      "contains an invalid runpath",
      "contains a runpath",
      "ERROR   0",
    ],
    pattern:
      /^ERROR {1,4}\d{4}: file '(?<file>[^']{1,300})' contains an? (?:\w{1,20} )?(?:rpath|runpath)|^ERROR {1,4}\d{4}: file '(?<other>[^']{1,300})' .{1,200}/,
    advice: ({ file, other }) => `Link ${file ?? other} without -rpath (e.g. CMAKE_SKIP_INSTALL_RPATH), or take it out with chrpath -d.`,
    example: `
* 0x0002 ... invalid RPATHs
=> ERROR   0002: file '/usr/bin/prog' contains an invalid runpath '/builddir/build/BUILD/x/lib' in [/builddir/build/BUILD/x/lib]`,
  },
  {
    name: "byte-compile",
    category: "buildroot-policy",
    certainty: "decisive",
    phases: ["install"],
    needles: ["*** Error compiling", "Error compiling '"],
    pattern: /^\*\*\* Error compiling '(?<file>[^']{1,300})'/,
    advice: ({ file }) => `${file} is no valid Python of this version: fix it, or leave it out.`,
    example: `
Bytecompiling .py files below /builddir/build/BUILDROOT/x/usr/lib/python3.14 using python3.14
=> *** Error compiling '/builddir/build/BUILDROOT/x/usr/lib/python3.14/site-packages/x/async.py'...
  File "/usr/lib/python3.14/site-packages/x/async.py", line 3`,
  },
  {
    name: "policy-script",
    category: "buildroot-policy",
    certainty: "likely",
    phases: ["install"],
    needles: ["*** ERROR: ", "*** WARNING: ", "brp-", "check-rpaths", "ERROR: "],
    pattern:
      /^\*\*\* ERROR: (?<message>.{1,300})|^(?:\S*\/)?brp-[\w-]{1,40}: (?:line \d+: )?(?<other>.{0,200}(?:[Ee]rror|not found|[Ff]ailed).{0,200})/,
    unless: /has shebang|ambiguous python|No build ID note|ELF and debuginfo|dwz failed/,
    advice: "A check of the installed files failed: its line says which file and why.",
    example: `
+ /usr/lib/rpm/brp-boot-efi-times
=> *** ERROR: boot loader has a wrong time stamp`,
  },
];
