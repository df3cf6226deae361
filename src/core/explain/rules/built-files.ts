import { error, late } from "./rpm-words.ts";
import type { Rule } from "./rule.ts";

export const builtFiles: readonly Rule[] = [
  {
    name: "undefined-macro-in-files",
    category: "spec-macro",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: ["%{", "must begin with", "not found", "nicht gefunden", "Fichier ", "File non trovato"],
    pattern: new RegExp(`^${error}[^:]{5,80}: .{0,400}?%(?<macro>\\{[^}\\s]{1,100}\\}|[A-Za-z_]\\w{2,80})`),
    unless: /%files|Bad exit status|(?:Dependency|Versioned|Illegal|Invalid) |Bad syntax|Installed \(/,
    advice: ({ macro }) => `The macro %${macro} is not defined here: add the package that has it to BuildRequires, or define it.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: File must begin with "/": %{_unitdir}/prog.service

RPM build errors:
    File must begin with "/": %{_unitdir}/prog.service`,
  },
  {
    name: "package-disk-full",
    category: "disk-full",
    certainty: "decisive",
    phases: ["files", "packaging"],
    proves: "packaging",
    needles: "No space left on device",
    pattern: new RegExp(
      `^${error}(?:create archive failed|Could not |Unable to write|Failed to write|cpio: ).{0,400}No space left on device`,
    ),
    advice: "The disk of the builder is full: install less, or build again on a bigger builder.",
    example: `
Checking for unpackaged file(s): /usr/lib/rpm/check-files /builddir/build/BUILDROOT/x
=> error: create archive failed on file /builddir/build/BUILDROOT/x/usr/share/x/a.bin: cpio: write failed - No space left on device`,
  },
  {
    name: "symlink-to-buildroot",
    category: "buildroot-policy",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: "Symlink points to BuildRoot",
    pattern: new RegExp(`^${error}Symlink points to BuildRoot: (?<link>\\S{1,300})`),
    advice: ({ link }) => `The link ${link} leads into the buildroot: make it with ln -sr, or with the path it has when installed.`,
    example: `
Processing files: x-1.0-1.noarch
=> error: Symlink points to BuildRoot: /usr/share/x/b -> /builddir/build/BUILDROOT/x/usr/share/x/a

RPM build errors:
    Symlink points to BuildRoot: /usr/share/x/b -> /builddir/build/BUILDROOT/x/usr/share/x/a`,
  },
  {
    name: "unpackaged-files",
    category: "files-unpackaged",
    // rpmbuild looks for these also behind a file that it did not find, which may be the same one under another name.
    certainty: "sure",
    phases: late,
    proves: "files",
    needles: [
      "Installed (but unpackaged)",
      "Installierte (aber nicht gepackte)",
      "Fichiers installés (mais non empaquetés)",
      "File installati (ma non pacchettizzati)",
    ],
    pattern: new RegExp(
      `^(?:${error}| {4}(?=.{1,20}\\())(?:Installed \\(but unpackaged\\)|Installierte \\(aber nicht gepackte\\)|Fichiers installés \\(mais non|File installati \\(ma non)`,
    ),
    follow: { pattern: /^ {1,6}\/\S/, within: 3, max: 3 },
    advice: "List the files below in %files, or remove them at the end of %install.",
    example: `
Checking for unpackaged file(s): /usr/lib/rpm/check-files /builddir/build/BUILDROOT/x-1.0-1.fc43.x86_64
=> error: Installed (but unpackaged) file(s) found:
   /etc/prog.conf

RPM build errors:
    Installed (but unpackaged) file(s) found:
   /etc/prog.conf`,
  },
  {
    name: "file-of-package-missing",
    category: "files-not-found",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: [
      "File not found",
      "Directory not found",
      "Datei nicht gefunden",
      "Verzeichnis nicht gefunden",
      "Fichier non trouvé",
      "Fichier introuvable",
      "File non trovato",
      "Fichero no encontrado",
      "Archivo no encontrado",
      "Файл не найден",
    ],
    pattern: new RegExp(
      `^${error}(?:File not found(?: by glob)?|Directory not found|Datei nicht gefunden|Verzeichnis nicht gefunden|Fichier (?:non trouvé|introuvable)|File non trovato|(?:Fichero|Archivo) no encontrado|Файл не найден)[^:]{0,40}: (?<file>.{1,400})`,
    ),
    advice: ({ file }) =>
      `${file?.replace(/^.*?\/BUILDROOT\/(?:[^/]*(?:x86_64|noarch|aarch64|ppc64le|s390x|i[3-6]86|riscv64)\/)?/, "/").replace("//", "/")} is in %files, but %install made none: fix the name, or install it.`,
    example: `
Processing files: prog-1.0-1.fc43.x86_64
=> error: File not found: /builddir/build/BUILDROOT/prog-1.0-1.fc43.x86_64/usr/share/prog/data.db

RPM build errors:
    File not found: /builddir/build/BUILDROOT/prog-1.0-1.fc43.x86_64/usr/share/prog/data.db`,
  },
  {
    name: "file-in-summary",
    category: "files-not-found",
    certainty: "sure",
    phases: late,
    proves: "files",
    needles: ["File not found", "Directory not found", "Datei nicht gefunden", "Fichier non trouvé", "File non trovato"],
    pattern:
      /^ {4}(?:File not found(?: by glob)?|Directory not found|Datei nicht gefunden|Fichier non trouvé|File non trovato) ?: (?<file>\/\S{0,300}\/BUILDROOT\/\S{1,300})/,
    advice: ({ file }) => `${file} is in %files, but %install made none: fix the name, or install it.`,
    example: `
Processing files: prog-1.0-1.fc43.x86_64

RPM build errors:
=>     File not found: /builddir/build/BUILDROOT/prog-1.0-1.fc43.x86_64/usr/share/prog/data.db`,
  },
  {
    name: "file-list-missing",
    category: "files-not-found",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: ["Could not open %files file", "Unable to open"],
    pattern: new RegExp(`^${error}(?:Could not open %files file|Unable to open .{0,20}files?) ?(?<file>\\S{1,300})`),
    unless: /debugsourcefiles\.list/,
    advice: ({ file }) => `%files -f reads ${file}, which %install does not make.`,
    example: `
=> error: Could not open %files file /builddir/build/BUILD/prog-1.0/prog.lang: No such file or directory

RPM build errors:
    Could not open %files file /builddir/build/BUILD/prog-1.0/prog.lang: No such file or directory`,
  },
  {
    name: "no-translations",
    category: "files-not-found",
    certainty: "sure",
    phases: ["install"],
    needles: ["No translations found for"],
    pattern: /^No translations found for (?<domain>\S{1,100}) in/,
    advice: ({ domain }) => `There are no translations for ${domain}: take %find_lang out, or install them.`,
    example: `
+ /usr/lib/rpm/find-lang.sh /builddir/build/BUILDROOT/x prog
=> No translations found for prog in /builddir/build/BUILDROOT/x`,
  },
  {
    name: "arch-dependent-in-noarch",
    category: "arch-mismatch",
    certainty: "decisive",
    phases: late,
    proves: "files",
    needles: ["Arch dependent binaries in noarch", "Architekturabhängige Binär", "Des binaires dépendants"],
    pattern: new RegExp(`^${error}(?:Arch dependent binaries in noarch|Architekturabhängige Binär|Des binaires dépendants)`),
    advice: "The package is noarch and has binaries of this architecture: take BuildArch: noarch out, or do not install them.",
    example: `
Checking for unpackaged file(s): /usr/lib/rpm/check-files /builddir/build/BUILDROOT/x
=> error: Arch dependent binaries in noarch package

RPM build errors:
    Arch dependent binaries in noarch package`,
  },
  {
    name: "files-syntax",
    category: "spec-syntax",
    certainty: "sure",
    phases: late,
    proves: "files",
    needles: [
      "Missing '",
      "File listed twice",
      "Two files on one line",
      "File must begin with",
      "Bad syntax: %",
      "File is not a",
      "Not a directory: ",
      "File needs leading",
      "Invalid %",
      "Bad mode spec",
      "Unknown file type",
      "Glob ",
      "Bad file",
      "Explicit file attributes",
    ],
    pattern: new RegExp(
      `^${error}(?<message>(?:Missing ['(]|Two files on one line|File must begin with|Bad syntax: %|File is not a|Not a directory: |File needs leading|Bad mode spec|Unknown file type|Explicit file attributes).{0,300})`,
    ),
    advice: ({ message }) => `rpm does not understand %files: ${message}.`,
    example: `
=> error: File must begin with "/": share/prog.service

RPM build errors:
    File must begin with "/": share/prog.service`,
  },
];
