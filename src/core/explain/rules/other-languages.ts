import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const otherLanguages: readonly Rule[] = [
  {
    name: "perl-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["in @INC", "prerequisite", "Base class package"],
    pattern:
      /Can't locate (?<file>[\w/]{1,200}\.p[ml]) in @INC(?: \(you may need to install the (?<module>[\w:]{1,200}) module\))?|^Warning: prerequisite (?<prerequisite>[\w:]{1,200}) .{0,60}not found|Base class package "(?<base>[\w:]{1,200})" is empty/,
    unless: /^Warning: prerequisite/,
    which: "first",
    advice: ({ module, file, base }) =>
      `Add perl(${module ?? base ?? file?.replace(/\.p[ml]$/, "").replaceAll("/", "::")}) to BuildRequires.`,
    example: `
+ /usr/bin/perl Makefile.PL INSTALLDIRS=vendor
=> Can't locate Module/Install.pm in @INC (you may need to install the Module::Install module) (@INC entries checked: inc /usr/local/lib64/perl5) at Makefile.PL line 4.
BEGIN failed--compilation aborted at Makefile.PL line 4.`,
  },
  {
    name: "perl-version",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["required--this is only", "is not installed", "object version "],
    pattern:
      /^(?<module>[\w:]{1,200})(?: version)? v?[\d._]{1,20} required--this is only|^ {1,8}[!*] {1,4}(?<absent>[A-Z][\w:]{1,200}) is not installed|^(?<object>[\w:]{1,200}) object version \S{1,20} does not match/,
    advice: ({ module, absent, object }) => `Perl has no ${module ?? absent ?? object} of the version that is asked for: add perl(${module ?? absent ?? object}) to BuildRequires.`,
    example: `
=> Test::More version 1.302200 required--this is only version 1.302198 at Makefile.PL line 3.
BEGIN failed--compilation aborted at Makefile.PL line 3.`,
  },
  {
    name: "perl-compile",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "syntax error at ",
      "Execution of ",
      "BEGIN failed--compilation aborted",
      "Can't locate object method",
      "Undefined subroutine",
    ],
    pattern:
      /^syntax error at (?<file>\S{1,200}) line (?<line>\d{1,7})|^Can't locate object method .{1,200}|^Undefined subroutine .{1,200}/,
    advice: "A Perl program of the build does not fit this Perl or its modules: see the line.",
    example: `
=> syntax error at script/gen.pl line 40, near "){"
Execution of script/gen.pl aborted due to compilation errors.`,
  },
  {
    name: "perl-died",
    category: "script-failed",
    certainty: "vague",
    phases: scripts,
    needles: [" line "],
    pattern: /^(?<message>\S.{2,300}) at (?<file>\S{1,200}\.p[lm]|\S{1,200}\.PL|Makefile\.PL|Build\.PL) line (?<line>\d{1,7})\.$/,
    unless: /^Use of uninitialized|deprecated|^#|\bok\b/,
    which: "last",
    advice: ({ message }) => `A Perl program of the build died: ${message}.`,
    example: `
+ perl Makefile.PL
=> OpenSSL headers are needed at Makefile.PL line 31.`,
  },
  {
    name: "ruby-gem",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "cannot load such file",
      "Could not find gem",
      "Gem::MissingSpecError",
      "Gem::LoadError",
      "Could not find '",
      "Could not find ",
    ],
    pattern:
      /cannot load such file -- (?<file>[^\s(]{1,200})|Could not find gem '(?<gem>[^']{1,200})'|^Could not find (?<bundler>[\w-]{1,60}) \(|Could not find '(?<spec>[\w-]{1,100})' \(|Could not find (?<bundled>[\w.-]{1,100}) in (?:any of the sources|locally installed gems|cached gems)/,
    advice: ({ file, gem, spec, bundled, bundler }) =>
      `Add rubygem(${(gem ?? spec ?? bundled ?? bundler ?? file)?.split(/[ /]/)[0]}) to BuildRequires.`,
    example: `
+ ruby -Ilib test/test_x.rb
=> <internal:/usr/share/rubygems/rubygems/core_ext/kernel_require.rb>:136:in 'Kernel#require': cannot load such file -- minitest/mock (LoadError)`,
  },
  {
    name: "ruby-headers",
    category: "missing-header",
    certainty: "sure",
    phases: scripts,
    needles: "mkmf.rb can't find header files",
    pattern: /^mkmf\.rb can't find header files for ruby at (?<header>\S{1,300})/,
    advice: "Add ruby-devel to BuildRequires.",
    example: `
Building native extensions. This could take a while...
=> mkmf.rb can't find header files for ruby at /usr/share/include/ruby.h
You might have to install separate package for the ruby development environment, ruby-dev or ruby-devel for example.
ERROR:  Error installing frob-2.0.5.gem:
	ERROR: Failed to build gem native extension.

extconf failed, exit code 1`,
  },
  {
    name: "ruby-exception",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["Error)", "ERROR:  "],
    pattern: /^\S{1,200}\.rb:\d{1,7}:in .{1,300} \((?<exception>[\w:]{1,60}Error)\)$|^ERROR: {2}(?<message>.{1,300})/,
    unless: /cannot load such file|ERROR: {2}(?:Error installing|Failed to build gem)/,
    which: "last",
    advice: "A Ruby program of the build failed: its line says where and why.",
    example: `
=> /usr/share/gems/gems/rake-13.2.1/lib/rake/task.rb:188:in 'find': undefined method 'exists?' for class File (NoMethodError)`,
  },
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
    name: "composer-requirement",
    category: "missing-lang-module",
    certainty: "decisive",
    phases: scripts,
    needles: ["Root composer.json requires ", "requires php-ext", "requires ext-"],
    pattern: /^\s{0,6}(?:- )?(?:Problem \d{1,3}:? ?(?:- )?)?(?:Root composer\.json|\S{1,100}) requires (?:PHP extension )?(?<package>[\w./-]{1,100}).{0,200}(?:could not be found|is missing from your system|found \S{1,100} but)/,
    advice: ({ package: name }) => `Composer has no ${name}: add php-composer(${name}) to BuildRequires, or take it out of composer.json.`,
    example: `
Your requirements could not be resolved to an installable set of packages.

  Problem 1
=>     - Root composer.json requires frob/bar ^1.0, it could not be found in any version, there may be a typo in the package name.`,
  },
  {
    name: "php-error",
    category: "script-failed",
    certainty: "sure",
    phases: scripts,
    needles: ["PHP Fatal error: ", "PHP Parse error: ", "Your requirements could not be resolved"],
    pattern: /^PHP (?:Fatal|Parse) error: {1,2}(?<message>.{1,300})|^\s*Your requirements could not be resolved/,
    advice: ({ message }) => `PHP stops${message === undefined ? "" : `: ${message}`}.`,
    example: `
+ phpab --output src/autoload.php src
=> PHP Fatal error:  Uncaught Error: Class "TheSeer\\Autoload\\Factory" not found in /usr/bin/phpab:36`,
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
