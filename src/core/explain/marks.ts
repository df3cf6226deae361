import type { Phase } from "./rules/categories.ts";

/** What a line says about the course of the build. */
export type Mark =
  /** A phase begins. */
  | { kind: "phase"; phase: Phase }
  /** The current phase failed; `phase` where the line names another one, `isOfRpm` where rpmbuild ends with it. */
  | { kind: "failed"; phase?: Phase; isOfRpm?: true; isLast?: true }
  /** copr-rpmbuild gives up: what follows was printed before. */
  | { kind: "given-up" }
  /** A package manager has installed what it was asked for. */
  | { kind: "installed" }
  /** All is well so far. */
  | { kind: "well" }
  /** rpmbuild wants more packages, which are installed next. */
  | { kind: "more-wanted" }
  /** A program of mock's own runs, whose end says nothing about the phase. */
  | { kind: "aside" }
  /** The end of a program that mock ran. */
  | { kind: "ended"; code: number }
  /** Make ignores the failure of the command that printed the lines before. */
  | { kind: "ignored" }
  /** A build tool says that one of its commands failed, behind the command's output or before it. */
  | { kind: "command-failed"; before?: true }
  /** A log of tests or of configure is shown. */
  | { kind: "dump" };

export interface MarkRule {
  needles: readonly string[];
  pattern: RegExp;
  read: (groups: Record<string, string>) => Mark | null;
}

const scripts: Readonly<Record<string, Phase>> = {
  prep: "prep",
  mkbuilddir: "prep",
  generate_buildrequires: "generate-buildrequires",
  conf: "build",
  build: "build",
  install: "install",
  check: "check",
  license: "files",
  doc: "files",
};

const phaseOfScript = (name: string | undefined): Phase | undefined => scripts[name ?? ""];

/** The phase a package manager, or rpmbuild, is called in. */
function phaseOfCommand(command: string): Phase | null {
  if (/\brpmbuild\b/.test(command)) return "srpm";
  if (!/(?:\/bin\/|^['"]?)(?:dnf[-\d]*|yum|yum-builddep|microdnf|zypper|apt-get|pacman)\b/.test(command)) return null;
  return /\bbuilddep\b|yum-builddep|\bbuild-dep\b|\.src\.rpm|\.nosrc\.rpm/.test(command) ? "builddeps" : "chroot-setup";
}

/** In the words of rpm, mock, dnf and copr-rpmbuild; rpm speaks the language of its user. */
export const marks: readonly MarkRule[] = [
  {
    needles: ["/get-srpm-build-task/"],
    pattern: /copr-rpmbuild .{0,200}\/get-srpm-build-task\/\d/,
    read: () => ({ kind: "phase", phase: "sources" }),
  },
  {
    needles: ["DEBUG  Running ActionName.", "Packit ", "Creating repo object from "],
    pattern: /DEBUG {1,8}Running ActionName\.\w|^Packit \d[\w.+]{0,60} is being used|^Creating repo object from \//,
    read: () => ({ kind: "phase", phase: "sources" }),
  },
  {
    needles: ["Using BUILD_ROOT=", "initializing rpm db", "] preinstalling "],
    pattern: /^Using BUILD_ROOT=|^initializing rpm db\.|^preinstalling \S/,
    read: () => ({ kind: "phase", phase: "chroot-setup" }),
  },
  {
    needles: ["expansion error", "unresolvable:"],
    pattern: /^expansion error|^(?:BuildService API error: |\S{1,100} )?unresolvable:(?: |$)/,
    read: () => ({ kind: "failed", phase: "builddeps" }),
  },
  {
    needles: ["+ exec rpmbuild -b", "-----  building ", "----- building "],
    pattern: /^\+ exec rpmbuild -b|^----- {1,2}building \S{1,200}\.spec\b/,
    read: () => ({ kind: "phase", phase: "srpm" }),
  },
  {
    needles: ["exit ...", 'failed "build '],
    pattern: /^exit \.\.\.$|failed "build \S{1,200}" at /,
    read: () => ({ kind: "failed" }),
  },
  {
    needles: ["rpm-tmp."],
    pattern: /^[^/]{1,60}\(%(?<script>\w{1,40})\)\s?: {0,2}\/\S*sh .*rpm-tmp\./,
    read: ({ script }) => ({ kind: "phase", phase: phaseOfScript(script) ?? "packaging" }),
  },
  {
    needles: ["rpm-tmp."],
    pattern: /^[^\s:：]{2,20}(?:: |：).{0,60}\/rpm-tmp\.\w{1,20}.{0,40}\(%(?<script>\w{1,40})\)/,
    read: ({ script }) => ({ kind: "failed", phase: phaseOfScript(script) ?? "packaging", isOfRpm: true }),
  },
  {
    needles: ["Processing files: ", "Elaborazione file: ", "Verarbeite Dateien: ", "Procesando archivos: ", "Traitement des fichiers"],
    pattern: /^(?:Processing files|Elaborazione file|Verarbeite Dateien|Procesando archivos|Traitement des fichiers)\s?: /,
    read: () => ({ kind: "phase", phase: "files" }),
  },
  {
    needles: ["Checking for unpackaged file"],
    pattern: /^Checking for unpackaged file/,
    read: () => ({ kind: "phase", phase: "files" }),
  },
  {
    needles: [
      "RPM build errors",
      "RPM build warnings",
      "Errori di compilazione RPM",
      "RPM-Erstellungsfehler",
      "Fehler beim Bauen des RPM",
      "Erreur de construction de RPM",
    ],
    pattern:
      /^(?:RPM build errors|Errori di compilazione RPM|RPM-Erstellungsfehler|Fehler beim Bauen des RPM|Erreurs? de construction de RPM)\s?:/,
    read: () => ({ kind: "failed", isOfRpm: true }),
  },
  {
    needles: [
      "Failed build dependencies",
      "Fehlgeschlagene Paket-Abh",
      "Dépendances de construction",
      "Dipendenze di compilazione",
      "构建依赖失败",
    ],
    pattern:
      /^(?:(?:error|Fehler|erreur|errore)\s?: (?:Failed build dependencies|Fehlgeschlagene Paket-Abh|Dépendances de construction|Dipendenze di comp)|错误[:：] ?构建依赖失败)/,
    read: () => ({ kind: "failed", phase: "builddeps" }),
  },
  {
    needles: ["Going to install missing buildrequires", "Dynamic buildrequires detected"],
    pattern: /^(?:INFO: )?(?:Going to install missing (?:dynamic )?buildrequires|Dynamic buildrequires detected)/,
    read: () => ({ kind: "more-wanted" }),
  },
  {
    needles: ["Start: buildsrpm", "Start: rpmbuild"],
    pattern: /^(?:INFO: )?Start: (?:buildsrpm|rpmbuild )/,
    read: () => ({ kind: "phase", phase: "srpm" }),
  },
  {
    needles: ["Start: build setup"],
    pattern: /^(?:INFO: )?Start: build setup/,
    read: () => ({ kind: "phase", phase: "builddeps" }),
  },
  {
    needles: [
      "Start: chroot init",
      "Start(bootstrap): chroot init",
      "Start: installing minimal",
      "Start(bootstrap): installing",
      "Start: creating root cache",
    ],
    pattern: /^(?:INFO: )?Start(?:\(bootstrap\))?: (?:chroot init|installing minimal)/,
    read: () => ({ kind: "phase", phase: "chroot-setup" }),
  },
  {
    needles: ["Executing command: [", "ENTER ["],
    pattern: /^(?:Executing command: \[|ENTER \[[^\]]{1,40}\]\(\[)(?<command>.*)/,
    read: ({ command }) => {
      const phase = phaseOfCommand((command ?? "").replace(/\] with env \{.*/, ""));
      return phase === null ? { kind: "aside" } : { kind: "phase", phase };
    },
  },
  {
    needles: [
      "Running: git ",
      "Running: svn ",
      "Running: copr-distgit-client",
      "Running: dist-git-client",
      "Running: fedpkg",
      "Running: rhpkg",
      "Running: pyp2rpm",
      "Running: pyp2spec",
    ],
    pattern: /^Running: (?:git (?:clone|checkout|fetch|submodule|merge)|svn|copr-distgit-client|dist-git-client|fedpkg|rhpkg|pyp2)/,
    read: () => ({ kind: "phase", phase: "sources" }),
  },
  {
    needles: [
      "Running: gem2rpm",
      "Running: tito",
      "Running: rpkg",
      "Running: mock ",
      "Running: make ",
      "Start: chroot ['",
      "Running: copr-sources-custom",
      "Running: spectool",
      "Running: rpmdev-",
    ],
    pattern:
      /^(?:INFO: )?Start: chroot \['|^Running: (?:gem2rpm|tito|rpkg|mock (?=.*--(?:uniqueext|chroot))(?!.*--scrub )|make (?=.*srpm)|copr-sources-custom|spectool|rpmdev-)/,
    read: () => ({ kind: "phase", phase: "sources" }),
  },
  {
    needles: ["+ packit "],
    pattern: /^\+ packit (?:--?[\w-]{1,20} ){0,4}(?:prepare-sources|srpm)\b/,
    read: () => ({ kind: "phase", phase: "sources" }),
  },
  {
    needles: ["Child return code was: "],
    pattern: /^Child return code was: (?<code>-?\d{1,6})$/,
    read: ({ code }) => ({ kind: "ended", code: Number(code) }),
  },
  {
    needles: ["EXCEPTION: ["],
    pattern: /^EXCEPTION: \[/,
    read: () => ({ kind: "failed" }),
  },
  {
    needles: ["ERROR: Exception("],
    pattern: /^ERROR: Exception\(/,
    read: () => ({ kind: "failed" }),
  },
  {
    needles: ["Error downloading packages", "Transaction test error", "GPG check FAILED", "Failed to resolve the transaction"],
    pattern: /^(?:Error: )?(?:Error downloading packages:|Transaction test error:|GPG check FAILED|Failed to resolve the transaction:)/,
    read: () => ({ kind: "failed" }),
  },
  {
    needles: ["ERROR: Command failed"],
    pattern: /^ERROR: Command failed/,
    read: () => ({ kind: "failed" }),
  },
  {
    needles: ["# "],
    pattern: /^ # (?<command>.*)/,
    read: ({ command }) => {
      const phase = phaseOfCommand(command ?? "");
      return phase === null ? null : { kind: "failed", phase, isLast: true };
    },
  },
  {
    needles: ["Copr build error: ", "Network error: "],
    pattern: /^(?:Copr build error|Network error): /,
    read: () => ({ kind: "given-up" }),
  },
  {
    needles: ["Complete!", "Getting requirements for "],
    pattern: /^(?:Complete!|Getting requirements for \S{1,200}\.src)$/,
    read: () => ({ kind: "installed" }),
  },
  {
    needles: ["Wrote: ", "INFO: Done(", "Build succeeded", "Worker succeeded build"],
    pattern: /^(?:Wrote: .*\.rpm$|Worker succeeded build|INFO: Done\(|Build succeeded$)/,
    read: () => ({ kind: "well" }),
  },
  {
    needles: ["(ignored)", "(ignoriert)", "(ignorée)"],
    pattern: /^[\w./-]*make(?:\[\d{1,5}\])?: \[.*\(ignor\w{1,6}\)$/,
    read: () => ({ kind: "ignored" }),
  },
  {
    needles: [": *** ["],
    pattern: /^\S{0,100}make(?:\[\d{1,5}\])?: \*\*\* \[/,
    read: () => ({ kind: "command-failed" }),
  },
  {
    needles: ["error: subprocess-exited-with-error", "error: command '"],
    pattern: /^\s{0,6}(?:×\s)?error: (?:subprocess-exited-with-error|command ')/,
    read: () => ({ kind: "command-failed" }),
  },
  {
    needles: ["FAILED: "],
    pattern: /^FAILED: \S/,
    read: () => ({ kind: "command-failed", before: true }),
  },
  {
    needles: ["produced by compilers while"],
    pattern: /^This file contains any messages produced by compilers while/,
    read: () => ({ kind: "dump" }),
  },
];

/** A command, as a shell shows it before it runs it. */
export const isTrace = (text: string) => /^\+{1,20} /.test(text);

/** Lines of a comparison begin with a plus sign, too, and with a minus sign. */
export const isOfDiff = (text: string) => /^\s{0,8}(?:@@ -\d|--- \S|\+\+\+ \S|[+-] (?:actual|expected|received)\b)/i.test(text);

/** Commands that end a script or say something, but do nothing that fails by itself. */
export const isTransparent = (command: string) =>
  /^(?:exit\b|'\[' \d+ -(?:ne|eq|gt) \d+ '\]'$|\[\[ \d+ -(?:ne|eq|gt) \d+ \]\]$|false$|true$|:$|:\s|return\b|RPM_EC=|STATUS=|echo\b|printf\b|set [-+]|\w+=|export\b|local\b|done$|sleep\b|kill\b)/.test(
    command,
  );

/** Commands that show a file. */
export const isDump = (command: string) =>
  /^(?:cat|tail|head|more|less|journalctl|dmesg)\s+(?!>)(?!<<)/.test(command) || /^(?:find|xargs)\b.*\b(?:cat|tail|head)\b/.test(command);

/** What is printed behind the cause of a failure and says nothing itself. */
export const isNoise = (text: string) =>
  /^\s*$|^(?:g?make|gmake|ninja|samu|jom)(?:\[\d+\])?: |^scons: (?:\*\*\*|done|building|Reading)|^RPM build errors|Bad exit status from|collect2: error|^\++ (?:exit|cat|RPM_EC|:)|^compilation terminated|^\s*\d* \| |^\s*[\^~|]+\s*$|^Child return code|^cc1\w*: (?:some|all) warnings|^Finish: |^ERROR: Exception|^INFO: /.test(
    text,
  );

/** What copr-builder writes of its own: the headings of phases, and at the end of a log that it explained itself why it failed. */
export const isConclusion = (text: string) => /^Cause: [a-z]+(?:-[a-z]+)*(?: [^:]{1,60})?: |^Advice: |^=== copr-builder: /.test(text);
