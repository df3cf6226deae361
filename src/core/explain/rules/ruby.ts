import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** Ruby, its gems, and what builds their extensions. */
export const ruby: readonly Rule[] = [
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
      "find compatible versions",
    ],
    pattern:
      /cannot load such file -- (?<file>[^\s(]{1,200})|Could not find gem '(?<gem>[^']{1,200})'|^Could not find (?<bundler>[\w-]{1,60}) \(|Could not find '(?<spec>[\w-]{1,100})' \(|Could not find (?<bundled>[\w.-]{1,100}) in (?:any of the sources|locally installed gems|cached gems)|^Bundler could not find compatible versions for gem "(?<compatible>[^"]{1,100})"|^Could not find compatible versions/,
    advice: ({ file, gem, spec, bundled, bundler, compatible }) =>
      `Add rubygem(${(gem ?? spec ?? bundled ?? bundler ?? compatible ?? file ?? "NAME").split(/[ /]/)[0]}) to BuildRequires.`,
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
    unless: /cannot load such file|^extconf\.rb|SyntaxError|ERROR: {2}(?:Error installing|Failed to build gem)/,
    which: "last",
    advice: "A Ruby program of the build failed: its line says where and why.",
    example: `
=> /usr/share/gems/gems/rake-13.2.1/lib/rake/task.rb:188:in 'find': undefined method 'exists?' for class File (NoMethodError)`,
  },
  {
    name: "ruby-syntax",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["(SyntaxError)", "syntax error, unexpected", "syntax errors found"],
    pattern: /^(?:\S{0,100}ruby: )?(?<file>[^\s:]{1,300}):(?<line>\d{1,7}): (?<message>syntax errors?[ ,].{1,300})/,
    advice: ({ file, line, message }) => `Ruby refuses line ${line} of ${file}: ${message}.`,
    example: `
=> lib/x.rb:12: syntax error, unexpected end-of-input, expecting \`end' (SyntaxError)`,
    in: "build",
  },
  {
    name: "ruby-extconf",
    category: "missing-dep-configure",
    certainty: "likely",
    phases: scripts,
    needles: ["extconf.rb failed", "extconf.rb:", "Could not create Makefile due to some reason"],
    pattern: /^(?:\S{0,200}\/)?extconf\.rb:\d{1,5}:in .{1,100}: (?<message>.{1,200})|^\*\*\* (?:\S{0,200}\/)?extconf\.rb failed \*\*\*/,
    unless: /cannot load such file/,
    advice: ({ message }) =>
      `The gem's extension can't be configured${message === undefined ? "" : ` (${message})`}: mkmf.log says which library or header it misses.`,
    example: `
checking for foo.h... no
=> *** extconf.rb failed ***
Could not create Makefile due to some reason, probably lack of necessary
libraries and/or headers.  Check the mkmf.log file for more details.`,
    in: "build",
  },
  {
    name: "gem-refused",
    category: "configure-error",
    certainty: "likely",
    phases: scripts,
    needles: ["While executing gem ... (", "Invalid gemspec in", "ERROR:  While executing gem"],
    pattern: /^(?:ERROR: {2})?While executing gem \.\.\. \((?<exception>[\w:]{1,60})\)|^Invalid gemspec in \[(?<file>[^\]]{1,200})/,
    follow: { pattern: /^ {4}\S/, within: 1, max: 1 },
    advice: ({ exception, file }) =>
      `RubyGems refuses ${file ?? "the gem"}${exception === undefined ? "" : ` (${exception})`}: the next line says why.`,
    example: `
+ gem build x.gemspec
=> ERROR:  While executing gem ... (Gem::InvalidSpecificationException)
    ["lib/x.rb"] are not files`,
    in: "build",
  },
];
