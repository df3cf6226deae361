import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

/** Programs that configure scripts compile to learn something: their errors are answers. */
const trials =
  /(?:^|\/)(?:_?conftest|_configtest|testfile|try_compile|src)\.(?:c|cc|cpp|cxx|f|f90)[:(]|CMakeScratch|CMakeTmp|meson-private/;

/** "error" as gcc writes it in the languages it is translated to. */
const errors = "error|Fehler|erreur|errore|erro|ошибка|помилка|エラー|错误|錯誤|오류|błąd|fel|chyba|fout|hata|fejl|virhe|hiba";
const fatals = "fatal error|schwerwiegender Fehler|erreur fatale|error fatal|errore fatale|erro fatal|致命的エラー|致命错误|치명적 오류";
const withColon = (words: string) => words.split("|").flatMap((word) => [`: ${word}:`, `: ${word} :`, `: ${word}\u00a0:`, `: ${word}：`]);

const missing =
  "No such file or directory|Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce type|No existe el (?:archivo|fichero) o el directorio|File o directory non esistente|file not found|Нет такого файла или каталога|そのようなファイルやディレクトリはありません|没有那个文件或目录|Arquivo ou diretório (?:inexistente|não encontrado)|Nie ma takiego pliku ani katalogu";

export const compilers: readonly Rule[] = [
  {
    name: "vala",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ": error: ",
    pattern: /^(?<file>[^\s:]{1,300}):(?<line>\d{1,7})\.\d{1,5}-\d{1,7}\.\d{1,5}: error: (?<message>.{1,300})/,
    advice: ({ file, line, message }) => `The compiler refuses line ${line} of ${file}: ${message}.`,
    example: `
valac -C a.vala
=> a.vala:1.16-1.26: error: The name \`frob' does not exist in the context of \`main'
Compilation failed: 1 error(s), 0 warning(s)
make: *** [Makefile:2: all] Error 1`,
  },
  {
    name: "missing-header",
    category: "missing-header",
    certainty: "sure",
    phases: scripts,
    needles: withColon(`${fatals}|error`).concat("file not found"),
    pattern: new RegExp(
      `^(?<file>[^:]{1,400}):(?<line>\\d{1,7}):(?:\\d{1,7}:)? (?:${fatals}|error)[ \u00a0]?: ['‘"„«]?(?<header>[^'’"“:»]{1,300})['’"“»]?(?: file not found|[ \u00a0]?: (?:${missing}))`,
    ),
    unless: trials,
    advice: ({ header }) => `Add the package that has ${header} to BuildRequires (dnf repoquery --file '*/${header}').`,
    example: `
gcc -O2 -c -o tls.o tls.c
=> tls.c:14:10: fatal error: openssl/engine.h: No such file or directory
   14 | #include <openssl/engine.h>
compilation terminated.
make: *** [Makefile:12: tls.o] Error 1`,
  },
  {
    name: "fortran-module",
    category: "missing-header",
    certainty: "sure",
    phases: scripts,
    needles: ["Cannot open module file", "Cannot parse module file"],
    pattern:
      /^(?:Fatal )?Error: Cannot open module file ['‘](?<module>[^'’]{1,200})['’]|: error: Cannot (?:parse|open|read) module file for module ['‘](?<other>[^'’]{1,200})['’]/,
    advice: ({ module = "", other }) => `Add the package that has the Fortran module ${other ?? module} to BuildRequires.`,
    example: `
    6 |   use netcdf
      |       1
=> Fatal Error: Cannot open module file ‘netcdf.mod’ for reading at (1): No such file or directory
compilation terminated.`,
  },
  {
    name: "warning-as-error",
    category: "werror",
    certainty: "sure",
    phases: scripts,
    needles: ["[-Werror", ",-Werror"],
    pattern: new RegExp(
      `^(?<file>[^:]{1,400}):(?:(?<line>\\d{1,7}):(?:\\d{1,7}:)?)? (?:${errors})[ \u00a0]?: .*\\[(?:-W[\\w+=-]{1,60},)?-Werror(?:[=,](?<warning>[\\w+=-]{1,60}))?`,
    ),
    unless: trials,
    advice: ({ file, warning }) =>
      `Fix what the compiler warns of in ${file}${warning === undefined ? "" : ` (${warning.replace(/^-W/, "")})`}, or build without -Werror.`,
    example: `
=> util.c:2:58: error: format not a string literal and no format arguments [-Werror=format-security]
    2 | void warn(const char *text) { fprintf(stderr, text); }
cc1: some warnings being treated as errors
make: *** [Makefile:8: util.o] Error 1`,
  },
  {
    name: "implicit-declaration",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["implicit declaration of function", "undeclared function"],
    pattern:
      /^(?<file>[^:]{1,400}):(?<line>\d{1,7}):(?:\d{1,7}:)? error: (?:implicit declaration of function|call to undeclared function) ['‘](?<function>[^'’]{1,200})['’]/,
    unless: new RegExp(`${trials.source}|\\[-Werror`),
    advice: ({ function: name }) =>
      `C23 compilers refuse calls of undeclared functions: include the header that declares ${name}, or patch the source.`,
    example: `
=> src/hello.c:77:5: error: implicit declaration of function ‘xgetcwd’ [-Wimplicit-function-declaration]
   77 |     xgetcwd ();
make[2]: *** [Makefile:412: src/hello.o] Error 1`,
  },
  {
    name: "compile-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: withColon(errors),
    pattern: new RegExp(`^(?<file>[^:\\s][^:]{0,400}):(?<line>\\d{1,7}):(?:\\d{1,7}:)? (?:${errors})[ \u00a0]?[:：] ?(?<message>.{1,300})`),
    unless: new RegExp(
      `${trials.source}|\\[(?:-W[\\w+=-]{1,60},)?-Werror|^configure|Makefile[.]am:|aclocal[.]m4:|[.]desktop:|^\\[ {3}LINE|: error: (?:no such module |unable to connect to server|Cannot \\w{4,5} module file )|[.]swift:\\d{1,7}: error: \\S{1,100} : |warning treated as error`,
    ),
    advice: ({ file, line }) =>
      `The compiler refuses ${file}, line ${line}: fix or patch the source, or build with the compiler version it was written for.`,
    example: `
gcc -O2 -c -o parse.o parse.c
parse.c: In function ‘main’:
=> parse.c:4:14: error: ‘verbosty_level’ undeclared (first use in this function); did you mean ‘verbosity_level’?
    4 |   if (verbosty_level > 1)
make: *** [Makefile:8: parse.o] Error 1`,
  },
  {
    name: "fatal-error-of-compiler",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: withColon(fatals),
    pattern: new RegExp(`^(?<file>[^:\\s][^:]{0,400}):(?<line>\\d{1,7}):(?:\\d{1,7}:)? (?:${fatals})[ \u00a0]?: (?<message>.{1,300})`),
    unless: new RegExp(`${trials.source}|file not found|(?:${missing})|\\[-Werror`),
    advice: ({ file, line }) => `The compiler gave up at ${file}, line ${line}: fix or patch the source.`,
    example: `
=> src/matrix.cc:901:21: fatal error: recursive template instantiation exceeded maximum depth of 1024
make: *** [Makefile:80: matrix.o] Error 1`,
  },
  {
    name: "unknown-compiler-option",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "unrecognized command-line option",
      "unrecognized command line option",
      "unknown argument:",
      "unsupported option",
      "unknown warning option",
    ],
    pattern:
      /^(?:\S{1,100}: )?error: (?:unrecognized command[- ]line option|unknown argument:|unsupported option|unknown warning option) ['‘"](?<option>[^'’"]{1,100})/,
    advice: ({ option }) => `This compiler does not know ${option}: take it out of the flags for this architecture or compiler.`,
    example: `
gcc -O2 -mbranch-protection=standard -c main.c
=> gcc: error: unrecognized command-line option ‘-mbranch-protection=standard’
make: *** [Makefile:4: main.o] Error 1`,
  },
  {
    name: "assembler-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ": Error: ",
    pattern: /^(?<file>[^:\s]{1,300}\.[sS]|\{standard input\}|<instantiation>):(?<line>\d{1,7}): Error: (?<message>.{1,300})/,
    unless: trials,
    advice: ({ message }) => `The assembler refuses the code (${message}): it may be for another architecture.`,
    example: `
/tmp/ccQ1xyzA.s: Assembler messages:
=> /tmp/ccQ1xyzA.s:1021: Error: no such instruction: \`vpdpbusd %ymm1,%ymm2,%ymm3'
make: *** [Makefile:9: dot.o] Error 1`,
  },
  {
    name: "fortran-warning-as-error",
    category: "werror",
    certainty: "sure",
    phases: scripts,
    needles: "[-Werror",
    pattern: /^Error: (?<message>.{1,300}) \[-Werror=(?<warning>[\w-]{1,60})\]$/,
    advice: ({ message }) => `gfortran takes a warning for an error (${message}): fix it, or build without -Werror.`,
    example: `
   12 |   integer :: i
      |               1
=> Error: Unused variable ‘i’ declared at (1) [-Werror=unused-variable]
f951: all warnings being treated as errors`,
  },
  {
    name: "fortran-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Error: "],
    pattern: /^(?:Fatal )?Error: (?<message>.{1,200} at \(\d\).{0,200})/,
    unless: /\[-Werror|Cannot open module file/,
    advice: ({ message }) => `The Fortran compiler refuses the source: ${message}.`,
    example: `
  120 |       call mpi_send(buf, n, MPI_REAL, dest, tag, comm, ierr)
      |                    1
=> Error: Type mismatch between actual argument at (1) and actual argument at (2) (REAL(8)/INTEGER(4)).
make: *** [Makefile:77: halo.o] Error 1`,
  },
  {
    name: "clang-driver-error",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: [
      "clang",
      "gcc: error: ",
      "g++: error: ",
      "cc: error: ",
      "c++: error: ",
      "gfortran: error: ",
      "cc1: ",
      "cc1plus: ",
      "cc1obj: ",
      "f951: ",
    ],
    pattern:
      /^(?:\S{0,100}\/)?(?:clang(?:\+\+)?(?:-\d+)?|gcc|g\+\+|cc|c\+\+|gfortran|cc1(?:plus|obj)?|f951): (?:[Ff]atal )?[Ee]rror: (?<message>.{1,300})/,
    unless: /linker command failed|Killed|unable to execute command|no input files$|\[-Werror/,
    advice: ({ message }) => `The compiler was called in a way it refuses: ${message}.`,
    example: `
=> gcc: error: src/core.c: No such file or directory
make: *** [Makefile:9: prog] Error 1`,
  },
  {
    name: "swift-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "error: no such module",
    pattern: /: error: no such module ['‘](?<module>[^'’]{1,100})/,
    advice: ({ module }) => `Swift does not find the module ${module}: add the package that has it to BuildRequires.`,
    example: `
=> Sources/App/main.swift:3:8: error: no such module 'ArgumentParser'
error: fatalError`,
  },
  {
    name: "d-language",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [": Error: "],
    pattern: /^(?<file>[^:\s(]{1,300}\.d)\((?<line>\d{1,7})(?:,\d{1,5})?\): Error: (?<message>.{1,300})/,
    advice: "The compiler refuses the source: fix or patch it, or add the module it imports to BuildRequires.",
    example: `
=> source/app.d(12): Error: undefined identifier \`writeln\`
make: *** [Makefile:5: app] Error 1`,
  },
];
