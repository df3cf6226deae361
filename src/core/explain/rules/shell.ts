import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const noSuchFile =
  "No such file or directory|Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce type|No existe el (?:archivo|fichero) o el directorio|File o directory non esistente|Arquivo ou diretório (?:inexistente|não encontrado)|Нет такого файла или каталога|没有那个文件或目录|そのようなファイルやディレクトリはありません|Nie ma takiego pliku ani katalogu";
const fileNeedles = [
  "No such file or directory",
  "Datei oder Verzeichnis nicht gefunden",
  "Aucun fichier ou dossier de ce type",
  "No existe el archivo o el directorio",
  "No existe el fichero o el directorio",
  "File o directory non esistente",
  "Arquivo ou diretório",
  "Нет такого файла или каталога",
  "没有那个文件或目录",
  "そのようなファイルやディレクトリはありません",
  "Nie ma takiego pliku ani katalogu",
];
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
const quote = "['‘\"`„«»] ?";

const crashes = [
  "Segmentation fault",
  "Illegal instruction",
  "Bus error",
  "Aborted",
  "Floating point exception",
  "Speicherzugriffsfehler",
  "Erreur de segmentation",
  "Violación de segmento",
  "Errore di segmentazione",
  "Falha de segmentação",
  "Ошибка сегментирования",
  "Naruszenie ochrony pamięci",
  "Neoprávněný přístup do paměti",
  "段错误",
  "Segmenteringsfel",
  "Segmentatiefout",
];
const crash = crashes.join("|");
const crashNeedles = [...crashes, "core dumped"];

const provider = (command: string | undefined) =>
  `Add the package that has ${command} to BuildRequires (dnf repoquery --file '*/bin/${command}').`;

export const shell: readonly Rule[] = [
  {
    name: "undefined-macro",
    category: "spec-macro",
    certainty: "decisive",
    phases: scripts,
    needles: ["fg: no job control", "fg: Keine Job", "fg: pas de contr", "fg: sin control"],
    pattern: /line \d{1,7}: fg: no job control|: fg: (?:Keine Job|pas de contr|sin control)/,
    advice:
      "A macro of the spec file is not defined here (the line before shows it with its %): add the package that has it to BuildRequires.",
    example: `
+ %cmake_build -DFOO=ON
=> /var/tmp/rpm-tmp.wxFir4: line 29: fg: no job control`,
  },
  {
    name: "script-command-not-found",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: commandNeedles,
    pattern: new RegExp(`rpm-tmp\\.\\w{1,20}: ${atLine}(?<command>[^\\s:：]{1,200}) ?[:：] ?(?:${commandNotFound})`),
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
    name: "bad-interpreter",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["bad interpreter", "cannot execute: required file not found", "Defekter Interpreter", "mauvais interpréteur"],
    pattern:
      /(?<script>[^\s:]{1,200}): (?:(?<interpreter>[^\s:]{1,200}): )?(?:bad interpreter|cannot execute: required file not found|Defekter Interpreter|mauvais interpréteur)/,
    advice: ({ script, interpreter }) =>
      `${script} needs ${interpreter ?? "an interpreter that is not there"}: add it to BuildRequires, or fix the script's first line in %prep.`,
    example: `
+ ./gen-docs
=> /var/tmp/rpm-tmp.Vx90Vu: ./gen-docs: /usr/bin/python: bad interpreter: No such file or directory`,
  },
  {
    name: "disk-full",
    category: "disk-full",
    certainty: "decisive",
    needles: [
      "No space left on device",
      "Auf dem Gerät ist kein Speicherplatz",
      "Aucun espace disponible",
      "No queda espacio en el dispositivo",
      "Disk quota exceeded",
      "Spazio esaurito sul device",
      "needs more space on the",
      "more space needed on the",
      "not enough free disk space",
      "Не осталось места",
    ],
    pattern:
      /No space left on device|Auf dem Gerät ist kein Speicherplatz|Aucun espace disponible|No queda espacio en el dispositivo|Disk quota exceeded|Spazio esaurito sul device|(?:needs|At least) .{1,30}more space (?:needed )?on the|not enough free disk space|Не осталось места/,
    unless: /^(?:ok|PASS|not ok|#)\b|\bwarning\b/i,
    advice: "The builder's disk is full: clean up in the build, build less at once, or without debug information.",
    example: `
+ cp -a big small/stage1
=> cp: error writing 'small/stage1': No space left on device`,
    in: "build",
  },
  {
    name: "permission-denied",
    category: "permission-denied",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Permission denied",
      "Keine Berechtigung",
      "Permission non accordée",
      "Permiso denegado",
      "Permesso negato",
      "Отказано в доступе",
      "Read-only file system",
    ],
    pattern:
      /^(?:\/var\/tmp\/rpm-tmp\.\w{1,20}: (?:line|Zeile|ligne|línea) \d{1,7} ?: |\S{0,100}(?:install|cp|mkdir|mv|ln|rm|touch|chmod|chown|tee|sh|cc1|as|ld|make|cannot)\b.{0,300}: |(?:bash|sh): .{0,200}: ).{0,300}(?:Permission denied|Keine Berechtigung|Permission non accordée|Permiso denegado|Permesso negato|Отказано в доступе|Read-only file system)|^PermissionError: |^error: could not (?:create|delete) '.*': Permission denied|^EACCES: permission denied/,
    unless: /^(?:ok|PASS|not ok|#)\b/,
    which: "last",
    advice:
      "It writes outside its directories or runs what is not executable: install below %{buildroot} (DESTDIR), or set the file's mode in %prep.",
    example: `
+ make install
install -m755 prog /usr/bin/prog
=> install: cannot create regular file '/usr/bin/prog': Permission denied
make: *** [Makefile:12: install] Error 1`,
    in: "install",
  },
  {
    name: "cmake-install-denied",
    category: "permission-denied",
    certainty: "decisive",
    phases: ["install"],
    needles: "Permission denied",
    pattern: /^ {2}file (?:INSTALL )?(?:cannot|failed to) .{1,400}Permission denied/,
    advice: "It installs outside the buildroot: use %cmake_install, or set DESTDIR.",
    example: `
CMake Error at cmake_install.cmake:50 (file):
=>   file INSTALL cannot copy file "/builddir/build/BUILD/x/prog" to "/usr/bin/prog": Permission denied.
Call Stack (most recent call first):`,
  },
  {
    name: "install-missing-file",
    category: "install-missing-file",
    certainty: "sure",
    phases: ["install"],
    needles: [
      "cannot stat",
      "Aufruf von stat",
      "impossible d'évaluer",
      "impossible d’évaluer",
      "no se puede efectuar `stat",
      "stat",
      "не удалось выполнить stat",
      "Can't open ",
      "can't read ",
    ].filter((text) => text !== "stat"),
    pattern: new RegExp(
      `^(?:\\S{0,100}/)?(?<program>install|cp|mv|ln|chmod|chrpath|rm|gzip|strip|touch|ginstall|rsync)(?:\\.orig)?: (?:cannot stat|cannot access|der Aufruf von stat .{0,20}|[Aa]ufruf von stat .{0,20}|impossible d['’]évaluer|no se puede efectuar [\`'‘]stat['’] sobre|не удалось выполнить stat .{0,20}|cannot remove|cannot open|failed to access) ?${quote}?(?<file>[^'’"»“:]{1,300})`,
    ),
    advice: ({ file }) => `The build made no ${file}: fix its name in %install, or build it.`,
    example: `
+ install -m644 contrib/prog.service /builddir/build/BUILDROOT/x/usr/lib/systemd/system
=> install: cannot stat 'contrib/prog.service': No such file or directory`,
  },
  {
    name: "install-no-such-file",
    category: "install-missing-file",
    certainty: "likely",
    phases: ["install"],
    needles: fileNeedles,
    pattern: new RegExp(`(?<program>[\\w./-]{1,100}): (?:.{0,100}(?:${quote}| ))?(?<file>[^'’"»“:\\s]{1,300})['’"»“]?: (?:${noSuchFile})$`),
    unless: /command not found|bad interpreter|fatal error:|^make|brp-|^find: |^grep: |\bcd: /,
    which: "last",
    advice: ({ file }) => `The build made no ${file}: fix its name in %install, or build it.`,
    example: `
+ sed -i s,/usr/local,/usr, /builddir/build/BUILDROOT/x/usr/share/prog/paths.conf
=> sed: can't read /builddir/build/BUILDROOT/x/usr/share/prog/paths.conf: No such file or directory`,
  },
  {
    name: "setup-directory",
    category: "source-layout",
    certainty: "sure",
    phases: ["prep"],
    needles: [": cd: ", "can't cd to"],
    pattern: new RegExp(
      `(?:line|Zeile|ligne|línea|riga|строка) ?\\d{1,7} ?: cd ?: (?<directory>[^:]{1,300}) ?: (?:${noSuchFile}|Not a directory)|: cd: can't cd to (?<other>.{1,300})`,
    ),
    which: "last",
    advice: ({ directory, other }) =>
      `The archive does not unpack to ${directory ?? other}: name its directory with %setup -n or %autosetup -n.`,
    example: `
+ /usr/lib/rpm/rpmuncompress -x /builddir/build/SOURCES/topdir-1.0.tar.gz
+ cd topdir-1.0
=> /var/tmp/rpm-tmp.Vx2haz: line 35: cd: topdir-1.0: No such file or directory`,
  },
  {
    name: "directory-missing",
    category: "missing-file",
    certainty: "sure",
    phases: ["build", "check", "install", "generate-buildrequires"],
    needles: [": cd: ", ": pushd: ", "can't cd to"],
    pattern: new RegExp(
      `(?:line|Zeile|ligne|línea|riga) ?\\d{1,7} ?: (?:cd|pushd) ?: (?<directory>[^:]{1,300}) ?: (?:${noSuchFile}|Not a directory)|: cd: can't cd to (?<other>.{1,300})`,
    ),
    which: "last",
    advice: ({ directory, other }) => `There is no directory ${directory ?? other}: the source may have moved it.`,
    example: `
+ cd build/doc
=> /var/tmp/rpm-tmp.Qq1: line 31: cd: build/doc: No such file or directory`,
  },
  {
    name: "file-missing",
    category: "missing-file",
    certainty: "likely",
    phases: ["prep", "build", "generate-buildrequires", "check"],
    needles: ["can't read ", "cannot stat", "cannot open", "cannot access", ...fileNeedles],
    pattern: new RegExp(
      `^(?:\\S{0,100}/)?(?<program>sed|cp|mv|install|cat|chmod|rm|ln|iconv|dos2unix|perl|touch|awk|gawk|tail|head|ls|gzip|xz|patch|file|find-lang\\.sh|python3?|bash|sh|source|convert|xsltproc|msgfmt|strip|diff|cmp|mkdir|pushd|rename|tar|unzip): .{0,200}?(?<file>[^\\s'‘’"»“:]{1,300})['’"»“]? ?:? ?(?:${noSuchFile})|rpm-tmp\\.\\w{1,20}: (?:line|Zeile|ligne|línea|riga) \\d{1,7} ?: (?<other>[^:]{1,300}) ?: (?:${noSuchFile})$`,
    ),
    unless: /bad interpreter|: cd: |fatal error|command not found/,
    which: "last",
    advice: ({ file, other }) => `${file ?? other} is not there: the source may have moved or renamed it.`,
    example: `
+ sed -i s/@VERSION@/1.0/ src/version.in
=> sed: can't read src/version.in: No such file or directory`,
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
    name: "test-crashed",
    category: "test-failure",
    certainty: "likely",
    phases: ["check"],
    needles: crashNeedles,
    pattern: new RegExp(`(?<signal>${crash})`),
    unless: /^(?:ok|PASS|not ok|#)\b|\(program /,
    which: "last",
    advice: ({ signal }) => `A program that %check runs has crashed (${signal}): run it by hand, on this architecture.`,
    example: `
+ ./selftest
=> /var/tmp/rpm-tmp.p5EDdL: Zeile 30:  7672 Speicherzugriffsfehler  ./selftest`,
  },
  {
    name: "crashed",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: crashNeedles,
    pattern: new RegExp(`(?:${crash})(?: {1,3}\\((?:core dumped|Speicherabzug geschrieben)\\))?`),
    unless: /^(?:ok|PASS|not ok|#)\b|\(program /,
    which: "last",
    advice: "A program that the build runs has crashed: run it by hand, on this architecture.",
    example: `
+ ./mktables >tables.h
=> /var/tmp/rpm-tmp.ab12: line 33:  4711 Segmentation fault      (core dumped) ./mktables > tables.h`,
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
