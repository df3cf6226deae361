import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** What other tools that configure a build say: qmake, SCons, waf, bazel, scripts in the manner of autoconf. */
export const buildConfigurators: readonly Rule[] = [
  {
    name: "waf-source",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["source not found: '"],
    pattern: /^source not found: '(?<file>[^']{1,300})' in /,
    advice: ({ file }) => `The wscript names ${file}, which is not there: add it to the sources, or build without what needs it.`,
    example: `
Waf: Entering directory \`/builddir/build/BUILD/frob-4.1/bin'
=> source not found: '../third_party/gen-table.py' in bld(idx=41, meths=['process_rule', 'process_source'], _name='TABLE')`,
    in: "build",
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
    certainty: "vague",
    phases: ["build", "prep"],
    needles: ["could not be found", ": not found", "not found! "],
    pattern: /^Checking for (?<name>.{1,100}?) +: not found ?$|^(?:Error|ERROR): .{0,200}(?:could not be found|not found!)/,
    which: "last",
    advice: "The build system misses something: add what it checked for last to BuildRequires.",
    example: `
+ python3 ./waf configure --prefix=/usr
Checking for 'gcc' (C compiler) : /usr/bin/gcc
=> Checking for 'jack' : not found
The configuration failed`,
    in: "build",
  },
  {
    name: "qmake-file",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Cannot find file: ", "WARNING: Failure to find"],
    pattern: /^(?:ERROR: )?Cannot find file: (?<file>\S{1,200}\.pro)\.?$/,
    advice: ({ file }) => `qmake finds no ${file}: name the project file that the source has.`,
    example: `
+ /usr/bin/qmake-qt5 x.pro
=> Cannot find file: x.pro.`,
    in: "build",
  },
  {
    name: "scons-script",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["scons: *** ", "SConsEnvironment", "SConstruct"],
    pattern: /^scons: \*\*\* (?!\[)(?<message>.{1,300})|^(?<error>\w{1,40}(?:Error|Exception)): .{0,200}(?:SConsEnvironment|SCons).{0,200}/,
    advice: ({ message, error }) => `SCons can't read the project: ${message ?? error}.`,
    example: `
scons: Reading SConscript files ...
=> scons: *** No SConstruct file found.`,
    in: "build",
  },
  {
    name: "answer-of-configure",
    category: "missing-dep-configure",
    certainty: "likely",
    phases: ["build", "prep"],
    needles: ["error: the HTTP", "error: C compiler", "requires the ", "Did not find ", "not found using pkg-config"],
    pattern:
      /^\.\/configure: error: .{0,100}requires the (?<library>\S{1,60}) library|^Did not find (?!CMake)(?<file>\S{1,100})|^ERROR: (?<package>\S{1,60})(?: >=? ?\S{1,20})? not found using pkg-config/,
    advice: ({ library, file, package: name }) => `Add the package that has ${library ?? file ?? name} to BuildRequires.`,
    example: `
+ ./configure --enable-libfrob
=> ERROR: frob >= 2.0 not found using pkg-config

If you think configure made a mistake, make sure you are using the latest
version from Git.`,
    in: "build",
  },
  {
    name: "bazel-package",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["no such package '", "no such target '", "The repository '@"],
    pattern: /^ERROR: \S{1,300}: .{0,100}no such (?:package|target) '(?<target>[^']{1,200})'.{0,300}/,
    unless: /Error downloading|UnknownHost|fetch of repository/,
    advice: ({ target }) => `Bazel has no ${target}: provide its repository as a Source (--override_repository, --distdir).`,
    example: `
=> ERROR: /builddir/build/BUILD/x-1.0/BUILD:12:1: no such package '@frob//': The repository '@@frob' could not be resolved
ERROR: Analysis of target '//:x' failed; build aborted`,
  },
];
