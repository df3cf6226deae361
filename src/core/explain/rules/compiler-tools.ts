import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** What makes source or objects beside the compilers themselves: scanners, assemblers, compilers of devices and tables. */
export const compilerTools: readonly Rule[] = [
  {
    name: "warning-taken-for-error",
    category: "werror",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "Warning As Error: ",
      "Error (warning ",
      "Error (alert ",
      "Some fatal warnings were triggered",
      "warnings being treated as errors",
      "using the --warnings-as-errors",
      ", Werror=",
      ", -Werror=",
    ],
    pattern:
      /\berror \w{2,8}\d{2,6}: Warning As Error: (?<message>.{1,300})|^Error (?:\((?:warning|alert) [\w [\]-]{1,60}\)|: ?Some fatal warnings were triggered)|^(?:\S{1,60}: )?(?:error: )?warnings being treated as errors|^Compilation failed due to warnings while using the --warnings-as-errors|^(?<file>[^\s:]{1,300}\.l?hs):(?<line>\d{1,7}):\d{1,5}(?:-\d{1,5})?: error: .{0,40}\[-W.{1,100}Werror=/,
    unless: /(?:cc1\w{0,8}|ld): /,
    advice: "The build takes warnings for errors: mend what it warns of, or build without that option.",
    example: `
  Determining projects to restore...
=> /builddir/build/BUILD/x/Foo.cs(12,9): error CS0168: Warning As Error: The variable 'e' is declared but never used [/builddir/build/BUILD/x/x.csproj]`,
  },
  {
    name: "scanner-generator",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ['", line ', ".l:", ".ll:", ".lex:", ".y:", ".yy:"],
    pattern:
      /^(?:(?:\S{0,100}\/)?(?:flex|lex|re2c|yacc|byacc): )?(?:"(?<quoted>[^"\s]{1,200}\.(?:l|ll|lex|y|yy|re|gperf))", line (?<line>\d{1,7})|(?<file>[^\s:"]{1,200}\.(?:l|ll|lex|re)):(?<other>\d{1,7})(?::\d{1,5})?): (?<message>.{1,300})/,
    unless: /warning/i,
    advice: ({ file, quoted, line, other, message }) =>
      `The scanner or parser ${file ?? quoted} is refused in line ${line ?? other}: ${message}.`,
    example: `
flex -o scan.c scan.l
=> scan.l:44: unrecognized rule
make: *** [Makefile:12: scan.c] Error 1`,
  },
  {
    name: "compiler-of-device",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["nvcc fatal", "ptxas fatal", "nvlink fatal", "ptxas error", "hipcc: error", "clcc: error", "glslc: error"],
    pattern: /^(?:\S{0,100}\/)?(?<program>nvcc|ptxas|nvlink|hipcc|clcc|glslc)(?: (?:fatal|error))? {0,5}: (?:error: )?(?<message>.{1,300})/,
    unless: /warning/i,
    advice: ({ program, message }) => `${program} refuses: ${message}.`,
    example: `
nvcc -arch=compute_50 -c kernel.cu
=> nvcc fatal   : Unsupported gpu architecture 'compute_50'
make: *** [Makefile:12: kernel.o] Error 1`,
  },
  {
    name: "assembler-or-resource-compiler",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: ["windres: ", "as: ", "nasm: ", "yasm: ", "yasm: FATAL", "llvm-as: ", "opt: ", "llc: "],
    pattern:
      /^(?:\S{0,100}\/)?(?<program>(?:\w{1,20}-){0,4}(?:windres|as|nasm|yasm|llc|opt|llvm-as))(?:\.exe)?: (?<message>.{0,300}(?:[Ee]rror|FATAL|fatal|unrecognized|unknown|[Ii]nvalid|can't|cannot).{0,300})/,
    unless: /warning/i,
    advice: ({ program, message }) => `${program} refuses: ${message}.`,
    example: `
windres app.rc app.o
=> windres: app.rc:12: syntax error
make: *** [Makefile:12: app.o] Error 1`,
  },
  {
    name: "macro-on-command-line",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["<command-line>: error: ", "<command-line>:", "<built-in>:"],
    pattern: /^(?:<command-line>|<built-in>)(?::\d{1,7}){0,2}: (?:fatal )?error: (?<message>.{1,300})/,
    advice: ({ message }) => `A macro given to the compiler (-D) breaks the source: ${message}.`,
    example: `
=> <command-line>: error: expected identifier or ‘(’ before numeric constant
src/a.c:3:5: note: in expansion of macro ‘VERSION’
make: *** [Makefile:12: a.o] Error 1`,
  },
  {
    name: "table-compiler",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".dts", "ERROR (", "Error    ", "dtc: ", ".asl"],
    pattern:
      /^Error: (?<file>[^\s:]{1,300}\.dts\w?):(?<line>\d{1,7})\.\d{1,5}(?:-[\d.]{1,10})? (?<message>.{1,300})|^Error {2,4}(?<code>\d{4}) - {1,80}(?<other>.{0,200})|^(?<table>[^\s:]{1,200}\.dts\w?):\d{1,7}\.\d{1,5}\S{0,20}: ERROR .{1,300}/,
    advice: "The description of the hardware is refused: fix or patch it.",
    example: `
DTC board.dtb
=> Error: board.dts:12.3-4 syntax error
FATAL ERROR: Unable to parse input tree
make: *** [Makefile:12: board.dtb] Error 1`,
  },
  {
    name: "interface-compiler",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Parse error at ", "Parse error: ", 'Import "', ": File not found."],
    pattern:
      /^(?<file>[^\s:(]{1,300}\.\w{1,6})[:(](?<line>\d{1,7})(?::\d{1,5})?\)?: (?:[Ee]rror: )?Parse error(?: at|:) (?<message>.{1,200})|^\S{1,300}: (?:Import "[^"]{1,200}" was not found|File not found\.$)/,
    advice: "The file is refused: fix or patch it, or add the file that it imports to BuildRequires.",
    example: `
moc -o moc_x.cpp src/x.h
=> src/x.h(12): Parse error at "std"
make: *** [Makefile:12: moc_x.cpp] Error 1`,
  },
  {
    name: "error-before-its-place",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: ["rror: "],
    pattern: /^%?(?:fatal )?[Ee]rror(?:-\w{1,30})?: (?<file>[\w./+-]{1,200}\.\w{1,6}):(?<line>\d{1,7})(?::\d{1,5})?: (?<message>.{1,300})/,
    unless: /\.(?:ya?ml|toml|json|xml|spec|conf|cfg|ini|rst|md|po|dts|in|txt|sh):|conftest|No such file|warning/,
    advice: ({ file, line, message }) => `The compiler refuses line ${line} of ${file}: ${message}.`,
    example: `
=> error: src/x.cr:12:5: undefined method 'foo'
make: *** [Makefile:4: x] Error 1`,
    in: "build",
  },
  {
    name: "plugin-of-protoc",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["program not found or is not executable", "Plugin failed with status code"],
    pattern: /^(?<plugin>protoc-gen-[\w-]{1,60}): program not found or is not executable/,
    advice: ({ plugin }) => `Add the package that has ${plugin} to BuildRequires.`,
    example: `
=> protoc-gen-go: program not found or is not executable
Please specify a program using absolute path or make sure the program is available in your PATH system variable
--go_out: protoc-gen-go: Plugin failed with status code 1.`,
    in: "build",
  },
];
