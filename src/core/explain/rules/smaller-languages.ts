import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const refuses = ({ file, line, message }: Record<string, string>) => `The compiler refuses line ${line} of ${file}: ${message}.`;

export const smallerLanguages: readonly Rule[] = [
  {
    name: "pascal-or-nim",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [") Error: ", ") Fatal: "],
    pattern:
      /^(?<file>[^\s(]{1,300}\.(?:nim|nims|pas|pp|lpr|dpr|inc))\((?<line>\d{1,7})(?:, ?\d{1,5})?\) (?:Error|Fatal): (?<message>.{1,300})/,
    unless: /Can't find unit|cannot open file: |There were \d+ errors|Compilation aborted/,
    advice: refuses,
    example: `
/builddir/build/BUILD/x-1.0/vendor/errors.nim(12, 8) Warning: imported and not used: 'tables' [UnusedImport]
=> /builddir/build/BUILD/x-1.0/src/utils.nim(54, 22) Error: type mismatch
Expression: uriToPath(uri, true)`,
  },
  {
    name: "pascal-unit",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["find unit ", "Error: cannot open file: "],
    pattern:
      /(?:^|\) )Fatal: (?:\(\d{1,6}\) )?Can(?:'t|not) find unit (?<unit>[\w.]{1,100})|\.nims?\(\d{1,7}, \d{1,5}\) Error: cannot open file: (?<nim>\S{1,100})/,
    advice: ({ unit, nim }) => `Add the package that has ${unit ?? nim} to BuildRequires.`,
    example: `
=> main.pas(12,20) Fatal: (10022) Can't find unit LCLBase used by main
Fatal: (1018) Compilation aborted`,
  },
  {
    name: "bison",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ": error: ",
    pattern: /^(?<file>[^\s:]{1,300}):(?<line>\d{1,7})\.\d{1,5}(?:-\d{1,7})?: (?:fatal )?error: (?<message>.{1,300})/,
    advice: refuses,
    example: `
bison -y -d -o parse.c parse.y
parse.y: warning: 31 shift/reduce conflicts [-Wconflicts-sr]
=> parse.y:210.5-10: error: $$ for the midrule at $2 of ‘stmt’ has no declared type
make: *** [Makefile:20: parse.c] Error 1`,
  },
  {
    name: "ada",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".adb:", ".ads:"],
    pattern: /^(?<file>[^\s:]{1,300}\.ad[bs]):(?<line>\d{1,7}):\d{1,5}: (?:error: )?(?<message>.{1,300})/,
    unless: /: (?:warning|info|note|\(style\)|low|medium|high): |\(style\)/,
    advice: refuses,
    example: `
gcc -c -O2 -gnatwa parse.adb
parse.adb:7:04: warning: variable "Errors" is not referenced [-gnatwu]
=> parse.adb:41:13: "Unbounded_Slice" is undefined
gprbuild: *** compilation phase failed`,
  },
  {
    name: "ada-project",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [".gpr:", "unknown project file"],
    pattern:
      /^[^\s:]{1,300}\.gpr:\d{1,7}:\d{1,5}: (?:error: )?(?:unknown project file|imported project file|can't find project file): ?"?(?<project>[\w.-]{1,100})|^[^\s:]{1,300}\.gpr:\d{1,7}:\d{1,5}: imported project file "(?<imported>[^"]{1,100})" not found/,
    advice: ({ project, imported }) => `Add the package with the GNAT project ${project ?? imported} to BuildRequires.`,
    example: `
+ gprbuild -P x.gpr
=> x.gpr:3:06: imported project file "gnatcoll.gpr" not found
gprbuild: "x.gpr" processing failed`,
  },
  {
    name: "error-in-brackets",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["): error", "): fatal error", "): catastrophic error"],
    pattern:
      /^(?<file>[^\s:(][^:(]{0,300})\((?<line>\d{1,7})(?:,\d{1,5}){0,3}\): (?:fatal |catastrophic )?error(?: #?(?!TS|NU|NETSDK|MSB)\w{1,12})?: (?<message>.{1,300})/,
    unless: /: error: in "|\.vcxproj|\.targets\(|cannot open source file|No such file or directory/,
    advice: refuses,
    example: `
nvcc -O2 -c kernel.cu -o kernel.o
=> kernel.cu(41): error: identifier "__shfl_down" is undefined
1 error detected in the compilation of "kernel.cu".
make: *** [Makefile:12: kernel.o] Error 255`,
  },
  {
    name: "header-in-brackets",
    category: "missing-header",
    certainty: "sure",
    phases: scripts,
    needles: ["cannot open source file ", "): fatal error"],
    pattern:
      /^[^\s:(][^:(]{0,300}\(\d{1,7}(?:,\d{1,5})?\): (?:fatal |catastrophic )?error(?: #?\w{1,12})?: (?:cannot open source file "(?<header>[^"]{1,200})"|(?<other>[\w./+-]{1,200}): No such file or directory)/,
    advice: ({ header, other }) =>
      `Add the package that has ${header ?? other} to BuildRequires (dnf repoquery --file '*/${header ?? other}').`,
    example: `
nvcc -c kernel.cu -o kernel.o
=> kernel.cu(3): catastrophic error: cannot open source file "cutlass/gemm.h"`,
  },
  {
    name: "nuget-package",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["error NU1100", "error NU1101", "error NU1102", "error NU1103", "The SDK 'Microsoft", "error NETSDK1004", "error CS0006"],
    pattern:
      /: error: The SDK '(?<sdk>[^']{1,100})' specified could not be found|: error (?:NU110[0-3]: Unable to (?:find package|resolve) '?(?<package>[\w.-]{1,100})|NETSDK1004: |CS0006: )/,
    advice: ({ package: name, sdk }) => `NuGet has no ${name ?? sdk ?? "package it needs"} offline: bundle its packages as a Source.`,
    example: `
  Determining projects to restore...
=> /builddir/build/BUILD/x-1.0/X.csproj : error NU1101: Unable to find package Newtonsoft.Json. No packages exist with this id in source(s): /usr/share/dotnet/library-packs
Build FAILED.`,
  },
  {
    name: "msbuild",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["error MSB", "error NETSDK"],
    pattern: /: error (?<code>(?:MSB|NETSDK)\d{4}): (?<message>.{1,300})/,
    advice: ({ message }) => `MSBuild refuses the project: ${message}.`,
    example: `
=> /usr/lib64/dotnet/sdk/9.0.110/Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET.TargetFrameworkInference.targets(166,5): error NETSDK1045: The current .NET SDK does not support targeting .NET 10.0.
Build FAILED.`,
  },
  {
    name: "capital-error",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: [": Error: "],
    pattern: /^(?<file>[^\s:]{1,300}\.\w{1,10}):(?<line>\d{1,7})(?::\d{1,5})?: Error: (?<message>.{1,300})/,
    unless: /conftest|\[-Werror|\.el:|^\S{1,300}\.(?:js|py|sh):/,
    advice: refuses,
    example: `
swig -python -c++ -o wrap.cpp frob.i
frob.i:7: Warning 401: Nothing known about base class 'Error'. Ignored.
=> frob.i:88: Error: Syntax error in input(3).
make: *** [Makefile:31: wrap.cpp] Error 1`,
  },
  {
    name: "protobuf-import",
    category: "missing-file",
    certainty: "decisive",
    phases: scripts,
    needles: [".proto: File not found"],
    pattern: /^(?<file>[^\s:]{1,300}\.proto): File not found\./,
    advice: ({ file }) => `protoc finds no ${file}: add the package that has it to BuildRequires, and its directory with -I.`,
    example: `
+ protoc -I. --cpp_out=gen rpc.proto
=> google/api/annotations.proto: File not found.
rpc.proto:7:1: Import "google/api/annotations.proto" was not found or had errors.`,
  },
  {
    name: "protobuf-or-thrift",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".proto:", ".thrift:"],
    pattern: /^(?<file>[^\s:]{1,300}\.proto):(?:(?<line>\d{1,7}):\d{1,5}:)? (?<message>.{1,300})|^\[ERROR:[^\]]{1,300}\.thrift:\d{1,7}\] /,
    unless: /warning/i,
    advice: "The interface file is refused: fix or patch it, or add the file that it imports to BuildRequires.",
    example: `
protoc --cpp_out=. api.proto
=> api.proto:12:3: "google.protobuf.Timestamp" is not defined.
make: *** [Makefile:9: api.pb.cc] Error 1`,
  },
  {
    name: "shader",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: "ERROR: ",
    pattern: /^ERROR: (?<file>[^\s:]{1,300}):(?<line>\d{1,7}): '(?<message>.{0,200}' : .{1,200})/,
    unless: /compilation terminated/,
    advice: refuses,
    example: `
FAILED: shaders/map.spv
glslangValidator -V ../shaders/map.comp -o shaders/map.spv
../shaders/map.comp
=> ERROR: ../shaders/map.comp:31: 'subgroupAdd' : required extension not requested: GL_KHR_shader_subgroup_arithmetic
ERROR: ../shaders/map.comp:31: '' : compilation terminated
ERROR: 2 compilation errors.  No code generated.`,
  },
  {
    name: "haxe",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ".hx:",
    pattern: /^(?<file>[^\s:]{1,300}\.hx):(?<line>\d{1,7}): (?:characters|lines?) \d{1,7}(?:-\d{1,7})? : (?<message>(?!Warning).{1,300})/,
    advice: refuses,
    example: `
=> src/Main.hx:12: characters 5-10 : Unknown identifier : trade`,
  },
  {
    name: "emacs-library",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "Cannot open load file",
    pattern: /Cannot open load file: (?:No such file or directory, )?"?(?<library>[\w./-]{1,200})/,
    unless: /^\s*\(|^  /,
    advice: ({ library }) => `Add the package with the Emacs library ${library} to BuildRequires.`,
    example: `
+ emacs -batch -L . -f batch-byte-compile frob.el
In toplevel form:
=> frob.el:28:1: Error: Cannot open load file: No such file or directory, dash`,
  },
  {
    name: "emacs-compile",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ".el:",
    pattern: /^(?<file>[^\s:]{1,300}\.el):(?<line>\d{1,7}):(?:\d{1,5}:)? Error: (?<message>.{1,300})/,
    unless: /Cannot open load file/,
    advice: refuses,
    example: `
In frob-error:
=> frob.el:41:9: Error: Wrong number of arguments: make-obsolete, 2`,
  },
  {
    name: "lisp-or-scheme-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["no code for module", "Component ", "can't find package "],
    pattern:
      /no code for module (?<guile>\([^)]{1,100}\))|^.{0,80}Component "?(?<lisp>[^"\s]{1,100})"? not found|can't find package (?<tcl>[\w:]{1,100}(?: [\d.-]{1,20})?)/,
    advice: ({ guile, lisp, tcl }) => `Add the package that has ${guile ?? lisp ?? tcl} to BuildRequires.`,
    example: `
+ ./configure
=> can't find package Thread 2.8
    while executing`,
  },
  {
    name: "julia-package",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "not found in current path",
    pattern: /ArgumentError: Package (?<package>\w{1,100}) (?:\[\S{1,60}\] )?not found in current path/,
    advice: ({ package: name }) => `Add the package with Julia's ${name} to BuildRequires.`,
    example: `
=> ERROR: LoadError: ArgumentError: Package JSON not found in current path.
- Run \`import Pkg; Pkg.add("JSON")\` to install the JSON package.`,
  },
  {
    name: "r-version",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "is being loaded, but ",
    pattern: /namespace ‘(?<package>[\w.]{1,100})’ \S{1,30} is (?:being|already) loaded, but (?<version>>=? ?\S{1,30}) is required/,
    advice: ({ package: name, version }) => `R has an older ${name}: ${version} is asked for.`,
    example: `
** byte-compile and prepare package for lazy loading
Error in loadNamespace(j <- i[[1L]], c(lib.loc, .libPaths()), versionCheck = vI[[j]]) :
=>   namespace ‘rlang’ 1.0.6 is being loaded, but >= 1.1.0 is required
ERROR: lazy loading failed for package ‘tidyplot’`,
  },
  {
    name: "error-below-its-place",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: "Error: ",
    // Crystal says where first.
    context: /^In (?<file>\S{1,200}\.cr):(?<line>\d{1,7})/,
    pattern: /^Error: (?<message>(?:undefined|expected|unexpected|no overload|wrong number|instantiating|can't infer).{0,300})/,
    advice: ({ message }) => `The compiler refuses the source: ${message}.`,
    example: `
In src/x.cr:12:5

 12 | foo
      ^--
=> Error: undefined local variable or method 'foo' for top-level`,
    in: "build",
  },
];
