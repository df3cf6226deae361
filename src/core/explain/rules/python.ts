import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const python: readonly Rule[] = [
  {
    name: "python-module-anywhere",
    category: "missing-lang-module",
    certainty: "likely",
    phases: scripts,
    needles: "No module named '",
    pattern: /^.{0,300}\bNo module named '(?<module>[\w.]{1,200})'/,
    unless: /warning|^(?:ok|PASS|#)\b/i,
    which: "last",
    advice: ({ module }) => `Add python3dist(${module?.split(".")[0]}), or the package that has the module, to BuildRequires.`,
    example: `
+ ./mkdocs-all
=> Theme could not be loaded, No module named 'frobtheme'`,
  },
  {
    name: "python-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["ModuleNotFoundError: No module named", "ImportError: No module named", "No module named "],
    pattern:
      /^(?:E?\s{1,12})?(?:(?:ModuleNotFoundError|ImportError): No module named ['"]?(?<module>[\w.]{1,200})|\S{0,60}\/python[\d.]*: No module named (?<main>[\w.]{1,200})|.{0,60}error: .{0,60}No module named '(?<other>[\w.]{1,200})'|.{0,300}\(exception: No module named ['"](?<imported>[\w.]{1,200}))/,
    which: "last",
    advice: ({ module, main, other, imported }) =>
      `Add python3dist(${(module ?? main ?? other ?? imported)?.split(".")[0]}), or the package that has the module, to BuildRequires.`,
    example: `
+ /usr/bin/python3 setup.py build
Traceback (most recent call last):
  File "/builddir/build/BUILD/x-1.0/setup.py", line 1, in <module>
    from hatchling import build
=> ModuleNotFoundError: No module named 'hatchling'`,
  },
  {
    name: "python-backend",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "BackendUnavailable: ",
      "ERROR: Backend ",
      "Cannot import '",
      "Backend '",
      "requires a different Python",
      "Missing dependencies:",
    ],
    pattern:
      /(?:pyproject_hooks|pep517)\S{0,60}BackendUnavailable: .{0,200}|^BackendUnavailable: .{1,200}|^ERROR Backend '(?<backend>[\w.]{1,100})' is not available|^ERROR: Backend .{1,200}|^ERROR Missing dependencies:/,
    follow: { pattern: /^\s+\S/, within: 3, max: 2 },
    advice:
      "The package that builds this Python project is not there: add what pyproject.toml names as build-system.requires to BuildRequires.",
    example: `
+ /usr/bin/python3 -m build --wheel --no-isolation
* Getting build dependencies for wheel...
=> ERROR Backend 'poetry.core.masonry.api' is not available.`,
  },
  {
    name: "python-requirement",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "ERROR: Could not find a version that satisfies",
      "ERROR: No matching distribution found",
      "DistributionNotFound",
      "PackageNotFoundError",
      "VersionConflict",
      "Could not find suitable distribution",
    ],
    pattern:
      /^(?:E?\s{1,12})?(?:ERROR: (?:Could not find a version that satisfies the requirement|No matching distribution found for) (?<requirement>\S{1,200})|(?:\S{1,100}\.)?(?:DistributionNotFound|VersionConflict|PackageNotFoundError): .{0,60}?(?<other>[\w.-]{1,100}).{0,200}|.{0,60}Could not find suitable distribution for Requirement\.parse\('(?<parsed>[^']{1,100}))/,
    which: "first",
    advice: ({ requirement, other, parsed }) =>
      `Add python3dist(${(requirement ?? parsed ?? other)?.split(/[<>=!~;[]/)[0]}) to BuildRequires, and see that its version fits.`,
    example: `
Processing /builddir/build/BUILD/x-1.0
=> ERROR: Could not find a version that satisfies the requirement setuptools-scm>=8 (from versions: none)
ERROR: No matching distribution found for setuptools-scm>=8`,
  },
  {
    name: "generator-of-cargo",
    category: "buildrequires-generator",
    certainty: "decisive",
    phases: ["generate-buildrequires"],
    needles: ["Failed to parse Cargo metadata: "],
    pattern: /^Failed to parse Cargo metadata: (?<message>.{1,300})/,
    advice: ({ message }) => `cargo2rpm can't read the crate: ${message}.`,
    example: `
+ /usr/bin/cargo2rpm --path Cargo.toml buildrequires --with-check
=> Failed to parse Cargo metadata: error: feature \`edition2099\` is required`,
  },
  {
    name: "buildrequires-generator",
    category: "buildrequires-generator",
    certainty: "sure",
    phases: ["generate-buildrequires"],
    needles: ["Error: ", "Exception: ", "error: ", ".Invalid"],
    pattern: /^(?:[\w.]{1,80}(?:Error|Exception)|(?:\w{1,40}\.){1,6}[A-Z]\w{1,40}|error): (?<message>.{1,300})/,
    unless: /ModuleNotFoundError|^error: (?:Bad exit|Failed build dep|command failed$)|subprocess\.CalledProcessError/,
    which: "last",
    advice: ({ message }) => `The build requirements could not be generated: ${message}.`,
    example: `
+ /usr/bin/python3 -Bs /usr/lib/rpm/redhat/pyproject_buildrequires.py
Traceback (most recent call last):
  File "gen.py", line 3, in <module>
    raise ValueError("Unparsable requirement: foo >= ")
=> ValueError: Unparsable requirement: foo >=`,
  },
  {
    name: "python-import",
    category: "script-failed",
    certainty: "sure",
    phases: ["build", "prep", "install", "generate-buildrequires"],
    needles: ["ImportError: "],
    pattern: /^(?:E?\s{1,8})?ImportError: (?!No module named)(?<message>.{1,300})/,
    which: "last",
    advice: ({ message }) => `A Python module does not have what is imported from it, often because of its version: ${message}.`,
    example: `
    from collections import Mapping
=> ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib64/python3.14/collections/__init__.py)`,
  },
  {
    name: "python-file-missing",
    category: "missing-file",
    certainty: "likely",
    phases: ["build", "prep"],
    needles: "FileNotFoundError: ",
    pattern: /^ {0,8}FileNotFoundError: \[Errno 2\] No such file or directory: '(?<file>[^']{1,300})'/,
    which: "last",
    advice: ({ file }) => `${file} is not there: the source may lack it, or BuildRequires the package that has it.`,
    example: `
    long_description=open("README.rst").read(),
=> FileNotFoundError: [Errno 2] No such file or directory: 'README.rst'`,
    in: "build",
  },
  {
    name: "python-installed-file-missing",
    category: "install-missing-file",
    certainty: "likely",
    phases: ["install"],
    needles: ["FileNotFoundError: ", "Could not find any .whl"],
    pattern: /^FileNotFoundError: \[Errno 2\] No such file or directory: '(?<file>[^']{1,300})'|^ERROR: Could not find any \.whl/,
    which: "last",
    advice: ({ file }) => `The build made no ${file ?? "wheel"}: fix its name in %install, or build it.`,
    example: `
+ /usr/bin/python3 install.py
=> FileNotFoundError: [Errno 2] No such file or directory: 'dist/frob.conf'`,
  },
  {
    name: "python-exception",
    category: "script-failed",
    certainty: "likely",
    phases: ["prep", "build", "install", "check"],
    needles: ["Error: ", "Exception: ", "SystemExit: ", "error: "],
    pattern:
      /^ {0,8}(?<exception>(?:[a-zA-Z_]\w{0,60}\.){0,6}(?:Assertion|Attribute|EOF|FileNotFound|FileExists|Index|IO|Key|Lookup|Memory|Name|NotADirectory|NotImplemented|OS|Overflow|Process|Recursion|Runtime|Syntax|Indentation|Tab|System|Type|Unicode(?:Decode|Encode)?|Value|ZeroDivision|CalledProcess|Config\w{0,20}|Invalid\w{0,20}|Build\w{0,20}|Install\w{0,20}|Compile|Link|Distutils\w{0,20}|Setup|Parse|Validation|Extension\w{0,20}|Sphinx)(?:Error|Exception)|(?:[a-zA-Z_]\w{0,60}\.){1,6}\w{1,60}(?:Error|Exception)): (?<message>.{1,300})/,
    unless: /CalledProcessError|CompileError|^java|^org\.|^com\./,
    which: "last",
    advice: ({ exception, message }) => `A Python program of the build failed with ${exception}: ${message}.`,
    example: `
Traceback (most recent call last):
  File "setup.py", line 12, in get_version
    return re.search("v([0-9]+)", open("NEWS").read()).group(1)
=> AttributeError: 'NoneType' object has no attribute 'group'`,
    in: "build",
  },
  {
    name: "python-traceback",
    category: "script-failed",
    certainty: "likely",
    phases: ["prep", "build", "install", "check"],
    needles: "Traceback (most recent call last)",
    pattern: /^Traceback \(most recent call last\):/,
    follow: { pattern: /^[A-Za-z_][\w.]{2,200}(?:: .*)?$/, within: 60, max: 1, leads: "instead" },
    which: "last",
    advice: "A Python program of the build failed: its last line says why.",
    example: `
Traceback (most recent call last):
  File "/builddir/build/BUILD/x-1.0/unpack.py", line 3, in <module>
    raise BadZipFile("File is not a zip file")
=> zipfile.BadZipFile: File is not a zip file`,
  },
  {
    name: "python-syntax",
    category: "compile-error",
    certainty: "sure",
    phases: ["build", "install", "check", "prep"],
    needles: ["SyntaxError: ", "IndentationError: ", "TabError: "],
    pattern: /^(?:E\s{1,8})?(?<error>SyntaxError|IndentationError|TabError): (?<message>.{1,200})/,
    unless: /invalid escape sequence|JSON/,
    which: "last",
    advice: ({ message }) => `A Python file does not fit this version of Python: ${message}.`,
    example: `
  File "/builddir/build/BUILD/x-1.0/setup.py", line 4
    print "x"
    ^^^^^^^^^
=> SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?`,
  },
  {
    name: "cython",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".pyx:", ".pxd:", ".pxi:"],
    pattern: /^\s{0,6}(?<file>[^\s:]{1,300}\.p(?:yx|xd|xi)):(?<line>\d{1,7}):\d{1,5}: (?<message>\S.{1,300})/,
    unless: /warning/i,
    advice: ({ file, line, message }) => `Cython refuses line ${line} of ${file}: ${message}.`,
    example: `
Error compiling Cython file:
------------------------------------------------------------
        return long(self.d)
               ^
------------------------------------------------------------

=> frob/core.pyx:41:15: undeclared name not builtin: long
Cython.Compiler.Errors.CompileError: frob/core.pyx`,
    in: "build",
  },
  {
    name: "sphinx-handler",
    category: "script-failed",
    certainty: "sure",
    phases: ["build", "install", "check"],
    needles: ["Extension error", "Sphinx error:", "Configuration error:", "Theme error:", "Application error:"],
    pattern: /^(?:Sphinx|Extension|Configuration|Theme) error(?: \([\w.]{1,100}\))?: ?(?<message>\S.{0,300})/,
    advice: ({ message }) => `Sphinx can't build the documentation: ${message}.`,
    example: `
+ sphinx-build-3 docs html
=> Extension error (sphinx.ext.intersphinx): Handler <function load_mappings> for event 'builder-inited' threw an exception
make: *** [Makefile:20: html] Error 2`,
  },
  {
    name: "sphinx",
    category: "script-failed",
    certainty: "likely",
    phases: ["build", "install", "check"],
    needles: ["Extension error", "Sphinx error:", "Configuration error:", "Theme error:", "Application error:"],
    pattern: /^(?:Sphinx|Extension|Configuration|Theme|Application) error(?: \([\w.]{1,100}\))?[:!]$/,
    // The word alone says nothing: its reason is the next line.
    follow: { pattern: /^\S/, within: 2, max: 1, leads: "instead" },
    advice: "Sphinx can't build the documentation: add the extension or theme it names to BuildRequires, or patch its configuration.",
    example: `
+ sphinx-build-3 docs html
Extension error:
=> The 'html_theme_options' of conf.py has no value for its 'name'.
make: *** [Makefile:20: html] Error 2`,
  },
];
