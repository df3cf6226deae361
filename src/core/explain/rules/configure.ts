import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const askFor = (name: string | undefined) => `Add what provides ${name} to BuildRequires.`;

export const configure: readonly Rule[] = [
  {
    name: "pkg-config-package",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["No package '", "was not found in the pkg-config search path", "Package requirements (", "Package dependency requirement"],
    pattern:
      /^(?:configure: error: )?(?:Package requirements \((?<requirements>[^)]{1,200})\) were not met|No package '(?<package>[^']{1,100})' found|Package (?<absent>\S{1,100}) was not found in the pkg-config search path|Package dependency requirement '(?<dependency>[^']{1,100})' could not be satisfied)/,
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
    name: "cmake-required-features",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "FeatureSummary.cmake",
    pattern: /^CMake Error at (?<file>[^\s:]{1,300}FeatureSummary\.cmake):(?<line>\d{1,7})/,
    advice: "Packages that the project requires are not there (they are listed above it): add them to BuildRequires.",
    example: `
-- The following REQUIRED packages have not been found:

 * MLT (required version >= 7.33.0), Multimedia Framework, <https://mltframework.org>

=> CMake Error at /usr/share/cmake/Modules/FeatureSummary.cmake:464 (message):
  feature_summary() Error: REQUIRED package(s) are missing, aborting CMake run.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "meson-subproject",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["wrap-based subproject downloading is disabled", "Neither a subproject directory nor a ", "Subproject ", "Automatic wrap-based"],
    pattern:
      /^(?:[^\s:]{1,300}:\d{1,7}:\d{1,7}: )?ERROR: (?:Automatic wrap-based .{0,40}downloading is disabled|Neither a subproject directory nor a (?<wrap>\S{1,100}) file was found|Subproject (?<subproject>\S{1,100}) (?:is buildable: NO|does not exist|could not be found))/,
    advice: "Meson falls back to a subproject that is not there: add what replaces it, as pkgconfig(NAME), to BuildRequires.",
    example: `
Run-time dependency frob found: NO (tried pkgconfig)
Looking for a fallback subproject for the dependency frob
=> meson.build:12:0: ERROR: Automatic wrap-based subproject downloading is disabled`,
  },
  {
    name: "configure-wants",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "configure: error: ",
    pattern:
      /^configure: error: (?<message>.*(?:not found|[Nn]ot found|could not find|[Cc]ouldn't find|[Cc]annot find|can't find|unable to find|[Uu]nable to (?:find|locate|detect)|is required|are required|required|must be installed|[Pp]lease install|need(?:s|ed)?\b|missing|not available|not installed|no usable|not present|do(?:es)? not (?:exist|have)|devel|libraries|headers?\b|library).*)/,
    unless: /cannot (?:create executables|compute|run)|C\+*\d* compiler (?:cannot|failed)/,
    which: "last",
    advice: ({ message }) => `configure misses something ("${message}"): add it to BuildRequires.`,
    example: `
checking for library containing frob_open... no
=> configure: error: libfrob is required to build this package
error: trailing output`,
  },
  {
    name: "configure-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["configure: error: ", "configure: Fehler: "],
    pattern: /^configure: error: (?<message>.{1,300})/,
    unless: /^configure: error: in [`'‘]/,
    which: "last",
    advice: ({ message }) => `configure gives up: ${message}. Its config.log tells more.`,
    example: `
checking whether the C compiler works... no
configure: error: in \`/builddir/build/BUILD/x-1.0':
=> configure: error: C compiler cannot create executables
See \`config.log' for more details`,
  },
  {
    name: "cmake-package",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error at "],
    pattern:
      /^CMake Error at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}) \((?:find_package|find_library|find_program|pkg_check_modules|_pkg_check_modules_internal|find_dependency)/,
    follow: {
      pattern: /^ {2}(?:By not providing|Could not find|The following required|Found package|No module|- )|^ {3}- /,
      within: 10,
      max: 2,
    },
    advice: "CMake does not find a package it needs: add what provides it, e.g. cmake(NAME), to BuildRequires.",
    example: `
-- Could NOT find Doxygen (missing: DOXYGEN_EXECUTABLE)
=> CMake Error at CMakeLists.txt:4 (find_package):
  By not providing "FindQt6.cmake" in CMAKE_MODULE_PATH this project has
  asked CMake to find a package configuration file provided by "Qt6", but
  CMake did not find one.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-module-could-not-find",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["FindPackageHandleStandardArgs.cmake", "FindPkgConfig.cmake", "ECMFindModuleHelpers"],
    pattern:
      /^CMake Error at (?<file>[^\s:]{1,300}(?:FindPackageHandleStandardArgs|FindPkgConfig|ECMFindModuleHelpers)\.cmake):(?<line>\d{1,7})/,
    follow: { pattern: /^ {2}Could NOT find|^ {2}The following required|^ {3}- |^ {2}A required package/, within: 8, max: 2 },
    advice: "CMake does not find a package it needs (the next line names it): add it to BuildRequires.",
    example: `
=> CMake Error at /usr/share/cmake/Modules/FindPackageHandleStandardArgs.cmake:233 (message):
  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)
Call Stack (most recent call first):
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-could-not-find",
    category: "missing-dep-configure",
    certainty: "likely",
    phases: scripts,
    needles: ["Could NOT find ", "Could not find a package configuration file provided by"],
    pattern:
      /^ {2}(?:Could NOT find (?<package>[\w.+-]{1,100}) \(missing|Could not find a package configuration file provided by "(?<config>[\w.+-]{1,100})")/,
    advice: ({ package: name, config }) => `Add cmake(${name ?? config}), or the package that has it, to BuildRequires.`,
    example: `
CMake Warning at x.cmake:1 (message):
=>   Could NOT find Wayland (missing: Wayland_Client)
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-version",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Compatibility with CMake < ", "or higher is required.  You are running"],
    pattern: /^ {2}(?:Compatibility with CMake < [\d.]+ has been removed|CMake [\d.]+ or higher is required\. {2}You are running)/,
    advice: "The project asks for another version of CMake: raise its cmake_minimum_required, or pass -DCMAKE_POLICY_VERSION_MINIMUM=3.5.",
    example: `
CMake Error at CMakeLists.txt:1 (cmake_minimum_required):
=>   Compatibility with CMake < 3.5 has been removed from CMake.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error"],
    pattern: /^CMake Error(?:: | at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}))/,
    unless:
      /\((?:find_package|find_library|find_program|pkg_check_modules|_pkg_check_modules_internal|find_dependency)|FeatureSummary\.cmake|FindPackageHandleStandardArgs|FindPkgConfig\.cmake|ECMFindModuleHelpers|cmake_minimum_required/,
    follow: { pattern: /^ {2}\S/, within: 2, max: 1 },
    advice: "CMake gives up: the lines below say why.",
    example: `
=> CMake Error at CMakeLists.txt:40 (message):
  Unsupported architecture: riscv64
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "meson-dependency",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "ERROR: Dependency ",
      "ERROR: Program ",
      "ERROR: Dependency lookup for",
      "ERROR: C shared or static library",
      "ERROR: C++ shared",
      "not found or not executable",
    ],
    pattern:
      /^(?:(?<file>[^\s:]{1,300}):(?<line>\d{1,7}):\d{1,7}: )?ERROR: (?:Dependency|Dependency lookup for|Program|Program or command|C(?:\+\+)? (?:shared or static )?library) ["'‘]?(?<name>[^\s"',’]{1,100})["'’]?.*(?:not found|found but|found: NO|failed|Invalid version)/,
    advice: ({ name }) => askFor(`pkgconfig(${name})`).replace(".", ", or the package that has it."),
    example: `
Run-time dependency egl found: NO (tried pkgconfig)

=> meson.build:12:6: ERROR: Dependency "egl" not found, tried pkgconfig

A full log can be found at /builddir/build/BUILD/x/redhat-linux-build/meson-logs/meson-log.txt`,
  },
  {
    name: "meson-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: [": ERROR: ", "meson.build:", "ERROR: "],
    pattern: /^(?<file>[^\s:]{0,300}meson(?:\.build|_options\.txt|\.options)):(?<line>\d{1,7}):\d{1,7}: ERROR: (?<message>.{1,300})/,
    unless: /ERROR: (?:(?:Dependency|Program|C(?:\+\+)? (?:shared|library)).*(?:not found|found but|found: NO)|Automatic wrap|Neither a subproject|Subproject .* (?:is buildable|does not exist|could not be))/,
    advice: ({ message }) => `Meson gives up: ${message}.`,
    example: `
Project name: player
=> meson.build:1:0: ERROR: Unknown options: "docs"

A full log can be found at /builddir/build/BUILD/x/redhat-linux-build/meson-logs/meson-log.txt`,
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
    needles: "syntax error near unexpected token",
    pattern: /configure: line (?<line>\d{1,7}): syntax error near unexpected token [`'‘](?<macro>[A-Z]\w{1,60}.{0,100})/,
    advice: ({ macro }) => `A macro of configure.ac was not expanded (${macro}): add the package that has its m4 file to BuildRequires.`,
    example: `
checking for gcc... gcc
=> ./configure: line 16321: syntax error near unexpected token \`LIBXML2,libxml-2.0'
./configure: line 16321: \`PKG_CHECK_MODULES(LIBXML2,libxml-2.0)'`,
  },
  {
    name: "libtool-mismatch",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["libtool: Version mismatch error", "libtool: error: "],
    pattern: /^libtool: (?:Version mismatch error|error: (?<message>.{1,300}))/,
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
      "autopoint: ",
      "autom4te: error",
    ],
    pattern:
      /^(?:configure\.(?:ac|in)|\S{0,200}Makefile\.am|aclocal\.m4):\d{1,7}: error: |^(?:autoreconf|automake|aclocal|autopoint|autom4te): (?:error: |.* failed)/,
    unless: /possibly undefined macro|^autoreconf: (?:\S*: )?(?:error: )?\S* failed with exit status/,
    advice: "The build system of the source does not fit the autotools here: see the line, and patch configure.ac or Makefile.am.",
    example: `
+ autoreconf -fi
=> Makefile.am:3: error: Libtool library used but 'LIBTOOL' is undefined
autoreconf: error: automake failed with exit status: 1`,
  },
  {
    name: "qmake-module",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["Project ERROR: "],
    pattern:
      /^Project ERROR: (?:Unknown module\(s\) in QT: (?<module>.{1,200})|(?<package>\S{1,100}) development package not found|(?<message>.{1,300}))/,
    advice: ({ module, package: name, message }) =>
      `qmake misses ${module ?? name ?? message}: add the package that has it to BuildRequires.`,
    example: `
+ /usr/bin/qmake-qt5 app.pro
=> Project ERROR: Unknown module(s) in QT: webenginewidgets`,
  },
  {
    name: "scons-or-waf",
    category: "missing-dep-configure",
    certainty: "likely",
    phases: scripts,
    needles: ["could not be found", ": not found", "not found! "],
    pattern:
      /^Checking for (?<name>.{1,100}?) +: not found ?$|^(?:Error|ERROR): .{0,200}(?:could not be found|not found!)/,
    which: "last",
    advice: "The build system misses something: add what it checked for last to BuildRequires.",
    example: `
+ python3 ./waf configure --prefix=/usr
Checking for 'gcc' (C compiler) : /usr/bin/gcc
=> Checking for 'jack' : not found
The configuration failed`,
    in: "build",
  },
];
