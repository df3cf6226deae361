import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const configure: readonly Rule[] = [
  {
    name: "pkg-config-package",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["No package '", "was not found in the pkg-config search path", "Package requirements (", "Package dependency requirement"],
    pattern:
      /^(?:(?:checking .{1,200}\.\.\. ?(?:no |yes )?)?configure: error: )?(?:Package requirements \((?<requirements>[^)]{1,200})\) were not met|No package '(?<package>[^']{1,100})' found|Package (?<absent>\S{1,100}) was not found in the pkg-config search path|Package dependency requirement '(?<dependency>[^']{1,100})' could not be satisfied)/,
    follow: { pattern: /^No package '|^Package '.*' not found|^Requested '/, within: 4, max: 1 },
    advice: ({ package: name, absent, requirements, dependency }) =>
      `Add pkgconfig(${(name ?? absent ?? requirements ?? dependency)?.split(" ")[0]}) to BuildRequires.`,
    example: `
checking for GTK... no
=> configure: error: Package requirements (gtk+-3.0 >= 3.22) were not met:

No package 'gtk+-3.0' found

Consider adjusting the PKG_CONFIG_PATH environment variable if you`,
  },
  {
    name: "required-package-of-xdt",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "*** The required package ",
    pattern: /^\*\*\* The required package (?<package>\S{1,100}) was not found/,
    advice: ({ package: name }) => `Add pkgconfig(${name}) to BuildRequires.`,
    example: `
checking for gnutls >= 1.2.0... not found
=> *** The required package gnutls was not found on your system.
*** Please install gnutls (atleast version 1.2.0) or adjust
*** the PKG_CONFIG_PATH environment variable if you`,
  },
  {
    name: "configure-wants",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "configure: error: ",
    pattern:
      /^(?:checking .{1,200}\.\.\. ?(?:no |yes )?)?configure: error: (?<message>.*(?:not found|could not be found|requirements? .{0,80}not (?:been )?met|[Nn]ot found|could not find|[Cc]ouldn't find|[Cc]annot find|can't find|unable to find|[Uu]nable to (?:find|locate|detect)|is required|are required|required|could not (?:be )?(?:detect|locate)|must be installed|[Pp]lease install|need(?:s|ed)?\b|missing|not available|not installed|no usable|not present|do(?:es)? not (?:exist|have)|devel|libraries|headers?\b|library).*)/,
    unless:
      /cannot (?:create executables|compute|run)|C\+*\d* compiler (?:cannot|failed)|cannot find (?:required auxiliary|install-sh|sources)|no acceptable \S{1,20}(?: compiler)? (?:found|could be found)/,
    which: "last",
    advice: ({ message }) => `configure misses something ("${message}"): add it to BuildRequires.`,
    example: `
checking for library containing frob_open... no
=> configure: error: libfrob is required to build this package
error: trailing output`,
  },
  {
    name: "configure-finds-no-program",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "configure: error: no acceptable ",
    pattern:
      /^(?:checking .{1,200}\.\.\. ?(?:no |yes )?)?configure: error: no acceptable (?<program>\S{1,20}(?: compiler)?) (?:found|could be found) in \$PATH/,
    advice: ({ program }) => `configure finds no ${program}: add the package that has it to BuildRequires.`,
    example: `
checking for gcc... no
configure: error: in '/builddir/build/BUILD/x':
=> configure: error: no acceptable C compiler found in $PATH
See 'config.log' for more details`,
  },
  {
    name: "configure-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["configure: error: ", "configure: Fehler: "],
    pattern: /^(?:checking .{1,200}\.\.\. ?(?:no |yes )?)?configure: error: (?<message>.{1,300})/,
    unless: /configure: error: in [`'‘]/,
    which: "last",
    advice: ({ message }) => `configure gives up: ${message}. Its config.log tells more.`,
    example: `
checking whether the C compiler works... no
configure: error: in \`/builddir/build/BUILD/x-1.0':
=> configure: error: C compiler cannot create executables
See \`config.log' for more details`,
  },
  {
    name: "autoconf-undefined-macro",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["possibly undefined macro: ", "undefined macro: AM_", "not found in library", "macro `"],
    pattern:
      /^(?<file>[^\s:]{1,200}):(?<line>\d{1,7}): (?:error|warning): (?:possibly undefined macro: (?<macro>\w{1,100})|macro '?[`']?(?<absent>A[MXC]_\w{1,80})' not found in library)/,
    advice: ({ macro, absent }) =>
      `Add the package whose m4 file defines ${macro ?? absent} to BuildRequires (e.g. autoconf-archive, gettext-devel, libtool, pkgconf-m4).`,
    example: `
+ autoreconf -vif
=> configure.ac:31: error: possibly undefined macro: AM_ICONV
      If this token and others are legitimate, please use m4_pattern_allow.
autoreconf: error: /usr/bin/autoconf failed with exit status: 1`,
  },
  {
    name: "configure-syntax",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["syntax error near unexpected token", "_CONFIG: command not found", ": command not found"],
    pattern:
      /configure: line (?<line>\d{1,7}): (?:syntax error near unexpected token [`'‘](?<macro>.{1,160})|(?<absent>(?:A[CMXS]|PKG|LT|GTK|GNOME|XDT|YELP|IT|GLIB|AX)_[A-Z_]{2,60}): command not found)/,
    advice: ({ macro, absent }) =>
      `A macro of configure.ac was not expanded (${macro ?? absent}): add the package that has its m4 file to BuildRequires.`,
    example: `
checking for gcc... gcc
=> ./configure: line 16321: syntax error near unexpected token \`LIBXML2,libxml-2.0'
./configure: line 16321: \`PKG_CHECK_MODULES(LIBXML2,libxml-2.0)'`,
  },
  {
    name: "configure-option-unknown",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: "nknown option",
    pattern: /^(?:\.\/configure: |configure: |ERROR: )?[Uu]nknown option:? "?(?<option>--[\w=-]{1,100})"?\.?$/,
    follow: { pattern: /--help/, within: 2, max: 1, isNeeded: true },
    advice: ({ option }) => `configure does not know ${option}: take it out of the spec file.`,
    example: `
+ ./configure --prefix=/usr --enable-frob
=> Unknown option "--enable-frob".
See ./configure --help for available options.`,
  },
  {
    name: "gettext-mismatch",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: "gettext infrastructure mismatch",
    pattern: /error: gettext infrastructure mismatch/,
    advice: "The files of gettext in the source are of another version: run autoreconf -fi in %prep, with gettext-devel in BuildRequires.",
    example: `
=> *** error: gettext infrastructure mismatch: using a Makefile.in.in from gettext version 0.18 but the autoconf macros are from gettext version 0.20
make[2]: *** [Makefile:140: stamp-it] Error 1`,
  },
  {
    name: "libtool-mismatch",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["libtool: Version mismatch error", "libtool: error: "],
    pattern: /^libtool: (?:Version mismatch error|error: (?<message>.{1,300}))/,
    unless: /cannot find the library|link: /,
    advice: "The files of libtool in the source are of another version: run autoreconf -fi in %prep, with libtool in BuildRequires.",
    example: `
=> libtool: Version mismatch error.  This is libtool 2.4.7, but the
libtool: definition of this LT_INIT comes from libtool 2.4.2.
make[2]: *** [Makefile:503: libx.la] Error 63`,
  },
  {
    name: "autotools-error",
    category: "configure-error",
    certainty: "likely",
    phases: scripts,
    needles: [
      "autoreconf: ",
      "automake: error",
      "aclocal: error",
      "configure.ac:",
      "configure.in:",
      "Makefile.am:",
      ".am: error: ",
      "autopoint: ",
      "autom4te: error",
      "m4:",
    ],
    pattern:
      /^(?:configure\.(?:ac|in)|\S{0,200}\.am|aclocal\.m4):(?:\d{1,7}:)? error: |^(?:\S{0,60}\/)?m4: ?\S{1,200}: (?:cannot open|.{0,60}[Ee]rror).{0,200}|^autopoint: \*\*\* (?!Stop).{1,200}|^(?:autoreconf|automake(?:-[\d.]{1,6})?|aclocal(?:-[\d.]{1,6})?|autopoint|autom4te): (?:error: |.* failed)/,
    unless: /possibly undefined macro|failed with exit status/,
    advice: "The build system of the source does not fit the autotools here: see the line, and patch configure.ac or Makefile.am.",
    example: `
+ autoreconf -fi
=> Makefile.am:3: error: Libtool library used but 'LIBTOOL' is undefined
autoreconf: error: automake failed with exit status: 1`,
  },
];
