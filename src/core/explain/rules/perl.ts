import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** Perl, its makers of makefiles, and its tests that can't be read. */
export const perl: readonly Rule[] = [
  {
    name: "perl-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["in @INC", "prerequisite", "Base class package"],
    pattern:
      /Can't locate (?<file>[\w/]{1,200}\.p[ml]) in @INC(?: \(you may need to install the (?<module>[\w:]{1,200}) module\))?|^Warning: prerequisite (?<prerequisite>[\w:]{1,200}) .{0,60}not found|Base class package "(?<base>[\w:]{1,200})" is empty/,
    unless: /^Warning: prerequisite/,
    which: "first",
    advice: ({ module, file, base }) =>
      `Add perl(${module ?? base ?? file?.replace(/\.p[ml]$/, "").replaceAll("/", "::")}) to BuildRequires.`,
    example: `
+ /usr/bin/perl Makefile.PL INSTALLDIRS=vendor
=> Can't locate Module/Install.pm in @INC (you may need to install the Module::Install module) (@INC entries checked: inc /usr/local/lib64/perl5) at Makefile.PL line 4.
BEGIN failed--compilation aborted at Makefile.PL line 4.`,
  },
  {
    name: "perl-version",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["required--this is only", "is not installed", "object version "],
    pattern:
      /^(?<module>[\w:]{1,200})(?: version)? v?[\d._]{1,20} required--this is only|^ {1,8}[!*] {1,4}(?<absent>[A-Z][\w:]{1,200}) is not installed|^(?<object>[\w:]{1,200}) object version \S{1,20} does not match/,
    advice: ({ module, absent, object }) =>
      `Perl has no ${module ?? absent ?? object} of the version that is asked for: add perl(${module ?? absent ?? object}) to BuildRequires.`,
    example: `
=> Test::More version 1.302200 required--this is only version 1.302198 at Makefile.PL line 3.
BEGIN failed--compilation aborted at Makefile.PL line 3.`,
  },
  {
    name: "perl-compile",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "syntax error at ",
      "Execution of ",
      "BEGIN failed--compilation aborted",
      "Can't locate object method",
      "Undefined subroutine",
      "Global symbol ",
      "is illegal here in regex",
      "Can't use ",
      "Bareword ",
      "Missing right ",
      "Can't modify ",
      "Unmatched ",
    ],
    pattern:
      /^syntax error at (?<file>\S{1,200}) line (?<line>\d{1,7})|^Can't locate object method .{1,200}|^Undefined subroutine .{1,200}|^(?:Global symbol "|Bareword "|Missing right |Can't modify |Can't use ['"\w]|Unmatched |Unescaped left brace).{1,300} at \S{1,200} line \d{1,7}[.,]/,
    advice: "A Perl program of the build does not fit this Perl or its modules: see the line.",
    example: `
=> syntax error at script/gen.pl line 40, near "){"
Execution of script/gen.pl aborted due to compilation errors.`,
  },
  {
    name: "perl-died",
    category: "script-failed",
    certainty: "vague",
    phases: scripts,
    needles: [" line "],
    pattern: /^(?<message>\S.{2,300}) at (?<file>\S{1,200}\.p[lm]|\S{1,200}\.PL|Makefile\.PL|Build\.PL) line (?<line>\d{1,7})\.$/,
    unless: /^(?:Global symbol|Can't use|Unescaped left|Can't load)|^Use of uninitialized|deprecated|^#|\bok\b/,
    which: "last",
    advice: ({ message }) => `A Perl program of the build died: ${message}.`,
    example: `
+ perl Makefile.PL
=> OpenSSL headers are needed at Makefile.PL line 31.`,
  },
  {
    name: "perl-library",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["Can't load '", "binaries are mismatched", " is required at ", "prerequisites"],
    pattern:
      /^Can't load '(?<library>[^']{1,300})' for module (?<module>[\w:]{1,100})|^(?<object>[\w/]{1,100}\.c): loadable library and perl binaries are mismatched|^(?:\*{1,4} ?)?(?<required>[A-Z]\w{0,60}::[\w:]{1,100}|[A-Z]\w{1,60}) (?:[\d.]{1,12} )?(?:or (?:greater|higher|later) )?is required (?:.{0,60} )?at \S{1,100} line \d/,
    which: "first",
    advice: ({ module, object, required }) =>
      `Perl can't load ${module ?? object ?? required}: add perl(${module ?? required ?? "NAME"}) to BuildRequires, built for this Perl.`,
    example: `
+ perl Makefile.PL
=> Can't load '/usr/lib64/perl5/vendor_perl/auto/X/X.so' for module X: libfoo.so.1: cannot open shared object file: No such file or directory at /usr/lib64/perl5/DynaLoader.pm line 206.`,
    in: "build",
  },
];
