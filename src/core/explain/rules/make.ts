import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const make: readonly Rule[] = [
  {
    name: "make-no-rule",
    category: "make-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "No rule to make target",
      "Keine Regel, um",
      "Keine Regel vorhanden, um",
      "Aucune règle pour fabriquer",
      "No hay ninguna regla para construir",
      "missing and no known rule to make it",
    ],
    pattern:
      /^(?:\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* (?:No rule to make target|Keine Regel, um|Keine Regel vorhanden, um das Ziel|Aucune règle pour fabriquer la cible|No hay ninguna regla para construir el objetivo)|ninja: error:) .?[`'‘»«"„“] ?(?<target>[^'’`"«»“”]{1,300})/,
    advice: ({ target }) => `Nothing says how to make ${target}: a file is missing in the source, or the name of a target is wrong.`,
    example: `
+ make docs
=> make: *** No rule to make target 'docs'.  Stop.`,
  },
  {
    name: "make-stop",
    category: "make-error",
    certainty: "sure",
    phases: scripts,
    needles: [": *** "],
    pattern: /^(?<file>[^\s:]{1,300}):(?<line>\d{1,7}): \*\*\* (?<message>.{1,300}?)[.。]? {1,3}[^\s.。\d]{2,20}[.。]$/,
    advice: ({ file, line, message }) => `make refuses line ${line} of ${file}: ${message}.`,
    example: `
+ make
=> Makefile:13: *** missing separator.  Stop.`,
  },
  {
    name: "make-gave-up",
    category: "make-error",
    certainty: "sure",
    phases: scripts,
    needles: ["make: *** ", "]: *** "],
    pattern: /^\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* (?!\[)(?<message>.{1,400}?)(?:[.。] {0,3}|[^\s.] {2})[^\s.。\d]{2,20}[.。]$/,
    unless: /\*\*\* No targets|No rule to make target/,
    advice: ({ message }) => `make has no way to go on: ${message}.`,
    example: `
+ make
=> make: *** Žádné pravidlo jak vyrobit cíl „docs/manual.1“ potřebný pro „all“. Konec.`,
  },
  {
    name: "make-own-error",
    category: "make-error",
    certainty: "vague",
    phases: scripts,
    needles: ["make: *** ", "]: *** "],
    pattern: /^\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* (?!\[)(?<message>.{1,400})$/,
    unless: /\.{3}$|…$|\*\*\* (?:Deleting|Destruction|Datei |Borrando|Eliminazione|Mažu|Удаляется|Usuwanie)/,
    advice: ({ message }) => `make itself failed: ${message}.`,
    example: `
+ make -k
=> make: *** read jobs pipe: Bad file descriptor`,
  },
  {
    name: "make-usage",
    category: "make-error",
    certainty: "likely",
    phases: scripts,
    needles: ["make: ", "make["],
    pattern:
      /^(?:\S{0,60}\/)?g?make(?:\[\d{1,5}\])?: (?<message>(?:unrecognized option|invalid option|option requires|the '-j' option|(?:GNUm|M|m)akefile: No such file).{0,200})/,
    advice: ({ message }) => `make is called in a way it does not understand: ${message}.`,
    example: `
=> make: the '-j' option requires a positive integer argument
Usage: make [options] [target] ...`,
    in: "build",
  },
  {
    name: "make-check-failed",
    category: "test-failure",
    certainty: "vague",
    onlyReports: true,
    phases: ["check"],
    needles: ": *** [",
    pattern: /^\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* \[(?<target>(?:.{1,300}: )?[\w./-]{0,100}(?:check|test)[\w./-]{0,100})\] \S{2,20} \d+/,
    which: "first",
    advice: ({ target }) => `The tests of ${target} failed and said nothing of note: run them by hand.`,
    example: `
./prog -q sample.cap | grep 'FOUND'
=> make[1]: *** [Makefile:290: check] Error 1
make: *** [Makefile:77: check] Error 2`,
  },
  {
    name: "make-nothing-specified",
    category: "make-error",
    certainty: "sure",
    phases: scripts,
    needles: ["No targets specified and no makefile", "No targets.  Stop", "loading 'build.ninja'"],
    pattern: /^(?:\S{0,100}make(?:\[\d+\])?: \*\*\* No targets|ninja: error: loading 'build\.ninja')/,
    advice: "There is no makefile here: %build runs in another directory than the one that was configured.",
    example: `
+ /usr/bin/make -O -j4
=> make: *** No targets specified and no makefile found.  Stop.`,
  },
  {
    name: "ninja-refuses",
    category: "make-error",
    certainty: "sure",
    phases: scripts,
    needles: ["ninja: error: ", "ninja: fatal: "],
    pattern: /^ninja: (?:error|fatal): (?<message>.{1,300})/,
    unless: /Permission denied|No space left|missing and no known rule|loading 'build\.ninja'/,
    advice: ({ message }) => `Ninja refuses: ${message}.`,
    example: `
+ ninja -C redhat-linux-build docs
=> ninja: error: unknown target 'docs'`,
  },
  {
    name: "make-shell-command",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["make: ", "make["],
    pattern:
      /^\S{0,100}make(?:\[\d{1,5}\])?: (?<command>[^\s:*]{1,200}): (?:No such file or directory|Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce type|No existe el fichero o el directorio|Command not found)$/,
    unless: /: (?:GNUm|M|m)akefile: No such/,
    advice: ({ command }) => `Add the package that has ${command} to BuildRequires (dnf repoquery --file '*/bin/${command}').`,
    example: `
pandoc -o prog.1 prog.md
=> make: pandoc: No such file or directory
make: *** [Makefile:8: prog.1] Error 127`,
  },
  {
    name: "make-recipe-failed",
    category: "make-error",
    certainty: "vague",
    onlyReports: true,
    phases: scripts,
    needles: [": *** ["],
    pattern: /^\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* \[(?<target>.{1,300})\] [^\s\d]{2,20} \d+/,
    which: "first",
    advice: ({ target }) => `The commands for ${target} failed and said nothing of note: run them by hand.`,
    example: `
./generate >tables.h
=> make: *** [Makefile:21: tables.h] Error 3
make: *** Waiting for unfinished jobs....`,
  },
  {
    name: "ninja-failed",
    category: "make-error",
    certainty: "vague",
    onlyReports: true,
    phases: scripts,
    needles: "FAILED: ",
    pattern: /^FAILED: (?!Build did NOT)(?:\[code=\d+\] )?(?<target>\S{1,300})/,
    advice: ({ target }) => `The commands for ${target} failed and said nothing of note: run them by hand.`,
    example: `
=> [3/9] FAILED: doc/manual.html
cd /builddir/build/BUILD/x-1.0 && ./render doc/manual.txt
ninja: build stopped: subcommand failed.`,
  },
];
