import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const otherLanguages: readonly Rule[] = [
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
    name: "ocaml-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Error: "],
    pattern:
      /^Error: (?<message>(?:This (?:expression|function|pattern|variant|constant|field)|Unbound|Syntax error|Some type|The (?:implementation|value|constructor|type|module)|Multiple rules|No rule|Signature mismatch|Unused|Type ).{0,300}|Some fatal warnings.{0,100})/,
    unless: /Unbound module/,
    advice: ({ message }) => `The OCaml compiler refuses the source: ${message}.`,
    example: `
File "lib/x.ml", line 12, characters 4-9:
=> Error: This expression has type int but an expression was expected of type string`,
  },
  {
    name: "r-package",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "there is no package called",
      "dependency ",
      "dependencies ",
      "Package required but not available",
      "Packages required but not available",
    ],
    pattern:
      /there is no package called [‘'"](?<package>[\w.]{1,100})|^ERROR: dependenc(?:y|ies) [‘'"](?<dependency>[\w.]{1,100}).{0,300}not available|^\s*Packages? required but not available: ?(?<required>.{0,200})/,
    advice: ({ package: name, dependency, required }) => `Add R(${name ?? dependency ?? required}) to BuildRequires.`,
    example: `
* installing *source* package ‘frob’ ...
=> ERROR: dependency ‘cpp11’ is not available for package ‘frob’`,
  },
  {
    name: "erlang-error",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["===> ", "Unchecked dependencies for environment", "(Mix) ", "can't find include lib"],
    pattern:
      /^===> (?:Package not found|Unable to (?:run|load)|Plugin .* not available).{0,200}|^Unchecked dependencies for environment|^\*\* \(Mix\) .{1,200}|can't find include lib "(?<library>[^"]{1,100})/,
    advice: "A library or plugin of Erlang or Elixir is not there: add its package to BuildRequires.",
    example: `
===> Verifying dependencies...
=> ===> Package not found in any repo: cowboy 2.12.0`,
  },
  {
    name: "erlang-compile",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".erl:", ".hrl:", ".ex:"],
    pattern: /^(?<file>[^\s:]{1,300}\.(?:erl|hrl|exs?)):(?<line>\d{1,7}):(?:\d{1,5}:)? (?<message>.{1,300})/,
    unless: /[Ww]arning/,
    advice: ({ file, line, message }) => `The compiler refuses line ${line} of ${file}: ${message}.`,
    example: `
===> Compiling frob
=> src/frob.erl:10:5: undefined macro 'TIMEOUT'
===> Compiling src/frob.erl failed`,
    in: "build",
  },
  {
    name: "lua-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["module '"],
    pattern: /module '(?<module>[\w.-]{1,100})' not found:/,
    advice: ({ module }) => `Add the package with the Lua module ${module} to BuildRequires.`,
    example: `
=> lua: gen.lua:1: module 'lpeg' not found:
	no field package.preload['lpeg']`,
  },
  {
    name: "latex-file",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["! LaTeX Error: File ", "! I can't find file "],
    pattern: /^! (?:LaTeX Error: File|I can't find file) [`'](?<file>[^']{1,200})'/,
    advice: ({ file }) => `Add tex(${file}) to BuildRequires.`,
    example: `
=> ! LaTeX Error: File \`tocloft.sty' not found.

Type X to quit or <RETURN> to proceed,
! Emergency stop.`,
    in: "build",
  },
  {
    name: "docbook-or-tex",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: [
      "! LaTeX Error: ",
      "! Undefined control sequence",
      "xsltproc",
      "a2x: ERROR",
      "asciidoctor: FAILED",
      "failed to load external entity",
      "! Emergency stop",
    ],
    pattern:
      /^! (?:LaTeX Error: (?<message>.{1,200})|Undefined control sequence|Emergency stop)|^a2x: ERROR: .{1,300}|failed to load external entity "(?!https?:)(?<entity>[^"]{1,300})/,
    advice: "The documentation can't be built: add the style files or packages it names to BuildRequires.",
    example: `
=> ! Undefined control sequence.
l.12 \\frobnicate`,
    in: "build",
  },
  {
    name: "vala-or-blueprint",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["not found in specified Vala API directories", "Package `"],
    pattern: /^error: Package `(?<package>[^']{1,100})' not found in specified Vala API directories/,
    advice: ({ package: name }) => `Add the package with ${name}.vapi to BuildRequires.`,
    example: `
=> error: Package \`libadwaita-1' not found in specified Vala API directories or GObject-Introspection GIR directories`,
  },
];
