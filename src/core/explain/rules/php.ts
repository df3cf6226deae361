import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** PHP and Composer. */
export const php: readonly Rule[] = [
  {
    name: "php-class",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["PHP Fatal error: ", "Fatal error: ", "Failed opening required"],
    pattern:
      /^(?:PHP )?Fatal error: {1,2}(?:Uncaught (?:Error: )?)?(?:\(?Class "(?<class>[^"]{1,200})" not found|.{0,200}Failed opening required '(?<file>[^']{1,300})')/,
    advice: ({ class: name, file }) => `PHP does not find ${name ?? file}: add the package that has it to BuildRequires.`,
    example: `
=> PHP Fatal error:  Uncaught Error: Failed opening required '/usr/share/php/Foo/autoload.php' (include_path='.:/usr/share/php') in /x/a.php:3`,
    in: "build",
  },
  {
    name: "php-syntax",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: "Parse error: ",
    pattern: /^(?:PHP )?Parse error: {1,2}(?<message>.{1,300}) in (?<file>\S{1,300}) on line (?<line>\d{1,7})/,
    advice: ({ file, line, message }) => `PHP refuses line ${line} of ${file}: ${message}.`,
    example: `
=> PHP Parse error:  syntax error, unexpected token ";" in /builddir/build/BUILD/x/a.php on line 3`,
    in: "build",
  },
  {
    name: "composer-requirement",
    category: "missing-lang-module",
    certainty: "decisive",
    phases: scripts,
    needles: ["Root composer.json requires ", "requires php-ext", "requires ext-"],
    pattern:
      /^\s{0,6}(?:- )?(?:Problem \d{1,3}:? ?(?:- )?)?(?:Root composer\.json|\S{1,100}) requires (?:PHP extension )?(?<package>[\w./-]{1,100}).{0,200}(?:could not be found|is missing from your system|found \S{1,100} but)/,
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
=> PHP Fatal error:  Uncaught TypeError: count(): Argument #1 must be of type Countable|array, null given in /usr/bin/phpab:36`,
  },
];
