import type { Phase } from "./categories.ts";
import { error } from "./rpm-words.ts";
import type { Rule } from "./rule.ts";

const parsing: readonly Phase[] = ["srpm", "builddeps", "sources", "generate-buildrequires"];
const errors = ["error: ", "Fehler: ", "erreur: ", "erreur : ", "errore: "];

export const specFile: readonly Rule[] = [
  {
    name: "source-not-there",
    category: "source-missing",
    certainty: "decisive",
    phases: [...parsing, "prep"],
    needles: ["Bad file: ", "Bad source: ", "/SOURCES/", "Falsche Datei: ", "Mauvais fichier", "File errato: ", "Fichero erróneo"],
    pattern: new RegExp(
      `^${error}(?:Bad (?:file|source)|Falsche (?:Datei|Quelle)|Mauvais(?:e)? (?:fichier|source)|File errato) ?: (?<file>[^\\s:]{1,400})|^${error}File (?<there>/\\S{0,300}/SOURCES/[^\\s:]{1,200}): No such file`,
    ),
    advice: ({ file, there }) =>
      `${(file ?? there)?.split("/").at(-1)} is named in the spec file, but is not beside it: add it to the sources, or take its line out.`,
    example: `
setting SOURCE_DATE_EPOCH=1755129600
=> error: Bad file: /builddir/build/SOURCES/fix-notify.patch: No such file or directory

RPM build errors:
    Bad file: /builddir/build/SOURCES/fix-notify.patch: No such file or directory`,
  },
  {
    name: "included-file-not-there",
    category: "source-missing",
    certainty: "sure",
    phases: [...parsing],
    needles: ["Unable to open ", "Unable to stat ", "failed to stat ", "failed to open "],
    pattern: new RegExp(
      `^${error}(?:line \\d{1,6}: )?(?:Unable to (?:open|stat)|[Ff]ailed to (?:stat|open)) (?<file>\\/\\S{1,300}): No such file or directory`,
    ),
    advice: ({ file }) => `${file?.split("/").at(-1)} is not among the sources: add it, or take its line out of the spec file.`,
    example: `
=> error: Unable to open /builddir/build/SOURCES/macros.inc: No such file or directory
error: line 7: %include /builddir/build/SOURCES/macros.inc`,
  },
  {
    name: "no-source-number",
    category: "spec-syntax",
    certainty: "decisive",
    phases: [...parsing, "prep"],
    needles: [
      "No source number",
      "No patch number",
      "%patch without corresponding",
      "%patchN is obsolete",
      "%patch0 is obsolete",
      "is obsolete, use %patch",
    ],
    pattern: new RegExp(
      `^${error}(?:line \\d{1,6}: )?(?<message>(?:No (?:source|patch) number \\d+|%patch without corresponding.{0,100}|%patch\\w* is obsolete.{0,200}))`,
    ),
    advice: ({ message }) => `The spec file names a source or patch that it does not have: ${message}.`,
    example: `
=> error: No patch number 3`,
  },
  {
    name: "architecture-excluded",
    category: "arch-excluded",
    certainty: "decisive",
    phases: [...parsing],
    needles: [
      "Architecture is not included",
      "Architecture is excluded",
      "OS is not included",
      "OS is excluded",
      "No compatible architectures found",
      "Architektur ist",
    ],
    pattern: new RegExp(
      `^(?:${error})?(?:Architecture is (?:not included|excluded)|OS is (?:not included|excluded)|No compatible architectures found|Die Architektur ist nicht).*?(?<architecture>\\w{2,30})?$`,
    ),
    advice: ({ architecture }) =>
      `The spec file excludes ${architecture ?? "this architecture"} (ExclusiveArch, ExcludeArch): build it in other chroots only.`,
    example: `
=> error: Architecture is not included: x86_64
Building target platforms: x86_64`,
  },
  {
    name: "undefined-macro-in-tag",
    category: "spec-macro",
    certainty: "sure",
    phases: [...parsing],
    needles: ["Illegal char '", "Invalid version", "Unknown tag", "Ungültiges Zeichen", "Tag takes single token", "Dependency tokens must"],
    // A section that stands among the tags, as %trigger of a misspelt name does, is no macro.
    pattern: new RegExp(
      `^${error}(?:line (?<line>\\d{1,6}): )?(?:(?:Illegal char|Invalid character|Unknown tag).*?|(?:Tag takes single token only|Dependency tokens must begin).{0,80}: \\w{3,40}(?:\\(\\w{1,20}\\))?:\\s{0,60}.{0,200}?)%\\{?(?<macro>\\w{3,80})`,
    ),
    advice: ({ macro }) => `The macro ${macro} is not defined here: add the package that has it to BuildRequires, or define it.`,
    example: `
=> error: line 9: Unknown tag: %forgemeta`,
  },
  {
    name: "spec-line",
    category: "spec-syntax",
    certainty: "sure",
    phases: [...parsing],
    needles: [...errors],
    pattern: new RegExp(`^${error}(?:\\S{0,300}\\.spec:|(?:line|Zeile|ligne|línea|riga) )(?<line>\\d{1,6}) ?: (?<message>.{1,300})`),
    unless: /Bad (?:file|source)|: %include \//,
    advice: ({ line, message }) => `rpm does not understand line ${line} of the spec file: ${message}.`,
    example: `
=> error: line 15: Unclosed %if`,
  },
  {
    name: "spec-expression",
    category: "spec-syntax",
    certainty: "decisive",
    phases: [...parsing],
    needles: [
      "syntax error in expression",
      "syntax error while parsing",
      "expression: ",
      "bad %if condition",
      "types must match",
      "unmatched (",
    ],
    pattern: new RegExp(
      `^${error}(?:\\S{0,300}\\.spec:\\d+: )?(?<message>(?:syntax error (?:in|while)|bad %if condition|types must match|unmatched \\(|expression: ).{0,200})`,
    ),
    advice: ({ message }) => `rpm does not understand a condition of the spec file: ${message}.`,
    example: `
=> error: syntax error in expression:   >= 40 &&
error:                                   ^
error: /builddir/build/SPECS/x.spec:11: bad %if condition:   >= 40 &&`,
  },
  {
    name: "macro-error",
    category: "spec-syntax",
    certainty: "sure",
    phases: [...parsing],
    needles: [
      "Too many levels of recursion in macro",
      "Macro %",
      "Unknown option",
      "failed to load macro file",
      "Unterminated {",
      "Unterminated (",
      " macro requires ",
    ],
    pattern: new RegExp(
      `^${error}(?<message>(?:Too many levels of recursion in macro|Macro %\\S{1,80}|Unknown option . in|Failed to load macro file|The %\\S{1,80} macro requires|.{0,120}Unterminated [{(]).{0,200})`,
    ),
    advice: ({ message }) => `A macro of the spec file is wrong: ${message}.`,
    example: `
=> error: Too many levels of recursion in macro expansion. It is likely caused by recursive macro declaration.`,
  },
  {
    name: "lua-error",
    category: "spec-syntax",
    certainty: "sure",
    phases: [...parsing],
    needles: ["lua script failed", "lua: ", "invalid syntax in lua"],
    pattern: new RegExp(`^${error}(?<message>(?:lua script failed|invalid syntax in lua).{0,300})`),
    advice: ({ message }) => `A Lua macro of the spec file fails: ${message}.`,
    example: `
=> error: lua script failed: [string "<lua>"]:3: attempt to index a nil value (global 'forge')`,
  },
  {
    name: "spec-structure",
    category: "spec-syntax",
    certainty: "sure",
    phases: [...parsing],
    needles: [
      "field must be present in package",
      "Duplicate ",
      "Package has no %description",
      "%changelog",
      "Invalid tag",
      "Unable to parse",
      "query of specfile",
      "not a number",
      "No %changelog",
      "Package already exists",
      "Can't have ",
      "Dependency tokens must begin",
      "Version required",
      "Empty tag",
      "Invalid dependency",
      "Illegal sequence",
      "Unable to open spec file",
      "second %",
      "illegal tag",
      "parseExpressionBoolean",
      "must contain",
    ],
    pattern: new RegExp(
      `^${error}(?<message>(?:\\w{1,40} field must be present in package|Duplicate .{1,60} entries in package|Package has no %description|%changelog entries must|%changelog not in|bad date in %changelog|Invalid tag|Package already exists|Can't have |Dependency tokens must begin|Version required|Empty tag|Invalid dependency|Illegal sequence|Unable to open spec file|parseExpressionBoolean|incomplete %changelog|missing .* in %changelog|no description in %changelog|Unterminated ).{0,300})`,
    ),
    unless: /bad date in %changelog/,
    advice: ({ message }) => `The spec file is wrong: ${message}.`,
    example: `
=> error: Release field must be present in package: (main package)`,
  },
  {
    name: "bad-changelog-date",
    category: "spec-syntax",
    certainty: "likely",
    phases: [...parsing],
    needles: "bad date in %changelog",
    pattern: new RegExp(`^${error}bad date in %changelog: (?<date>.{1,200})`),
    advice: ({ date }) => `Write the date of the changelog entry as "* Mon Jan 05 2026 Name <address> - version": ${date}.`,
    example: `
=> error: bad date in %changelog: 2026-01-05 Jane Packager <jane@example.com> - 1.0-1`,
  },
  {
    name: "dependency-token",
    category: "spec-syntax",
    certainty: "sure",
    phases: ["files", "packaging"],
    proves: "packaging",
    needles: ["Dependency tokens must begin", "Versioned file name not permitted", "Version required", "Invalid version (", "Illegal char"],
    pattern: new RegExp(
      `^${error}(?<message>(?:Dependency tokens must begin|Versioned file name not permitted|Version required|Invalid version|Illegal char|Invalid dependency).{0,300})`,
    ),
    advice: ({ message }) => `A dependency that rpm or one of its generators made is wrong: ${message}.`,
    example: `
Processing files: kern-core-7.0-1.x86_64
=> error: Dependency tokens must begin with alpha-numeric, '_' or '/': #x = 0x0d

RPM build errors:
    Dependency tokens must begin with alpha-numeric, '_' or '/': #x = 0x0d`,
  },
  {
    name: "spec-unreadable",
    category: "spec-syntax",
    certainty: "likely",
    phases: [...parsing],
    needles: ["query of specfile", "can't parse specfile", "not a valid spec", "Failed to read spec", "Unable to parse"],
    pattern: /(?:query of specfile .{1,200} failed|can't parse specfile|Unable to parse|not a valid spec)/,
    advice: "rpm can't read the spec file: `rpmspec -P` tells which line it does not understand.",
    example: `
=> error: query of specfile /workdir/x.spec failed, can't parse`,
  },
  {
    name: "rpm-error",
    category: "spec-syntax",
    certainty: "likely",
    phases: ["srpm"],
    needles: [...errors],
    pattern: new RegExp(`^${error}(?<message>.{1,300})`),
    unless: /Bad exit status|Bad (?:file|source)|bad date in %changelog|^error: {5,}|Failed build dependencies/,
    advice: ({ message }) => `rpm does not take the spec file: ${message}.`,
    example: `
=> error: Macro nesting is too deep here`,
  },
];
