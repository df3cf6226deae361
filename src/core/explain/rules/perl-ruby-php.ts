import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const perlRubyPhp: readonly Rule[] = [
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
    advice: ({ module, absent, object }) =>
      `Perl has no ${module ?? absent ?? object} of the version that is asked for: add perl(${module ?? absent ?? object}) to BuildRequires.`,
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
=> PHP Fatal error:  Uncaught Error: Class "TheSeer\\Autoload\\Factory" not found in /usr/bin/phpab:36`,
  },
];
