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
const quote = "['‘\"`„«»] ?";

export const fileOperations: readonly Rule[] = [
  {
    name: "disk-full",
    category: "disk-full",
    certainty: "decisive",
    needles: [
      "No space left on device",
      "no space left on device",
      "ENOSPC",
      "Auf dem Gerät ist kein Speicherplatz",
      "Aucun espace disponible",
      "No queda espacio en el dispositivo",
      "Disk quota exceeded",
      "Spazio esaurito sul device",
      "more space on the",
      "more space needed on the",
      "not enough free disk space",
      "Не осталось места",
    ],
    pattern:
      /[Nn]o space left on device|\bcode ENOSPC\b|Auf dem Gerät ist kein Speicherplatz|Aucun espace disponible|No queda espacio en el dispositivo|Disk quota exceeded|Spazio esaurito sul device|(?:needs|At least) .{1,30}more space (?:needed )?on the|not enough free disk space|Не осталось места/,
    unless: /^(?:ok|PASS|not ok|#)\b|\bwarning\b/i,
    advice: "The builder's disk is full: clean up in the build, build less at once, or without debug information.",
    example: `
+ cp -a big small/stage1
=> cp: error writing 'small/stage1': No space left on device`,
    in: "build",
  },
  {
    name: "input-output-error",
    category: "infrastructure",
    certainty: "sure",
    needles: ["Input/output error"],
    pattern: /: Input\/output error$/,
    unless: /\bwarning\b|^(?:ok|not ok)\b/i,
    advice: "The builder's disk fails: start the build again.",
    example: `
+ /usr/bin/cmake --build redhat-linux-build
=> /usr/bin/ld: lib/libfrob.so.1: final close failed: Input/output error
collect2: error: ld returned 1 exit status`,
    in: "build",
  },
  {
    name: "permission-denied",
    category: "permission-denied",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Permission denied",
      "Operation not permitted",
      "Keine Berechtigung",
      "Permission non accordée",
      "Permiso denegado",
      "Permesso negato",
      "Отказано в доступе",
      "Read-only file system",
    ],
    pattern:
      /^(?:\/var\/tmp\/rpm-tmp\.\w{1,20}: (?:line|Zeile|ligne|línea) \d{1,7} ?: |\S{0,100}(?:install|cp|mkdir|mv|ln|rm|touch|chmod|chown|tee|sh|cc1|as|ld|make|cannot)\b.{0,300}: |(?:bash|sh): .{0,200}: ).{0,300}(?:Permission denied|Operation not permitted|Keine Berechtigung|Permission non accordée|Permiso denegado|Permesso negato|Отказано в доступе|Read-only file system)|^ {0,8}(?:PermissionError: |OSError: \[Errno (?:13|30)\] )|^\s{0,8}error: (?:\[Errno 13\] Permission denied|could not (?:create|delete) '.*': Permission denied)|^ERROR: Could not install packages due to an (?:OSError|EnvironmentError): \[Errno 13\]|^EACCES: permission denied|^ninja: error: .{1,200}: Permission denied/,
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
    unless:
      /command not found|bad interpreter|fatal error:|^make|brp-|^find: |^grep: |\bcd: |^error: open of |\.(?:mk|am|in):\d|[Mm]akefile:\d/,
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
    needles: [": cd: ", ": pushd: ", "can't cd to"],
    pattern: new RegExp(
      `(?:line|Zeile|ligne|línea|riga|строка) ?\\d{1,7} ?: (?:cd|pushd) ?: (?<directory>[^:]{1,300}) ?: (?:${noSuchFile}|Not a directory)|: cd: can't cd to (?<other>.{1,300})`,
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
    name: "install-directory-missing",
    category: "install-missing-file",
    certainty: "sure",
    phases: ["install"],
    needles: [": cd: ", ": pushd: ", "can't cd to", "file INSTALL cannot find "],
    pattern: new RegExp(
      `(?:line|Zeile|ligne|línea|riga) ?\\d{1,7} ?: (?:cd|pushd) ?: (?<directory>[^:]{1,300}) ?: (?:${noSuchFile}|Not a directory)|: cd: can't cd to (?<other>.{1,300})|^ {2}file INSTALL cannot find\\s"?(?<file>[^"]{1,400})`,
    ),
    which: "last",
    advice: ({ directory, other, file }) => `The build made no ${directory ?? other ?? file}: fix its name in %install, or build it.`,
    example: `
+ pushd /builddir/build/BUILDROOT/usr/share/prog
=> /var/tmp/rpm-tmp.Qq1: line 31: pushd: /builddir/build/BUILDROOT/usr/share/prog: No such file or directory`,
  },
  {
    name: "directory-of-source-missing",
    category: "source-layout",
    certainty: "sure",
    phases: ["build"],
    needles: [": cd: ", ": pushd: ", "can't cd to"],
    pattern: new RegExp(
      `rpm-tmp\\.\\w{1,20}: (?:(?:line|Zeile|ligne|línea|riga) ?)?\\d{1,7} ?: (?:(?:cd|pushd) ?: (?<directory>[\\w.+~-]{1,200}) ?: (?:${noSuchFile})|cd: can't cd to (?<other>[\\w.+~-]{1,200})$)`,
    ),
    // What the build itself should have made, or the source has elsewhere.
    unless: /: \S{0,100}(?:build|target|dist|out|obj|bin|gen|docs?|man|tests?|examples?|po|src|lib|include|_)(?:: | ?$)/,
    advice: ({ directory, other }) =>
      `The source unpacks to another directory than ${directory ?? other}: correct it in %setup (-n) and where the scripts enter it.`,
    example: `
+ cd /builddir/build/BUILD
+ cd linux
=> /var/tmp/rpm-tmp.Qq1: line 36: cd: linux: No such file or directory`,
  },
  {
    name: "directory-missing",
    category: "missing-file",
    certainty: "sure",
    phases: ["build", "check", "generate-buildrequires"],
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
];
