import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const memory: readonly Rule[] = [
  {
    name: "compiler-killed",
    category: "out-of-memory",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "Killed signal terminated program",
      "error: Killed",
      "Killed: program",
      "signal Killed",
      "signal: 9, SIGKILL",
      "execute command: Killed",
    ],
    pattern:
      /(?:Killed signal terminated program|internal compiler error: Killed \(program|fatal error: Killed|error: unable to execute command: Killed) ?(?<program>[\w+.-]{0,60})|\(signal: 9, SIGKILL: kill\)/,
    advice:
      "The builder ran out of memory: build with fewer jobs (%_smp_build_ncpus, %limit_build), less debug information, or without LTO.",
    example: `
g++ -O2 -g -flto=auto -c -o big.o big.cc
=> g++: fatal error: Killed signal terminated program cc1plus
compilation terminated.
make: *** [Makefile:8: big.o] Error 1`,
  },
  {
    name: "memory-exhausted",
    category: "out-of-memory",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "virtual memory exhausted",
      "cannot allocate memory",
      "out of memory allocating",
      "memory exhausted",
      "std::bad_alloc",
      "heap out of memory",
      "process out of memory",
      "OutOfMemoryError",
      "Nicht genügend Hauptspeicher",
      "LLVM ERROR: out of memory",
      "heap exhausted",
      "runtime: out of memory",
      "insufficient memory for the Java Runtime",
      "memory allocation of ",
    ],
    pattern:
      /virtual memory exhausted|[Cc]annot allocate memory|out of memory allocating \d|memory exhausted|^terminate called .*std::bad_alloc|JavaScript heap out of memory|\bprocess out of memory|java\.lang\.OutOfMemoryError|Nicht genügend Hauptspeicher|LLVM ERROR: out of memory|heap exhausted|^fatal error: runtime: out of memory|insufficient memory for the Java Runtime|^memory allocation of \d{1,20} bytes failed/,
    unless: /\b(?:ok|PASS|PASSED|passed|warning)\b/,
    advice: "The builder ran out of memory: build with fewer jobs (%_smp_build_ncpus, %limit_build) or less debug information.",
    example: `
g++ -O2 -g -c -o tables.o tables.cc
=> cc1plus: out of memory allocating 65536 bytes after a total of 1073741824 bytes
make[1]: *** [Makefile:81: tables.o] Error 1`,
  },
  {
    name: "package-manager-memory",
    category: "out-of-memory",
    certainty: "decisive",
    phases: ["chroot-setup", "builddeps", "generate-buildrequires", "srpm", "sources"],
    needles: ["Out of memory allocating ", "std::bad_alloc"],
    pattern: /^Out of memory allocating \d{1,20} bytes|^terminate called .{0,100}std::bad_alloc/,
    advice:
      "The package manager ran out of memory on the builder: start the build again, or build where the chroot's architecture is native.",
    example: `
Start: dnf install
fedora                                          4.2 MB/s |  76 MB     00:18
=> Out of memory allocating 536870912 bytes!
qemu: uncaught target signal 6 (Aborted) - core dumped`,
  },
  {
    name: "linker-killed",
    category: "out-of-memory",
    certainty: "decisive",
    phases: scripts,
    needles: ["ld terminated with signal 9", "Killed"],
    pattern:
      /^collect2: (?:fatal )?error: ld terminated with signal 9|^(?:\/\S+: line \d+: )?\s*\d+ Killed\s|^make(?:\[\d+\])?: \*\*\* \[.*\] Killed$|^Killed$/,
    advice: "The builder ran out of memory: link with fewer jobs, without LTO, or with -Wl,--no-keep-memory.",
    example: `
c++ -o chrome main.o lib.a
=> collect2: fatal error: ld terminated with signal 9 [Killed]
compilation terminated.`,
  },
  {
    name: "python-memory",
    category: "out-of-memory",
    certainty: "sure",
    phases: ["build", "install"],
    needles: "MemoryError",
    pattern: /^(?:[\w.]{1,60}\.)?_?(?:Array)?MemoryError(?:: .{1,300})?$/,
    which: "last",
    advice: "The builder ran out of memory: build with fewer jobs (%_smp_build_ncpus, %limit_build).",
    example: `
+ /usr/bin/python3 gen_tables.py
Traceback (most recent call last):
  File "gen_tables.py", line 12, in <module>
=> MemoryError`,
  },
  {
    name: "no-more-processes",
    category: "infrastructure",
    certainty: "decisive",
    phases: scripts,
    needles: [
      "fork: Resource temporarily",
      "fork failed: Resource",
      "Cannot fork",
      "pthread_create failed",
      "posix_spawn failed: Resource",
    ],
    pattern:
      /\bv?fork(?: failed)?: Resource temporarily unavailable|^(?:\S{1,100}: )?Cannot fork\b|(?:pthread_create|posix_spawn) failed.{0,20}: Resource temporarily unavailable/,
    which: "last",
    advice: "The builder allows no more processes: build again, or with fewer jobs.",
    example: `
/bin/sh: fork: retry: Resource temporarily unavailable
=> /bin/sh: fork: Resource temporarily unavailable
make: *** [Makefile:12: a.o] Error 254`,
  },
];
