import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** Haskell and OCaml, with what builds and proves in them. */
export const functionalLanguages: readonly Rule[] = [
  {
    name: "haskell-package",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Encountered missing or private dependencies",
      "Could not find module",
      "Could not load module",
      "unknown package: ",
      "Could not resolve dependencies",
    ],
    pattern:
      /^(?:.{0,40}: )?(?:Error: )?(?:\[Cabal-\d{1,6}\] ?)?Encountered missing or private dependencies|^\s{0,8}(?:Could not (?:find|load) module|Failed to load interface for) [‘`'](?<module>[^’'`]{1,100})|unknown package: (?<package>\S{1,100})/,
    follow: { pattern: /^\s{0,4}[\w-]+ (?:[<>=^|&]|\(|-any)/, within: 3, max: 2 },
    advice: ({ module, package: name }) =>
      `GHC has no ${module ?? name ?? "package it needs (see the lines)"}: add its ghc-…-devel to BuildRequires.`,
    example: `
Configuring pandoc-3.1...
=> Setup: Encountered missing or private dependencies:
aeson >=2.0.1.0 && <2.3,
texmath ==0.12.8.*`,
  },
  {
    name: "haskell-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["error: [GHC-", ".hs:"],
    pattern: /^(?<file>[^\s:]{1,300}\.l?hs):(?:(?<line>\d{1,7}):\d{1,5}(?:-\d{1,5})?|\(\d{1,7},\d{1,5}\)-\(\d{1,7},\d{1,5}\)): error:/,
    unless: /GHC-87110/,
    follow: { pattern: /^\s{2,8}\S/, within: 1, max: 1 },
    advice: ({ file }) => `GHC refuses ${file}: see the lines below it.`,
    example: `
[4 of 9] Compiling Text.Frob ( src/Text/Frob.hs, dist/build/Text/Frob.o )
=> src/Text/Frob.hs:12:5: error: [GHC-83865]
    • Couldn't match expected type ‘Int’ with actual type ‘Text’`,
    in: "build",
  },
  {
    name: "ocaml-module-gone",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: "Error: Unbound module ",
    pattern: /^Error: Unbound module (?<module>Pervasives|Stream|Genlex|Bigarray|Camlp4|Thread|Condition)\b/,
    advice: ({ module }) => `OCaml has no module ${module} any more: port the source to this version of OCaml.`,
    example: `
File "src/extunix.ml", line 12, characters 9-25:
=> Error: Unbound module Pervasives`,
  },
  {
    name: "ocaml-library",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ['Error: Library "', "Error: Unbound module ", "ocamlfind: Package `", "Unbound module"],
    pattern:
      /^Error: Library "(?<library>[^"]{1,100})" not found|^Error: Unbound module (?<module>\w{1,100})|^ocamlfind: Package `(?<package>[^']{1,100})' not found/,
    advice: ({ library, module, package: name }) =>
      `OCaml has no ${library ?? module ?? name}: add ocaml(${library ?? module ?? name}), or its ocaml-…-devel, to BuildRequires.`,
    example: `
File "src/dune", line 4, characters 12-15:
4 |  (libraries fmt))
                ^^^
=> Error: Library "fmt" not found.`,
  },
  {
    name: "ocaml-assumptions",
    category: "link-error",
    certainty: "sure",
    phases: scripts,
    needles: ["make inconsistent assumptions over"],
    pattern: /^\s{0,12}make inconsistent assumptions over (?:implementation|interface) (?<module>\w{1,100})/,
    advice: ({ module }) =>
      `Two of these files were built with different versions of ${module}: rebuild the packages that have them first.`,
    example: `
File "_none_", line 1:
Error: Files /usr/lib64/ocaml/net/net_thread.cmxa
       and /usr/lib64/ocaml/threads/threads.cmxa
=>        make inconsistent assumptions over implementation Thread`,
    in: "build",
  },
  {
    name: "ocaml-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Error: ", "Error (alert ", "Error (warning "],
    pattern:
      /^Error(?: \((?:alert|warning) [^)]{1,80}\))?: (?<message>(?:(?<=\): ).|This (?:expression|function|pattern|variant|constant|field)|Unbound|Syntax error|Some type|The (?:implementation|value|constructor|type|module)|Multiple rules|No rule|Signature mismatch|Unused|Type ).{0,300}|Some fatal warnings.{0,100})/,
    unless: /Unbound module/,
    advice: ({ message }) => `The OCaml compiler refuses the source: ${message}.`,
    example: `
File "lib/x.ml", line 12, characters 4-9:
=> Error: This expression has type int but an expression was expected of type string`,
  },
  {
    name: "cabal-program-or-library",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "is required but it could not be found",
      "is required but the version found",
      "Missing dependency on a foreign library",
      "Missing dependencies on foreign libraries",
    ],
    pattern:
      /^(?:\S{0,40}: |Error: )?(?:\[Cabal-\d{1,6}\] ?)?(?:The (?:program ['‘](?<program>[^'’]{1,60})['’]|pkg-config package ['‘](?<package>[^'’]{1,60})['’]).{0,60} is required but |Missing dependenc(?:y|ies) on (?:a )?foreign librar(?:y|ies))/,
    follow: { pattern: /^\* Missing /, within: 2, max: 1 },
    advice: ({ program, package: name }) =>
      `Cabal does not find ${program ?? name ?? "a library of C (the next line names it)"}: add it to BuildRequires.`,
    example: `
Configuring x-1.0...
=> Setup: The program 'alex' is required but it could not be found.`,
    in: "build",
  },
  {
    name: "dune-version-or-program",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "of the dune language is not supported",
      "not found in the tree or in PATH",
      "Cannot find a physical path bound to logical path",
    ],
    pattern:
      /^Error: (?:Version (?<version>[\d.]{1,10}) of the dune language is not supported|Cannot find a physical path bound to logical path.{0,40}? (?<library>[\w.]{1,60})\.?$)/,
    advice: ({ version, library }) =>
      library === undefined
        ? `The source wants dune ${version}, which is newer than the one here.`
        : `Add the package that has ${library} to BuildRequires.`,
    example: `
File "dune-project", line 1, characters 11-15:
1 | (lang dune 3.20)
=> Error: Version 3.20 of the dune language is not supported.`,
    in: "build",
  },
  {
    name: "dune-program",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: "not found in the tree or in PATH",
    pattern: /^Error: Program (?<program>\S{1,60}) not found in the tree or in PATH/,
    advice: ({ program }) => `Add the package that has ${program} to BuildRequires.`,
    example: `
File "src/dune", line 3, characters 5-10:
=> Error: Program menhir not found in the tree or in PATH
 (context: default)`,
    in: "build",
  },
  {
    name: "proof-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Error: The reference ",
      "Error: In environment",
      "Error: Unable to unify",
      "Error: Illegal application",
      "Error: Tactic failure",
    ],
    pattern: /^Error: (?<message>(?:The reference|In environment|Unable to unify|Illegal application|Tactic failure).{0,300})/,
    advice: ({ message }) => `The proof assistant refuses the source: ${message}.`,
    example: `
File "./theories/x.v", line 12, characters 0-5:
=> Error: The reference foo was not found in the current environment.
make: *** [Makefile:4: theories/x.vo] Error 1`,
    in: "build",
  },
];
