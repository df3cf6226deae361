import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

/** Compilers that fail by their own fault, in the words of each. */
export const compilerCrashes: readonly Rule[] = [
  {
    name: "internal-compiler-error",
    category: "compiler-crash",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "LLVM ERROR: ",
      "internal compiler error",
      "Internal error: ",
      "interner Compiler-Fehler",
      "erreur interne du compilateur",
      "error interno del compilador",
      "compiler unexpectedly panicked",
      "unable to execute command: ",
      "fatal error: error in backend: ",
    ],
    pattern:
      /internal compiler error|^\S+: Internal error: .*\(program \w+\)|interner Compiler-?[Ff]ehler|erreur interne du compilateur|error interno del compilador|the compiler unexpectedly panicked|^fatal error: error in backend: |^LLVM ERROR: (?!out of memory)|: error: (?:unable to execute command: (?!Executable))/,
    unless: /error: Killed|command: Killed|internal compiler error: Killed/,
    advice: "The compiler crashed: try without LTO or with less optimisation for that file, and report it to the compiler's maintainers.",
    example: `
=> src/filter.c:112:1: internal compiler error: in extract_insn, at recog.cc:2812
0x7f1c31629d8f __libc_start_call_main
Please submit a full bug report, with preprocessed source.
make: *** [Makefile:31: filter.o] Error 1`,
  },
  {
    name: "front-end-crashed",
    category: "compiler-crash",
    certainty: "sure",
    phases: scripts,
    needles: "frontend command failed",
    pattern: /: error: \w{1,20} frontend command failed/,
    advice: "The compiler crashed: try with less optimisation for that file, and report it to the compiler's maintainers.",
    example: `
Stack dump:
1.	<eof> parser at end of file
=> clang++: error: clang frontend command failed with exit code 139 (use -v to see invocation)
make: *** [Makefile:12: a.o] Error 1`,
  },
  {
    name: "crash-of-other-compiler",
    category: "compiler-crash",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "rustc exited with signal",
      "rustc interrupted by",
      "(the 'impossible' happened)",
      "GNAT BUG DETECTED",
      "An exception has occurred in the compiler",
      "SIGSEGV: invalid memory reference",
      "unexpected error when trying to compile",
      "Assertion failure: compiler",
      "error: ICE: ",
      "fatal: morestack",
      "internal consistency failure",
      "Segmentation fault in the compiler",
    ],
    pattern:
      /rustc exited with signal|^error: rustc interrupted by SIG|^\S{0,200}\bghc\S{0,40}: panic! \(the 'impossible' happened\)|GNAT BUG DETECTED|^An exception has occurred in the compiler|^\s{0,4}process didn't exit successfully: .{1,400}rustc .{0,2000}\(signal: (?:11|6|4), SIG|^error: ICE: |internal consistency failure/,
    advice: "The compiler crashed: try with less optimisation for that file, and report it to the compiler's maintainers.",
    example: `
=> +===========================GNAT BUG DETECTED==============================+
| 15.2.1 20250808 (Red Hat 15.2.1-1) (x86_64-redhat-linux-gnu) Assert_Failure atree.adb:911|
| Error detected at frob.adb:41:13                                          |
gprbuild: *** compilation phase failed`,
    in: "build",
  },
];
