import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

/** What turns manuals, schemas, policies and other data into files. */
export const documents: readonly Rule[] = [
  {
    name: "warning-of-manual",
    category: "werror",
    certainty: "sure",
    phases: ["build", "install", "check"],
    needles: "Warning, treated as error",
    pattern: /^Warning, treated as error:?$/,
    // The word alone says nothing: its reason is the next line.
    follow: { pattern: /^\S/, within: 2, max: 1, leads: "instead" },
    advice: "Sphinx takes warnings for errors: build without -W, or fix what it warns of.",
    example: `
+ make -C docs html SPHINXOPTS=-W
Warning, treated as error:
=> /builddir/build/BUILD/x-1.0/docs/api.rst:88:undefined label: 'glossary-error'
make: *** [Makefile:20: html] Error 2`,
  },
  {
    name: "strict-manual",
    category: "werror",
    certainty: "sure",
    phases: ["build", "install", "check"],
    needles: [
      "in strict mode!",
      "warning treated as error",
      "warnings treated as errors",
      "warnings being treated as errors",
      "build finished with problems",
    ],
    pattern:
      /^Aborted with \d{1,6} (?:[Ww]arnings?|configuration errors) in strict mode|^(?<file>[^\s:]{1,300}):\d{1,7}: (?:error|warning): .{1,300}\(warning treated as error|^error: (?:there were|too many) warnings? (?:and )?.{0,60}treated as errors?|^build finished with problems, [1-9]\d* warnings? \(with warnings treated as errors\)/,
    unless: /^cc1|some warnings being/,
    advice: "Warnings of the documentation are taken for errors: build it without its strict mode, or fix what it warns of.",
    example: `
WARNING -  Doc file 'index.md' contains a link 'gone.md', but the target is not found among documentation files.
=> Aborted with 1 warnings in strict mode!`,
    in: "build",
  },
  {
    name: "xml-error",
    category: "script-failed",
    certainty: "sure",
    phases: ["build", "install", "prep"],
    needles: ["parser error : ", "validity error : ", "namespace error : "],
    pattern: /^(?<file>[^\s:]{1,300}):(?<line>\d{1,7}): .{0,60}(?:parser|namespace) error : (?<message>.{1,300})/,
    advice: ({ file, line, message }) => `${file} is no valid XML in line ${line}: ${message}.`,
    example: `
xmllint --noout doc/manual.xml
=> doc/manual.xml:12: parser error : Opening and ending tag mismatch: para line 10 and section
make: *** [Makefile:9: check-xml] Error 1`,
  },
  {
    name: "xml-error-in-check",
    category: "test-failure",
    certainty: "sure",
    phases: ["check"],
    needles: ["parser error : ", "validity error : "],
    pattern: /^(?<file>[^\s:]{1,300}):(?<line>\d{1,7}): .{0,60}(?:parser|validity) error : (?<message>.{1,300})/,
    advice: ({ file, line, message }) => `${file} is no valid XML in line ${line}: ${message}.`,
    example: `
+ xmllint --noout data/prog.xml
=> data/prog.xml:12: parser error : Opening and ending tag mismatch: para line 10 and section`,
  },
  {
    name: "gresource-file",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["Failed to locate “", "Failed to locate '"],
    pattern: /^(?<resource>[^\s:]{1,300}): Failed to locate [“'](?<file>[^”']{1,200})[”']/,
    advice: ({ resource, file }) => `${resource} lists ${file}, which is not in the source.`,
    example: `
glib-compile-resources --sourcedir=data --target=res.c data/x.gresource.xml
=> data/x.gresource.xml: Failed to locate “ui/window.ui” in any source directory.
make: *** [Makefile:12: res.c] Error 1`,
    in: "build",
  },
  {
    name: "introspection-include",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["Couldn't find include '", "Could not find GIR file "],
    pattern: /Couldn't find include '(?<include>[\w.-]{1,100})'|Could not find GIR file '(?<gir>[\w.-]{1,100})/,
    advice: ({ include, gir }) => `Add the package that has ${include ?? gir} (GObject introspection) to BuildRequires.`,
    example: `
=> <unknown>:: fatal error: Couldn't find include 'Gtk-4.0.gir' (search path: '['/usr/share/gir-1.0']')
make: *** [Makefile:40: X-1.0.gir] Error 1`,
    in: "build",
  },
  {
    name: "introspection-namespace",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "Namespace ",
    pattern: /^.{0,300}Namespace '?(?<namespace>[\w-]{1,60})'? (?:could not be found|not available)/,
    advice: ({ namespace }) => `Add the package with the GObject introspection of ${namespace} to BuildRequires.`,
    example: `
blueprint-compiler compile --output x.ui x.blp
=> error: Namespace Adw-1 could not be found
make: *** [Makefile:12: x.ui] Error 1`,
    in: "build",
  },
  {
    name: "selinux-policy",
    category: "script-failed",
    certainty: "sure",
    phases: scripts,
    needles: [".te:", ".if:", ".fc:", " at /", "Failed to resolve typeattributeset"],
    pattern:
      /^(?<file>[^\s:]{1,300}\.(?:te|if|fc|cil)):(?<line>\d{1,7}):\s?ERROR (?<message>.{1,300})|^Failed to resolve \w{1,40} statement at (?<place>\S{1,300})/,
    advice: ({ file, line, message, place }) => `The SELinux policy is refused: ${place ?? `${file}, line ${line}: ${message}`}.`,
    example: `
Compiling targeted policy_y module
=> policy_y.te:41:ERROR 'unknown type container_error_t' at token ';' on line 4021:
allow policy_y_t container_error_t:file { open read };

make: *** [/usr/share/selinux/devel/include/Makefile:156: tmp/policy_y.mod] Error 1`,
    in: "build",
  },
  {
    name: "texinfo",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: [".texi:", ".texinfo:", ".txi:"],
    pattern: /^(?<file>[^\s:]{1,300}\.(?:texi(?:nfo)?|txi)):(?<line>\d{1,7}): (?<message>.{1,300})/,
    unless: /warning/i,
    advice: ({ file, line, message }) => `makeinfo refuses line ${line} of ${file}: ${message}.`,
    example: `
makeinfo --no-split -o x.info x.texi
x.texi:12: warning: node next pointer is not there
=> x.texi:88: @itemx should not begin @item
make[1]: *** [Makefile:400: x.info] Error 1`,
    in: "build",
  },
  {
    name: "tex-font",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["not loadable: Metric", "don't know how to create bitmap font", "cannot be found.", "! Font "],
    pattern:
      /^! Font (?<font>\S{1,100}) (?:at \S{1,20} )?not loadable: Metric|don't know how to create bitmap font for (?<bitmap>\S{1,60})|^! Package fontspec Error: The font "(?<spec>[^"]{1,100})" cannot be/,
    advice: ({ font, bitmap, spec }) => `Add the TeX package that has the font ${font ?? bitmap ?? spec} to BuildRequires.`,
    example: `
=> ! Font T1/phv/m/n/10=phvr8t at 10.0pt not loadable: Metric (TFM) file not found.
l.12 \\begin{document}`,
    in: "build",
  },
  {
    name: "tex-package-error",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: "! Package ",
    pattern: /^! Package (?<package>\w{1,60}) Error: (?<message>.{1,300})/,
    unless: /fontspec Error: The font/,
    advice: ({ package: name, message }) => `LaTeX's ${name} stops: ${message}.`,
    example: `
=> ! Package inputenc Error: Unicode character ✓ (U+2713) not set up for use with LaTeX.
See the inputenc package documentation for explanation.`,
    in: "build",
  },
];
