import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** Erlang and Elixir, with rebar and mix. */
export const erlangAndElixir: readonly Rule[] = [
  {
    name: "mix-download",
    category: "network-in-build",
    certainty: "decisive",
    phases: scripts,
    needles: ["httpc request failed", "Could not install Hex", "Failed to fetch record for"],
    pattern: /^\*\* \(Mix\) httpc request failed|^Could not install Hex because|^Failed to fetch record for/,
    advice: "mix wants to download: add the packages of its dependencies to BuildRequires, or vendor them.",
    example: `
=> ** (Mix) httpc request failed with: {:failed_connect, [{:to_address, {~c"builds.hex.pm", 443}}]}
Could not install Hex because Mix could not download metadata at https://builds.hex.pm/installs/hex.csv.`,
  },
  {
    name: "elixir-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "is not loaded and could not be found",
    pattern: /module (?<module>[\w.]{1,100}) is not loaded and could not be found/,
    advice: ({ module }) => `Elixir does not find ${module}: add the package that has it to BuildRequires.`,
    example: `
== Compilation error in file lib/x/json.ex ==
=> ** (CompileError) lib/x/json.ex:2: module Plug.Crypto is not loaded and could not be found
    (elixir 1.18.4) expanding macro: Kernel.use/1`,
  },
  {
    name: "erlang-error",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["===> ", "Unchecked dependencies for environment", "(Mix) ", "can't find include lib"],
    pattern:
      /^===> (?:Package not found|Unable to (?:run|load)|Plugin .* not available).{0,200}|^Unchecked dependencies for environment|^\*\* \(Mix\) .{1,200}|can't find include lib "(?<library>[^"]{1,100})/,
    unless: /httpc request failed|could not (?:fetch|download)/i,
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
    name: "elixir-compile",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["(CompileError)", "(SyntaxError)", "(TokenMissingError)", "(UndefinedFunctionError)"],
    pattern: /^\*\* \((?:Compile|Syntax|TokenMissing|UndefinedFunction)Error\) (?<message>.{1,300})/,
    unless: /is not loaded and could not be found|errors have been logged/,
    advice: ({ message }) => `Elixir refuses the source: ${message}.`,
    example: `
Compiling 12 files (.ex)
=> ** (CompileError) lib/frob.ex:12: undefined function chunk/2`,
    in: "build",
  },
  {
    name: "elixir-diagnostic",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["error: undefined ", "error: syntax error before", "error: unexpected ", "error: invalid "],
    pattern: /^\s{0,4}error: (?<message>(?:undefined (?:function|variable)|syntax error before|unexpected|invalid) .{1,300})/,
    follow: { pattern: /└─ (?<place>\S{1,200}\.exs?:\d)/u, within: 8, max: 1, isNeeded: true },
    advice: ({ message }) => `Elixir refuses the source: ${message}.`,
    example: `
=>     error: undefined function chunk/2 (expected Frob to define such a function)
    │
 12 │     chunk(list, 2)
    │     ^^^^^
    └─ lib/frob.ex:12:5: Frob.run/1
== Compilation error in file lib/frob.ex ==
** (CompileError) lib/frob.ex: cannot compile module Frob (errors have been logged)`,
    in: "build",
  },
  {
    name: "erlang-boot",
    category: "missing-lang-module",
    certainty: "likely",
    phases: scripts,
    needles: "init terminating in do_boot",
    pattern: /^\{?"init terminating in do_boot",\{undef,\[\{(?<module>\w{1,60}),/,
    advice: ({ module }) => `Erlang does not find the module ${module}: add the package that has it to BuildRequires.`,
    example: `
=> {"init terminating in do_boot",{undef,[{getopt,parse,[],[]}]}}
Crash dump is being written to: erl_crash.dump...done`,
    in: "build",
  },
];
