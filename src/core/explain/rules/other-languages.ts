import type { Rule } from "./rule.ts";
import { scripts, testPhases } from "./phases.ts";
import { look } from "./tests.ts";

export const otherLanguages: readonly Rule[] = [
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
    name: "r-package-does-not-load",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["package or namespace load failed for"],
    pattern: /^Error: package or namespace load failed for [‘'"](?<package>[\w.]{1,100})/,
    advice: ({ package: name }) => `R can't load ${name}: the lines below say why.`,
    example: `
** testing if installed package can be loaded from temporary location
=> Error: package or namespace load failed for ‘frob’:
 .onLoad failed in loadNamespace() for 'frob', details:
Error: loading failed
Execution halted`,
    in: "install",
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
    needles: ["! LaTeX Error: File ", "I can't find file "],
    pattern: /^!? ?(?:LaTeX Error: File|I can't find file) [`'](?<file>[^']{1,200})'/,
    advice: ({ file }) => `Add tex(${file}) to BuildRequires.`,
    example: `
=> ! LaTeX Error: File \`tocloft.sty' not found.

Type X to quit or <RETURN> to proceed,
! Emergency stop.`,
    in: "build",
  },
  {
    name: "entity-missing",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ["failed to load external entity", 'failed to load "'],
    pattern: /failed to load (?:external entity )?"(?!https?:)(?<entity>[^"]{1,300})/,
    advice: ({ entity }) => `${entity} is not there: add the package that has it (e.g. docbook-style-xsl, docbook-dtds) to BuildRequires.`,
    example: `
xsltproc -o x.1 x.xml
=> warning: failed to load external entity "/usr/share/xml/docbook/xsl/manpages/docbook.xsl"
cannot parse /usr/share/xml/docbook/xsl/manpages/docbook.xsl
make: *** [Makefile:20: x.1] Error 4`,
    in: "build",
  },
  {
    name: "docbook-or-tex",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["! LaTeX Error: ", "! Undefined control sequence", "xsltproc", "a2x: ERROR", "asciidoctor: FAILED", "! Emergency stop"],
    pattern: /^! (?:LaTeX Error: (?<message>.{1,200})|Undefined control sequence|Emergency stop)|^a2x: ERROR: .{1,300}/,
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
  {
    name: "r-source",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Error in parse(", "Error: unexpected ", "unexpected symbol"],
    pattern: /^Error in parse\(.{1,40}\) ?: ?(?<place>.{0,300})|^\s{0,4}Error: unexpected (?<token>.{1,100}) in/,
    advice: ({ place, token }) => `R refuses the source: ${place ?? token}.`,
    example: `
** R
=> Error in parse(outFile) : /builddir/build/BUILD/x/R/a.R:12:5: unexpected symbol
ERROR: unable to collate and parse R files for package ‘x’`,
    in: "build",
  },
  {
    name: "r-anticonf",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["Configuration failed because ", "ANTICONF"],
    pattern: /^Configuration failed because (?<library>\S{1,60}) was not found/,
    advice: ({ library }) => `Add the -devel package of ${library} to BuildRequires.`,
    example: `
------------------------- ANTICONF ERROR ---------------------------
=> Configuration failed because libcurl was not found. Try installing:
 * rpm: libcurl-devel (Fedora, CentOS, RHEL)
ERROR: configuration failed for package ‘curl’`,
    in: "build",
  },
  {
    name: "r-check-error",
    category: "test-failure",
    certainty: "likely",
    phases: testPhases,
    needles: ["Running the tests in ", "Running examples in "],
    pattern: /^Running (?:the tests|examples) in [‘'](?<test>[^’']{1,200})[’'] failed/u,
    follow: { pattern: /^\s{0,4}Error in /, within: 30, max: 1, leads: "before" },
    advice: ({ test }) => look(test),
    example: `
* checking examples ... ERROR
Running examples in ‘x-Ex.R’ failed
The error most likely occurred in:
=> Error in foo(1) : could not find function "bar"
Execution halted`,
  },
  {
    name: "julia-not-installed",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "is required but does not seem to be installed",
    pattern: /Package (?<package>\w{1,100}) \[\S{1,60}\] is required but does not seem to be installed/,
    advice: ({ package: name }) => `Add the package with Julia's ${name} to BuildRequires.`,
    example: `
=> ERROR: LoadError: ArgumentError: Package JSON [682c06a0] is required but does not seem to be installed:
 - Run \`Pkg.instantiate()\` to install all recorded dependencies.`,
  },
  {
    name: "luarocks-dependency",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["Error: Could not satisfy dependency ", "Missing dependencies for ", "Error: No results matching query"],
    pattern: /^Error: Could not satisfy dependency (?<rock>.{1,100}?):|^(?:Error: )?Missing dependencies for (?<of>.{1,100}):/,
    follow: { pattern: /^ {3}\S/, within: 1, max: 1 },
    advice: ({ rock, of }) => `LuaRocks misses ${rock ?? `what ${of} depends on`}: add its package to BuildRequires.`,
    example: `
+ luarocks make --deps-mode=one
=> Error: Could not satisfy dependency luafilesystem >= 1.8: not found`,
  },
  {
    name: "lua-source",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: ["luac: ", "lua: ", "luajit: "],
    pattern:
      /^(?:luac|lua|luajit)[\d.]{0,4}: (?<file>[^\s:]{1,200}):(?<line>\d{1,7}): (?<message>.{0,200}(?:expected|unexpected symbol|near ).{0,200})/,
    advice: ({ file, line, message }) => `Lua refuses line ${line} of ${file}: ${message}.`,
    example: `
=> luac: x.lua:12: '=' expected near 'foo'
make: *** [Makefile:4: x.luac] Error 1`,
    in: "build",
  },
];
