import type { Phase } from "./categories.ts";
import { installations, scripts, sourcePhases } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** Says that something ended, not why; flags and names of files that sound like errors; what goes on all the same. */
export const saysNothing =
  /\bwarning\b|^error: open of |^=+ .{0,100} in \d[\d.]{0,12}s\b.{0,20} =+$|^!+ Interrupted: |^ERROR: Command failed|Removing leading [`']|^gyp ERR! (?:not ok|node |node-gyp |cwd |System |command )|\bnote: |^\s{0,4}\w{1,10}\s{1,12}[\w./+-]{1,200}\.l?[oach]$| && |\s--?[\w-]{0,40}(?:error|fail|missing|invalid)|\(ignored\)|^checking (?!.*FAIL)|^-- |\s-[IDWOLfm][\w=+./-]{2}|\.\.\. ?(?:ok|yes|no|done)$|\b(?:0|no) (?:errors?|fail(?:ed|ures?)|tests? failed)\b|^(?:ok|PASS|not ok|#)\b|^FAILED: (?:\[code=\d+\] )?\S+ ?$|^\W{0,4}(?:\d{1,6} )?(?:errors?|failures?|failed|fatal|fail|abort(?:ed|ing)?|exiting|stop(?:ped|ping)?|build failed|build failure|compilation failed|command failed|failed to build|aborted \(core dumped\))(?: (?:generated|found|occurred|total))?\W{0,4}$|did not complete|exit(?:ed)? (?:status|code|with)|exit code|non-zero|returned [1-9]|terminated with error|error\(s\) encountered|errors? generated|No code generated|CalledProcess|complete log|full log|log can be found|Traceback|subprocess-exited|^\W{0,6}(?:[\w ]{1,30}: ?)?\d{1,6} (?:of|out of) \d|^\W{0,6}\d{1,6} (?:tests?|test cases?|examples?|features?|scenarios?|assertions?|specs?|suites?)\b.{0,100}fail|^(?:Completed|Run|Totals?|Results?|Run Summary|Test cases)\b.{0,80}fail|^test failure$|^\s*FAIL +\d+$|^make|^ninja|^error: (?:command '|Bad exit)|Command '|unexpected success|expected fail|\bxfail|retrying|will retry/i;

/** What a program says that can't go on. */
const complaint =
  "\\b(?:errors?|fatal|fail(?:ed|ure|s)?|cannot|can't|couldn't|could not|unable to|not found|no such|missing|not permitted|denied|refused?|invalid|illegal|unknown|unsupported|unrecognized|exception|panic|abort(?:ed|ing)?|is required|must (?:be|have)|do(?:es)?(?: not|n't) (?:exist|match|support|have|validate|work|compile|contain|apply|fit|know)|unexpected|undefined|mismatch|not (?:available|supported|installed|allowed|implemented|a valid|defined|readable)|timed? ?out|out of (?:range|bounds)|too (?:old|new|many|few|long|large|small)|corrupt(?:ed)?|incompatible|killed|out of date|are the same file|is not a directory|is a directory|omitting directory|unterminated|already exists|not empty|file exists|no match(?:es|ing)?|not a (?:git|number|file)|garbage|malformed|unresolved|unavailable|insufficient|not enough|incorrect|crash(?:ed|es)?|conflict(?:s|ing)?|duplicated?|truncated|overlaps?|exceed(?:s|ed)|unclosed|no longer|violat(?:es|ed|ion)|differs?|disagrees?|busy|lacks?|requires? (?:at least|a newer)|shrank|inconsistent|unsatisfied|unbalanced|outdated|is not valid|did not (?:produce|match|return|work)|(?:wanted|expected) .{1,60}[, ]got|sending signal|not ok|(?:is|are) wrong|wrong (?:number|type|kind|argument|version|file|format|size|order|value|ELF)|not recogni[sz]ed|usage|unbound|not set|expected (?:token|[\"'‘`{(])|ERR!)(?!\\w)";

const lastWord = {
  certainty: "vague",
  // Not matched line by line: see `lastWordRules`.
  needles: [],
} as const;

const built: readonly Phase[] = ["build", "prep", "install"];

/**
 * What stands just before the end of a phase, or beside a command that make or Ninja says has failed, and reads like the
 * complaint of a program no other rule knows. Looked at there only, so that they need no needles.
 */
export const lastWordRules: readonly Rule[] = [
  {
    ...lastWord,
    name: "last-word-on-network",
    category: "network-in-build",
    phases: scripts,
    pattern:
      /Connection (?:refused|timed out|reset)|Could not read from remote repository|[Cc](?:ould not|annot|an't) connect to|[Ff]ailed to (?:download|fetch)|[Dd]ownload (?:of .{1,200} )?failed|[Ee]rror (?:while )?(?:downloading|fetching)|[Uu]nknown ?[Hh]ost|[Uu]nable to (?:download|fetch)|[Nn]ame resolution|[Nn]o route to host/,
    advice: "The build wants to download: make what it fetches a Source, or allow the network in the project (--enable-net on).",
    example: `
+ ./bootstrap.py
Fetching toolchain 12.1
=> bootstrap: failed to download https://example.org/toolchain-12.1.tar.xz`,
  },
  {
    ...lastWord,
    name: "last-word-on-permission",
    category: "permission-denied",
    phases: ["build", "prep", "install"],
    pattern: /: (?:Permission denied|Read-only file system)(?: \(os error \d{1,3}\))?\.?$/,
    advice:
      "It writes outside its directories or runs what is not executable: install below %{buildroot} (DESTDIR), or set the file's mode in %prep.",
    example: `
frobc --install /usr/share/frob
=> frobc: couldn't open temporary file /usr/share/frob/frobo2POH4: Permission denied
make: *** [Makefile:15: install-data-hook] Error 4`,
  },
  {
    ...lastWord,
    name: "last-word-on-command",
    category: "missing-command",
    phases: scripts,
    pattern:
      /(?:not found|was not found|not (?:be )?found) (?:in|on) (?:your |the )?\$?PATH|is not in (?:your |the )?\$?PATH|(?:[Pp]rogram|[Cc]ommand|[Ee]xecutable|[Bb]inary|[Tt]ool|[Cc]ompiler) ['"`‘]?(?<command>[\w.+-]{1,60})['"`’]? (?:(?:was )?not (?:be )?found|is not installed|not installed|is missing|does not exist|is required|could not be found)|['"`‘]?(?<other>[\w.+-]{1,60})['"`’]?: (?:command|program|executable|binary) not found|(?:executable|program) .{0,20}not found: ['"]?(?<third>[\w.+-]{1,60})|: program not found or is not executable|[Yy]ou (?:must|need to) have ['"`‘]?(?<installed>[\w.+-]{1,60})['"`’]? installed|^(?<named>[\w.+-]{1,60})(?: is)? (?:not found|missing)(?:[,!.:;] ?(?:[Pp]lease|[Ii]nstall|[Ss]elect|[Aa]bort|[Ee]xit).{0,200}|[!.]?)$|[Cc](?:an't|annot|ould not|ouldn't) (?:find|execute|run|exec|locate) (?:the |a |your )?(?:program |command |tool |executable )?['"`‘](?:\/usr\/bin\/)?(?<executed>[\w+-]{1,40})['"`’](?: (?:command|program|executable|binary|tool|in (?:\$?PATH|path))|$|: No such)|: Cannot exec: No such|could not execute: (?<unexecuted>[\w+-]{1,40})$|No compiler is provided in this environment|could not find a Qt installation|^(?:\S{1,60}: ){0,2}(?<gone>[\w.+-]{2,40}): not found$|^which: no (?<which>\S{1,60}) in \(|(?:couldn't|[Cc]annot|[Cc]ould not|can't|[Ff]ailed to) (?:exec|execute|run|spawn|start) ['"‘]?(?<spawned>[\w+-]{1,40})['"’]?: No such|exec: "(?<exec>[^"]{1,100})": (?:executable )?file not found|(?:[Cc]an't|[Cc]annot|[Uu]nable to|[Cc]ould not) find (?:a |the |any )?(?<language>[A-Z][\w+-]{0,20}) (?:compiler|interpreter|installation)/,
    advice: ({ command, other, third, installed, named, executed, unexecuted, exec, spawned, gone, which, language }) =>
      `Add the package that has ${command ?? other ?? third ?? installed ?? named ?? executed ?? unexecuted ?? exec ?? spawned ?? gone ?? which ?? language ?? "the program it names"} to BuildRequires.`,
    example: `
+ ./package.sh
=> package: the program 'scour' is not installed`,
  },
  {
    ...lastWord,
    name: "last-word-on-module",
    category: "missing-lang-module",
    phases: scripts,
    pattern:
      /(?:[Mm]odule|gem|[Cc]rate|[Pp]lugin|[Ee]xtension|rock|theme) ['"`‘]?(?<module>[\w.:/@-]{1,100})['"`’]? (?:(?:was )?not found|found \(|is not installed|not installed|could not be (?:found|loaded)|is missing|is not available|not available)|[Cc](?:annot|an't|ould not|ouldn't) (?:find|load|import|locate) (?:the )?(?:[Mm]odule|gem|plugin|extension|rock|theme) ['"`‘]?(?<other>[\w.:/@-]{1,100})|missing modules?: (?<listed>[\w.:/@-]{1,100})|no theme named '(?<theme>[^']{1,60})'|undefined module (?<undefined>[\w.]{1,60})/,
    advice: ({ module, other, listed, theme, undefined: unknown }) =>
      `Add the package that has ${module ?? other ?? listed ?? theme ?? unknown} to BuildRequires.`,
    example: `
+ frobc --check all
=> frobc: could not load plugin 'frob-json'`,
  },
  {
    ...lastWord,
    name: "last-word-on-dependency",
    category: "missing-dep-configure",
    phases: ["build", "prep"],
    pattern:
      /[Pp]lease install|[Tt]ry installing|(?:need|have) to install|(?:not found|could not be found|couldn't be found|is missing|is required|are required|not installed).{0,200}(?:\binstall|-dev(?:el)?\b|pkg-config)|(?:[Ll]ibrar(?:y|ies)|[Hh]eaders?(?: files?)?|[Dd]ependenc(?:y|ies)|development files|[Pp]ackages?) .{0,80}(?:not (?:be )?found|(?:is|are) missing|(?:is|are) required|not available|not installed)|^(?:ERROR|Error|error|\*{2,3}|configure)(?: \*{2,3})?:? (?:lib)?[\w.+-]{1,40}(?: (?:>=?|version|v?\d)[\w. >=]{0,20})?(?: is| was| were)? (?:not found|missing|required|not available|not installed)\b|Did not find \S{1,40}|pkg-config .{0,20}(?:could not|cannot|failed to) find|_HOME (?:environment variable )?is not (?:set|defined)|(?:requires|needs) (?:the )?[\w.+-]{1,40} (?:library|headers|development)|(?:[Cc]ould not|[Cc]annot|[Uu]nable to) find (?:a |the )?(?:required |suitable |any )?(?:package|library|libraries|headers?|program|tool)\b/,
    advice: "The build misses a library or a tool: add what provides it to BuildRequires.",
    example: `
+ ./build.py configure
=> Jansson JSON support not found. Try installing libjansson-dev or jansson-devel.
(complete log in /builddir/build/BUILD/x-1.0/bin/config.log)`,
  },
  {
    ...lastWord,
    name: "last-word-on-installed-file",
    category: "install-missing-file",
    phases: ["install"],
    pattern:
      /No such file(?: or directory|$)|(?:[Ff]ile|[Dd]irectory) .{0,200}(?:not found|does not exist|could not be found)|(?:[Nn]ot found|does not exist): \S{1,200}$/,
    advice: "The build made no such file: fix its name in %install, or build it.",
    example: `
+ desktop-file-install --dir=/builddir/build/BUILDROOT/usr/share/applications prog.desktop
=> Error on file "prog.desktop": No such file or directory`,
  },
  {
    ...lastWord,
    name: "last-word-on-file",
    category: "missing-file",
    phases: ["build", "prep", "generate-buildrequires"],
    pattern:
      /No such file or directory\)?\.?$|(?:[Ff]ile|[Dd]irectory|[Ii]nput) ['"`‘]?[\w./+-]{1,200}['"`’]? (?:(?:was )?not found|(?:does not|doesn't) exist|is missing|could not be (?:found|opened|read))|(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to|[Ff]ailed to) (?:open|read|find) (?:the )?(?:input )?(?:file|directory)/,
    advice: "A file is not there: the source may have moved or renamed it, or BuildRequires lack the package that has it.",
    example: `
+ frobc -o tables.h tables.def
=> frobc: could not open file 'tables.def'`,
  },
  {
    ...lastWord,
    name: "last-word-on-source",
    category: "compile-error",
    phases: ["build"],
    pattern:
      /^(?<file>[^\s:(]{1,200}\.\w{1,10})(?::|\()(?<line>\d{1,7})[\d.,:()-]{0,20} ?.{0,40}\b(?:[Ee]rror|ERROR|[Ss]yntax|[Ee]xpected|[Uu]ndefined|[Uu]ndeclared|[Uu]nrecognized|[Uu]nexpected|[Uu]nknown|[Ii]nvalid|[Mm]issing)\b.{1,300}/,
    unless: /\.(?:te|if|fc|po|sh|py|rst|xml|desktop|ya?ml|json|toml|texi|txt|am|mk|map|pl|rb|in|ac|m4|targets|props|\w{2}proj)[:(]/,
    advice: ({ file, line }) => `The compiler refuses line ${line} of ${file}: fix or patch the source.`,
    example: `
frobc src/rules.frb
=> src/rules.frb:12:5 Error, the name limit is used before it is set
make: *** [Makefile:9: rules.o] Error 1`,
  },
  {
    ...lastWord,
    name: "last-word-of-test",
    category: "test-failure",
    phases: ["check"],
    pattern: new RegExp(`^\\W{0,12}\\S.{0,400}${complaint}|^.{0,40}${complaint}`, "i"),
    advice: "A test fails: run it in mock, then fix it or skip it with a reason.",
    example: `
+ wish tests/all.tcl
=> couldn't load file "/usr/lib64/libtk8.6.so": this isn't a Tk application
    while executing
"load /usr/lib64/libtk8.6.so Tk"`,
  },
  {
    ...lastWord,
    name: "last-word-of-method",
    category: "srpm-method",
    phases: sourcePhases,
    pattern: new RegExp(`^.{0,400}${complaint}`, "i"),
    unless: /^Copr build error: |^rc: |^ERROR: Command failed/,
    advice: "The method that makes the source package failed: its line says why.",
    example: `
rc: 1
stdout:
=> stderr: ./make-srpm: line 12: VERSION: parameter not set, unbound and is required`,
  },
  {
    ...lastWord,
    name: "last-word-of-generator",
    category: "buildrequires-generator",
    phases: ["generate-buildrequires"],
    pattern: new RegExp(`^.{0,400}${complaint}`, "i"),
    advice: "The build requirements could not be generated: the line says why.",
    example: `
+ /usr/bin/python3 -Bs /usr/lib/rpm/redhat/pyproject_buildrequires.py --toxenv py314
=> ROOT: HandledError| provided environments not found in configuration file: ['py314']
ROOT: tox-gh-actions won't override envlist because tox is not running in GitHub Actions`,
  },
  {
    ...lastWord,
    name: "last-word",
    category: "script-failed",
    phases: built,
    pattern: new RegExp(`^.{0,400}${complaint}`, "i"),
    advice: null,
    example: `
frobctl compile policy.txt
=> policy.txt 41: the type container_t is not defined here
allow policy_t container_t;
make: *** [Makefile:15: policy.bin] Error 1`,
  },
  {
    ...lastWord,
    name: "last-word-of-mock",
    category: "infrastructure",
    phases: installations,
    pattern: new RegExp(`^(?:\\/\\S{1,100}\\/)?[\\w.+-]{2,40}: (?=.{0,300}${complaint})(?<message>.{1,300})`, "i"),
    unless: /Command failed|Exception\(|Some packages could not be found|Not all dependencies/,
    advice: ({ message }) => `mock failed on the builder: ${message}.`,
    example: `
Start: clean chroot
=> ERROR: Failed to remove directory: /var/lib/mock/fedora-43-x86_64/root`,
    in: "chroot-setup",
  },
];

/** Programs of Unix put their name before what they say of an error. */
const named =
  /^(?:\/\S{1,100}\/)?(?!INFO|DEBUG|NOTE|WARN|Note|Info|Warning|note|info|libtool: )[A-Za-z_][\w.+-]{1,40}(?:\[\d{1,7}\]|\(\w{1,20}\))?: {1,2}\S/;

const lastLine = { ...lastWord, pattern: named } as const;

/**
 * The very last line of a phase, where nothing before it reads like a complaint: a message that a program put its name
 * before.
 */
export const lastLineRules: readonly Rule[] = [
  {
    ...lastLine,
    name: "last-line-of-test",
    category: "test-failure",
    phases: ["check"],
    advice: "A test fails: run it in mock, then fix it or skip it with a reason.",
    example: `
+ ./tests/bus
=> dbus[4711]: D-Bus library appears to be set up in a strange way; see the manual page for dbus-uuidgen`,
  },
  {
    ...lastLine,
    name: "last-line",
    category: "script-failed",
    phases: built,
    advice: null,
    example: `
+ ./frobnicate --all
=> frobnicate: the frobs were frobbed before`,
    in: "build",
  },
  {
    ...lastLine,
    name: "last-line-of-generator",
    category: "buildrequires-generator",
    phases: ["generate-buildrequires"],
    advice: "The build requirements could not be generated: the line says why.",
    example: `
+ /usr/bin/frob2rpm buildrequires
=> frob2rpm: the project is of version three`,
  },
];
