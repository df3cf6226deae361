import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const trials = /conftest|_configtest|CMakeScratch|CMakeTmp|cmTC_|meson-private|testfile/;

export const linkers: readonly Rule[] = [
  {
    name: "libtool-library",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["cannot find the library '", "cannot find the library `"],
    pattern: /^libtool: .{0,20}error: cannot find the library ['`](?<library>[^']{1,200})'/,
    advice: ({ library }) => `Nothing has made or installed ${library}: add its -devel package to BuildRequires, or build it first.`,
    example: `
=> libtool:   error: cannot find the library '/usr/lib64/libfrob.la' or unhandled argument '/usr/lib64/libfrob.la'
make[2]: *** [Makefile:503: libx.la] Error 1`,
  },
  {
    name: "undefined-reference",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "undefined reference to",
      "undefined symbol: ",
      "unresolved symbol ",
      "référence à « ",
      "nicht definierter Verweis auf",
      "referencia a ",
    ],
    pattern:
      /(?:undefined reference to(?: symbol)?|Nicht definierter Verweis auf|nicht definierter Verweis auf|référence indéfinie vers|référence à|referencia a) [`'‘»«"] ?(?<symbol>[^'’`«»"]{1,300})|(?:^|\bld(?:\.\w+)?: |^(?:lld|mold|wasm-ld|rust-lld): )(?:error: )?(?:[^\s:]{1,300}: )?undefined symbol: (?<symbolOfLld>.{1,300})|^FAILED unresolved symbol (?<ofKernel>\S{1,200})/,
    unless: trials,
    advice: ({ symbol, symbolOfLld, ofKernel }) =>
      `Nothing that is linked defines ${symbol ?? symbolOfLld ?? ofKernel}: link the library that has it, or check that it is not an older one.`,
    example: `
gcc -o prog main.o util.o
=> /usr/bin/ld: util.o: in function \`work': util.c:1: undefined reference to \`gone'
collect2: error: ld returned 1 exit status
make: *** [Makefile:4: prog] Error 1`,
  },
  {
    name: "multiple-definition",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["multiple definition of", "duplicate symbol: ", "Mehrfachdefinition von", "définitions multiples de"],
    pattern:
      /(?:multiple definition of|Mehrfachdefinition von|définitions multiples de) [`'‘»«"] ?(?<symbol>[^'’`«»"]{1,300})|error: duplicate symbol: (?<symbolOfLld>.{1,300})/,
    unless: trials,
    advice: ({ symbol, symbolOfLld }) =>
      `${symbol ?? symbolOfLld} is defined in several files: make it extern in the header, or build with -fcommon.`,
    example: `
=> /usr/bin/ld: parse.o:/builddir/build/BUILD/x-1.0/parse.c:2: multiple definition of \`counter'; util.o:/builddir/build/BUILD/x-1.0/util.c:1: first defined here
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "library-not-found",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "cannot find -l",
      "unable to find library -l",
      "library not found: ",
      "kann nicht gefunden werden: -l",
      "kann -l",
      "ne peut trouver -l",
      "no se puede encontrar -l",
    ],
    pattern:
      /(?:cannot find|unable to find library|library not found:|kann nicht gefunden werden:|kann|ne peut trouver|no se puede encontrar) -l(?<library>[\w.+-]{1,100})|^mold: (?:fatal|error): library not found: (?<ofMold>[\w.+-]{1,100})/,
    unless: trials,
    advice: ({ library, ofMold }) =>
      `Add the package with lib${library ?? ofMold}.so to BuildRequires (dnf repoquery --file '*/lib${library ?? ofMold}.so').`,
    example: `
gcc -o prog main.o -lfrob
=> /usr/bin/ld: cannot find -lfrob: No such file or directory
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "linker-input-missing",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["ld: cannot find ", "error: cannot open ", "cannot open linker script file"],
    pattern: /(?:^|\/)(?:ld(?:\.\w+)?|ld\.lld): (?:error: )?cannot (?:find|open|open linker script file) (?<file>(?!-l)[^\s:]{1,300})/,
    unless: trials,
    advice: ({ file }) => `The linker does not find ${file}: add the package that has it to BuildRequires, e.g. the static library's.`,
    example: `
=> /usr/bin/ld: cannot find crt1.o: No such file or directory
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "relocation",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["relocation R_", "relocation truncated to fit", "recompile with -fPIC", "relocation "],
    pattern: /relocation (?:R_\w{1,40}|truncated to fit)|recompile with -fP(?:IC|IE)/,
    unless: trials,
    advice: "Objects of that library were not built with -fPIC or -fPIE: pass the distribution's flags to the compiler.",
    example: `
=> /usr/bin/ld: table.o: relocation R_X86_64_32 against \`.rodata' can not be used when making a PIE object; recompile with -fPIE
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "symbol-version",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["DSO missing from command line", "hidden symbol", "undefined version: ", "version node not found"],
    pattern: /DSO missing from command line|hidden symbol [`'‘].{1,200} is referenced by DSO|undefined version: |version node not found/,
    unless: trials,
    advice: "Name the library itself on the linker's command line; libraries of libraries are not searched.",
    example: `
/usr/bin/ld: main.o: undefined symbol 'sqrt@@GLIBC_2.2.5'
=> /usr/bin/ld: /lib64/libm.so.6: error adding symbols: DSO missing from command line
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "wrong-file-format",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "file format not recognized",
      "file in wrong format",
      "is incompatible with ",
      "wrong ELF class",
      "plugin needed to handle lto object",
      "bytecode stream in file",
    ],
    pattern:
      /(?<![^\s:])(?<file>[^\s:]{1,300}): (?:file format not recognized|file in wrong format|plugin needed to handle lto object)|(?:skipping )?incompatible .{1,300} when searching for|bytecode stream in file .{1,200} generated with LTO version/,
    unless: /skipping incompatible/,
    advice: "An object was made for another architecture or by another compiler: build it here instead of shipping it.",
    example: `
=> /usr/bin/ld: vendor/libblob.a(blob.o): file in wrong format
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "lto-error",
    category: "link-error",
    certainty: "likely",
    phases: scripts,
    needles: ["lto1: ", "lto-wrapper: fatal error", "lto-wrapper failed"],
    pattern: /^lto1: (?:fatal )?error: |^lto-wrapper: fatal error: |lto-wrapper failed/,
    advice: "Link time optimisation failed: try %global _lto_cflags %{nil}.",
    example: `
=> lto1: fatal error: open /tmp/ccA2.o failed: Too many open files
compilation terminated.
make: *** [Makefile:30: prog] Error 1`,
  },
  {
    name: "linker-refuses",
    category: "link-error",
    certainty: "likely",
    phases: scripts,
    needles: [
      "ld: ",
      "ld.bfd: ",
      "ld.gold: ",
      "mold: ",
      "ld.lld: ",
      "wasm-ld: ",
      "libtool:   error: ",
      "libtool: error: ",
      "collect2: fatal error",
      "bfd plugin: ",
    ],
    pattern:
      /^\s{0,12}(?:= note: )?(?:\/\S{0,100}\/)?(?:[\w-]{0,40}-)?(?:ld(?:\.\w{2,6})?|mold|wasm-ld|rust-lld): (?!warning|note|final link|skipping|error: (?:linker|ld)|use the --help)(?<message>.{0,300}(?:[Ee]rror|fatal|cannot|[Cc]an't|unrecognized|unable|unknown|undefined|overlaps|incompatible|not found|failed|invalid|missing|must be|too |mismatch|exceeds).{0,300})|^libtool: {1,3}error: (?:require no space|.{0,200}not a valid libtool|.{0,200}unhandled argument|error: relink|.{0,200}cannot build)|^collect2: fatal error: cannot find|^bfd plugin: (?:invalid|LLVM gold plugin).{0,200}/,
    unless: trials,
    advice: null,
    example: `
=> /usr/bin/ld: libx.map:12: syntax error in VERSION script
collect2: error: ld returned 1 exit status`,
  },
  {
    name: "object-not-there",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "cc: error: ",
      "++: error: ",
      "clang: error: ",
      "gfortran: error: ",
      "cannot execute 'ld",
      "cannot execute 'mold",
      "cannot execute 'collect2",
    ],
    pattern:
      /^(?:\S{0,100}\/)?(?:[\w-]{0,40}-)?(?:gcc|cc|g\+\+|c\+\+|clang(?:\+\+)?|gfortran)(?:-\d{1,3})?: (?:error: (?:no such file or directory: ['‘])?(?<file>[^\s:'’]{1,300}\.(?:o|a|so|lo|la|ver|map|def|lds|sym)[\d.]{0,20})(?:['’]$|: No such file or directory)|fatal error: cannot execute ['‘](?<linker>(?:ld|mold|lld|gold|collect2)\S{0,20})['’])/,
    unless: trials,
    advice: ({ file, linker }) =>
      `There is no ${file ?? linker} to link with: it is built later, elsewhere, or by a package that is not required.`,
    example: `
gcc -o prog main.o lib/.libs/libcore.a
=> gcc: error: lib/.libs/libcore.a: No such file or directory
make: *** [Makefile:9: prog] Error 1`,
  },
  {
    name: "linker-failed",
    category: "link-error",
    certainty: "vague",
    phases: scripts,
    needles: [
      "ld: error: ",
      "ld: fatal error",
      "ld: final link failed",
      "bin/ld: ",
      "linker command failed",
      "linking with",
      "link: running ",
      "relocation target ",
    ],
    pattern:
      /(?:^|\/)ld(?:\.\w+)?: (?:fatal )?error: .|final link failed|^error: linking with `|\/link: running .{1,60} failed|: relocation target \S{1,200} not defined|^clang.*linker command failed/,
    unless: trials,
    advice: null,
    example: `
=> /usr/bin/ld: final link failed: bad value
collect2: error: ld returned 1 exit status`,
  },
];
