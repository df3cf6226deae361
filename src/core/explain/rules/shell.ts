import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

/** As bash says it. */
const commandNotFound =
  "command not found|Kommando nicht gefunden|Befehl nicht gefunden|commande introuvable|orden no encontrada|no se encontró la orden|comando non trovato|comando não encontrado|nie znaleziono polecenia|команда не найдена|команд[уи] не знайдено|příkaz nenalezen|príkaz nenájdený|未找到命令|找不到指令|指令找不到|コマンドが見つかりません|명령어?[을를] 찾을 수 없(?:음|습니다)|kommandot? (?:finns inte|finns ej|ikke fundet|ikke funnet)|opdracht niet gevonden|komut bulunamadı|parancs nem található|komentoa ei löytynyt|comandă negăsită|no s['’]ha trobat l['’]ordre";
const commandNeedles = [
  "command not found",
  "Kommando nicht gefunden",
  "Befehl nicht gefunden",
  "commande introuvable",
  "orden no encontrada",
  "no se encontró la orden",
  "comando non trovato",
  "comando não encontrado",
  "nie znaleziono polecenia",
  "не найдена",
  "не знайдено",
  "příkaz nenalezen",
  "príkaz nenájdený",
  "未找到命令",
  "找不到指令",
  "指令找不到",
  "コマンドが見つかりません",
  "찾을 수 없",
  "kommandot finns inte",
  "kommando finns ej",
  "kommando ikke fun",
  "opdracht niet gevonden",
  "komut bulunamadı",
  "parancs nem található",
  "komentoa ei löytynyt",
  "comandă negăsită",
  "ha trobat l",
];
/** "line 3: " of bash in any language, Chinese with its own colons. */
const atLine = "(?:[^\\s:]{1,12} )?\\d{1,7}(?: 行)? ?[:：] ?";

const provider = (command: string | undefined) =>
  `Add the package that has ${command} to BuildRequires (dnf repoquery --file '*/bin/${command}').`;

export const shell: readonly Rule[] = [
  {
    name: "undefined-macro",
    category: "spec-macro",
    certainty: "decisive",
    phases: scripts,
    needles: [": %", "fg: no job control", "fg: Keine Job", "fg: pas de contr", "fg: sin control"],
    pattern:
      /line \d{1,7}: fg: no job control|rpm-tmp\.\w{1,20}: line \d{1,7}: %\{?\w{2,80}\}?: command not found|: fg: (?:Keine Job|pas de contr|sin control)/,
    advice:
      "A macro of the spec file is not defined here (the line before shows it with its %): add the package that has it to BuildRequires.",
    example: `
+ %cmake_build -DFOO=ON
=> /var/tmp/rpm-tmp.wxFir4: line 29: fg: no job control`,
  },
  {
    name: "carriage-return",
    category: "missing-command",
    certainty: "decisive",
    phases: scripts,
    needles: ["$'\\r'", "bad interpreter: No such file", "^M"],
    pattern: /\$'\\r'(?:'?: command not found)?|\^M: bad interpreter/,
    unless: /checking /,
    advice: "The script or the spec file has the line ends of DOS: run dos2unix on it.",
    example: `
+ unset DISPLAY
=> /var/tmp/rpm-tmp.yBCKHX: line 30: $'\\r': command not found`,
  },
  {
    name: "library-of-program",
    category: "script-failed",
    certainty: "likely",
    phases: ["build", "prep", "generate-buildrequires", "install"],
    needles: ["error while loading shared libraries: "],
    pattern: /^(?<program>[^\s:]{1,300}): error while loading shared libraries: (?<message>.{1,300})/,
    unless: /conftest/,
    which: "last",
    advice: ({ program, message }) =>
      `${program} can't start (${message}): the chroot lacks a library of its, or has one that does not fit.`,
    example: `
+ /usr/bin/cmake -DBUILD_SHARED_LIBS:BOOL=ON .
=> /usr/bin/cmake: error while loading shared libraries: /lib64/librt.so.1: expected localentry:0 \`pthread_attr_setdetachstate'`,
  },
  {
    name: "script-command-not-found",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["not found", ...commandNeedles],
    // Also as dash says it, where that is the shell.
    pattern: new RegExp(`rpm-tmp\\.\\w{1,20}: ${atLine}(?<command>[^\\s:：]{1,200}) ?[:：] ?(?:not found$|${commandNotFound})`),
    which: "last",
    advice: ({ command }) => provider(command),
    example: `
+ gtkdocize --copy
=> /var/tmp/rpm-tmp.0bqqWs: line 29: gtkdocize: command not found`,
  },
  {
    name: "command-not-found",
    category: "missing-command",
    certainty: "likely",
    phases: scripts,
    needles: ["not found", ...commandNeedles],
    pattern: new RegExp(`^(?:/?\\S{1,200}: )${atLine}(?<command>[^\\s:：]{1,200}) ?[:：] ?(?:not found|${commandNotFound})[.。]?$`),
    unless: /rpm-tmp\.|configure: (?:line )?\d/,
    which: "last",
    advice: ({ command }) => provider(command),
    example: `
./run.sh: 4: bison: not found
=> ./run.sh: 5: flex: not found
make: *** [Makefile:4: lexer.c] Error 127`,
  },
  {
    name: "shell-command-not-found",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["command not found", ": not found", "No such file or directory", "which: no "],
    pattern:
      /^(?:\/usr)?(?:\/bin\/)?(?:ba|da|z)?sh: (?:(?:line )?\d{1,5}: )?(?<command>[^\s:]{1,200}): (?:command not found|not found)$|^(?:\/usr\/bin\/)?env: ['‘](?<interpreter>[^'’]{1,100})['’]: No such file or directory|^xargs: (?<ofXargs>[^\s:]{1,100}): No such file or directory|^which: no (?<ofWhich>\S{1,100}) in \(/,
    unless: /^which: no /,
    which: "last",
    advice: ({ command, interpreter, ofXargs }) => provider(command ?? interpreter ?? ofXargs),
    example: `
help2man ./prog >prog.1
=> /bin/sh: line 1: help2man: command not found
make: *** [Makefile:21: prog.1] Error 127`,
  },
  {
    name: "command-of-perl-or-python",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["Can't exec \"", "No such file or directory: '", "gyp ERR! find Python", "gyp ERR! stack Error: not found: "],
    pattern:
      /^Can't exec "(?<command>[\w.+-]{1,100})": No such file|^FileNotFoundError: \[Errno 2\] No such file or directory: '(?<python>[a-z][a-z0-9+-]{1,40}|\/usr\/bin\/[\w.+-]{1,60})'$|^gyp ERR! (?:find (?<gyp>Python)|stack Error: not found: (?<tool>\S{1,60}))/,
    unless:
      /: '(?:version|readme|changelog|license|news|authors|build|src|docs?|tests?|lib|data|setup|bin|etc|share|include|config|dist|requirements|package|templates?|static|locale|po|man|examples?|scripts?|assets?|resources?|vendor)'$/i,
    advice: ({ command, python, gyp, tool }) => provider(command ?? python ?? gyp ?? tool),
    example: `
=> Can't exec "autopoint": No such file or directory at /usr/share/autoconf/Autom4te/FileUtils.pm line 293.
autoreconf: error: autopoint failed with exit status: 2`,
  },
  {
    name: "wrapped-command-not-found",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Error: spawn ",
      "failed to run command ",
      "failed to execute ",
      ": No such file or directory",
      "No such file or directory - ",
    ],
    pattern:
      /^(?:\[?\w{0,20}\]? ?)Error: spawn (?<spawned>[\w./+-]{1,100}) ENOENT$|^(?:\/usr\/bin\/)?(?:timeout|nice|nohup|time|chroot|setsid|stdbuf|ionice|taskset|unshare|chrt|faketime|xvfb-run|fakeroot|catchsegv|linux\d\d|setarch): (?:failed to (?:run command|execute|exec) )?['‘"]?(?<wrapped>[\w./+-]{1,100})['’"]?: No such file or directory$|^(?:\S{0,60}: )?(?:No such file or directory - |Errno::ENOENT: No such file or directory - )(?<ofRuby>[a-z][\w+-]{1,30})(?: \(Errno::ENOENT\))?$/,
    unless:
      / - (?:version|readme|changelog|license|build|src|docs?|tests?|lib|data|bin|etc|share|include|config|dist|package|templates?|locale|po|man|examples?|scripts?|assets?|vendor|spec|tmp|log)\b/i,
    advice: ({ spawned, wrapped, ofRuby }) => provider(spawned ?? wrapped ?? ofRuby),
    example: `
+ npm run build
=> Error: spawn protoc ENOENT
    at ChildProcess._handle.onexit (node:internal/child_process:286:19)`,
  },
  {
    name: "interpreter-of-script",
    category: "missing-command",
    certainty: "sure",
    phases: ["build", "prep", "generate-buildrequires", "check", "install"],
    needles: ["No such file or directory"],
    pattern: /^(?:\S{1,200}: )?(?:-c: )?line \d{1,7}: (?<command>(?:\/usr)?\/s?bin\/[\w.+-]{1,60}): No such file or directory$/,
    advice: ({ command }) => provider(command?.split("/").at(-1)),
    example: `
+ ./gen.sh
=> ./gen.sh: line 12: /usr/bin/xxd: No such file or directory`,
    in: "build",
  },
  {
    name: "missing-script-of-automake",
    category: "missing-command",
    certainty: "likely",
    phases: scripts,
    needles: "is missing on your system",
    pattern: /^WARNING: [`'](?<command>[\w.+-]{1,60})' is missing on your system/,
    advice: ({ command }) =>
      `The files of the build system are older than their sources: run autoreconf -fi, or add the package that has ${command} to BuildRequires.`,
    example: `
CDPATH="\${ZSH_VERSION+.}:" && cd . && /bin/sh ./missing aclocal-1.16 -I m4
=> WARNING: 'aclocal-1.16' is missing on your system.
         You should only need it if you modified 'acinclude.m4' or
make: *** [Makefile:412: aclocal.m4] Error 127`,
  },
  {
    name: "bad-interpreter",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["bad interpreter", "cannot execute: required file not found", "Defekter Interpreter", "mauvais interpréteur"],
    pattern:
      /(?<![^\s:])(?<script>[^\s:]{1,200}): (?:(?<interpreter>[^\s:]{1,200}): )?(?:bad interpreter|cannot execute: required file not found|Defekter Interpreter|mauvais interpréteur)/,
    advice: ({ script, interpreter }) =>
      `${script} needs ${interpreter ?? "an interpreter that is not there"}: add it to BuildRequires, or fix the script's first line in %prep.`,
    example: `
+ ./gen-docs
=> /var/tmp/rpm-tmp.Vx90Vu: ./gen-docs: /usr/bin/python: bad interpreter: No such file or directory`,
  },
  {
    name: "script-syntax",
    category: "script-failed",
    certainty: "sure",
    phases: scripts,
    needles: ["syntax error", "unexpected end of file", "unexpected EOF", "unbound variable", "Syntaxfehler", "erreur de syntaxe"],
    pattern:
      /(?:rpm-tmp\.\w{1,20}|\.sh): (?:-?[ce]: )?(?:(?:line|Zeile|ligne) ?)?\d{1,7} ?: (?<message>(?:[Ss]yntax error|Syntaxfehler|erreur de syntaxe|unexpected E|[\w{}]{1,100}: unbound variable).{0,200})/,
    unless: /configure: /,
    advice: ({ message }) => `The shell does not understand the script: ${message}.`,
    example: `
+ set -u
=> /var/tmp/rpm-tmp.yL2a: line 44: syntax error: unexpected end of file`,
  },
  {
    name: "argument-list-too-long",
    category: "script-failed",
    certainty: "sure",
    phases: scripts,
    needles: "Argument list too long",
    pattern: /Argument list too long/,
    advice: "The command has more arguments than the kernel takes: pass them in a file or with xargs.",
    example: `
=> /bin/sh: line 1: /usr/bin/ar: Argument list too long
make: *** [Makefile:3: liball.a] Error 126`,
  },
];
