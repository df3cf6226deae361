import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const javaAndNode: readonly Rule[] = [
  {
    name: "maven-artifact",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Cannot access ",
      "Could not resolve dependencies",
      "could not be resolved",
      "Could not find artifact",
      "or one of its dependencies could not",
      "Non-resolvable parent POM",
      "Non-resolvable import POM",
      "Could not resolve all",
    ],
    pattern:
      /^(?:\[ERROR\] |> |\s{0,8})?(?:.{0,300}?(?:Cannot access \S{1,60} \(\S{1,200}\) in offline mode and the artifact (?<artifact>\S{1,200}) has not been downloaded|Could not find artifact (?<found>\S{1,200})|Non-resolvable (?:parent|import) POM)|.{0,200}Could not resolve (?:dependencies|all (?:files|dependencies|artifacts)) for .{1,300}|.{0,200}Plugin (?<plugin>\S{1,200}) or one of its dependencies could not be resolved)/,
    unless: /^\[WARN/,
    advice: ({ artifact, found, plugin }) =>
      `Maven has no ${artifact ?? found ?? plugin ?? "artifact it needs"} offline: add mvn(${(artifact ?? found ?? plugin ?? "GROUP:ARTIFACT").split(":").slice(0, 2).join(":")}) to BuildRequires, or take it out with %pom_remove_dep.`,
    example: `
[INFO] BUILD FAILURE
=> [ERROR] Plugin org.apache.maven.plugins:maven-shade-plugin:3.5.0 or one of its dependencies could not be resolved: Cannot access central (https://repo.maven.apache.org/maven2) in offline mode
[ERROR] For more information about the errors, run with -X`,
  },
  {
    name: "java-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["does not exist", "ClassNotFoundException", "NoClassDefFoundError", "Could not find or load main class"],
    pattern:
      /^(?:\[ERROR\] |\s{0,6}\[javac\] )?(?<file>\S{1,300}\.java):\[?(?<line>\d{1,7})[,\d\]]{0,8}:? (?:error: )?package (?<package>[\w.]{1,200}) does not exist|^(?:Exception in thread "main" )?java\.lang\.(?:ClassNotFoundException|NoClassDefFoundError): (?<class>[\w./$]{1,200})|^Error: Could not find or load main class (?<main>[\w./$]{1,200})/,
    advice: ({ package: name, class: missing, main }) =>
      `Java does not find ${name ?? missing ?? main}: add the package that has it to BuildRequires.`,
    example: `
[INFO] COMPILATION ERROR :
=> [ERROR] /builddir/build/BUILD/x-1.0/src/main/java/org/x/Main.java:[5,24] package org.apache.commons.io does not exist
[INFO] BUILD FAILURE`,
  },
  {
    name: "java-release",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [
      "is no longer supported. Use ",
      "invalid target release",
      "invalid source release",
      "release version ",
      "class file has wrong version",
      "has been compiled by a more recent version",
    ],
    pattern:
      /(?:Source|Target) option (?<option>[\d.]{1,6}) is no longer supported|error: (?:invalid (?:target|source) release: (?<release>[\d.]{1,6})|release version (?<version>[\d.]{1,6}) not supported)|class file has wrong version|has been compiled by a more recent version of the Java/,
    unless: /^\[WARN|warning: /,
    advice: ({ option, release, version }) =>
      `This JDK does not know ${(option ?? release ?? version) === undefined ? "that version of Java" : `Java ${option ?? release ?? version}`}: set the compiler's release to one it has.`,
    example: `
[INFO] BUILD FAILURE
=> [ERROR] Source option 7 is no longer supported. Use 8 or later.`,
    in: "build",
  },
  {
    name: "gradle-plugin",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["was not found in any of the following sources", "unresolved dependency: ", "UNRESOLVED DEPENDENCIES"],
    pattern: /^Plugin \[id: '(?<plugin>[^']{1,100})'.{0,100}was not found in any|^.{0,60}unresolved dependency: (?<dependency>\S{1,200})/,
    advice: ({ plugin, dependency }) =>
      `${plugin ?? dependency} is not in the offline repository: add its package to BuildRequires, or bundle it.`,
    example: `
* Where:
Build file '/builddir/build/BUILD/x-1.0/build.gradle' line: 3

* What went wrong:
=> Plugin [id: 'com.gradleup.shadow', version: '8.1.1'] was not found in any of the following sources:`,
    in: "build",
  },
  {
    name: "java-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: [".java:", ".kt: (", ".kt:", ".scala:", ".groovy: "],
    pattern:
      /^(?:e: )?(?:\[ERROR\] |\[error\] |\s{0,6}\[javac\] )?(?:file:\/\/)?(?<file>[^\s:]{1,300}\.(?:java|kt|scala|groovy)):(?: ?[[(]?(?<line>\d{1,7})[,:\d\])]{0,12}:?) ?(?:error: )?(?<message>.{1,300})/,
    unless: /warning: |\[WARN|does not exist$|at [\w.$]+\(|\bnote: /,
    advice: ({ file, line, message }) => `The compiler refuses line ${line} of ${file}: ${message}.`,
    example: `
[INFO] COMPILATION ERROR :
=> [ERROR] /builddir/build/BUILD/x-1.0/src/main/java/org/x/Main.java:[12,15] cannot find symbol
[ERROR]   symbol:   method getFoo()
[INFO] BUILD FAILURE`,
    in: "build",
  },
  {
    name: "maven-goal",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["[ERROR] Failed to execute goal"],
    pattern: /^\[ERROR\] Failed to execute goal (?<goal>\S{1,200}).{0,300}/,
    unless: /Could not resolve|could not be resolved|There are test failures|Compilation failure/,
    advice: ({ goal }) => `Maven's ${goal} failed: the end of its line says why.`,
    example: `
[INFO] BUILD FAILURE
=> [ERROR] Failed to execute goal org.apache.maven.plugins:maven-enforcer-plugin:3.4.1:enforce (default) on project x: Some Enforcer rules have failed.`,
    in: "build",
  },
  {
    name: "ant-or-gradle",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["BUILD FAILED", "* What went wrong:", "BUILD FAILURE"],
    pattern: /^(?:\* What went wrong:|BUILD FAILED$)/,
    follow: { pattern: /^(?:Execution failed|A problem|> |Could not|\S+\.xml:\d+: ).{1,300}/, within: 3, max: 2, isNeeded: true },
    advice: "The build stopped: the lines below say why.",
    example: `
FAILURE: Build failed with an exception.

=> * What went wrong:
Execution failed for task ':compileJava'.
> Unsupported class file major version 69`,
    in: "build",
  },
  {
    name: "node-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Cannot find module '",
      "Cannot find package '",
      "ERR_MODULE_NOT_FOUND",
      "Can't resolve '",
      'Could not resolve "',
      "Could not resolve entry module",
      "failed to resolve import",
      "error TS2307",
    ],
    pattern:
      /^(?:\s{0,8})(?:(?:Uncaught )?Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find (?:module|package) '(?<module>[^']{1,300})'|(?:Module not found: )?Error: Can't resolve '(?<resolved>[^']{1,200})'|.{0,20}\[?(?:ERROR|error)\]?.{0,60}Could not resolve "(?<esbuild>[^"]{1,200})"|.{0,40}Rollup failed to resolve import "(?<rollup>[^"]{1,200})"|.{0,100}error TS2307: Cannot find module '(?<typed>[^']{1,200})')/,
    advice: ({ module, resolved, esbuild, rollup, typed }) =>
      `node has no module ${module ?? resolved ?? esbuild ?? rollup ?? typed}: bundle node_modules as a Source, or add the package that has it to BuildRequires.`,
    example: `
+ node build.js
node:internal/modules/cjs/loader:1228
  throw err;
  ^

=> Error: Cannot find module 'rollup'
Require stack:
- /builddir/build/BUILD/x-1.0/build.js`,
  },
  {
    name: "npm-offline",
    category: "network-in-build",
    certainty: "sure",
    phases: scripts,
    which: "last",
    needles: [
      "npm ERR! ",
      "npm error ",
      "error An unexpected error occurred",
      "ENOTCACHED",
      "ERR_PNPM",
      "YN0001",
      "Couldn't find any versions",
    ],
    pattern:
      /^npm (?:ERR!|error) (?:code (?:ENOTCACHED|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH)|.{0,60}request to (?<url>\S{1,300}) failed)|^error An unexpected error occurred: "(?<yarn>https?:[^"]{1,300})|ERR_PNPM_\w{0,30}(?:FETCH|OFFLINE)\w{0,30}/,
    advice: "npm wants to download: make node_modules, or an offline cache, a Source.",
    example: `
+ npm ci
npm error code EAI_AGAIN
npm error errno EAI_AGAIN
=> npm error request to https://registry.npmjs.org/left-pad failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org`,
  },
  {
    name: "npm-error",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["npm ERR! ", "npm error "],
    pattern:
      /^npm (?:ERR!|error) (?!code ELIFECYCLE|code 1$|A complete log|path|command|errno|node|Test failed|Exit status|Failed at|This is probably|\S{1,100}@\S{1,60} \S{1,60}: `)(?<message>\S.{1,300})/,
    which: "first",
    advice: ({ message }) => `npm failed: ${message}.`,
    example: `
+ npm run build
=> npm error Missing script: "build"
npm error
npm error A complete log of this run can be found in: /builddir/.npm/_logs/x-debug-0.log`,
  },
  {
    name: "typescript-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["error TS"],
    pattern: /^(?<file>[^\s:(]{1,300})[:(]\d.{0,20} ?-? ?error (?<code>TS\d{3,6}): (?<message>.{1,300})/,
    unless: /TS2307/,
    advice: ({ file, message }) => `The TypeScript compiler refuses ${file}: ${message}.`,
    example: `
+ tsc -p .
=> src/index.ts(4,7): error TS2322: Type 'string' is not assignable to type 'number'.`,
  },
  {
    name: "node-exception",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["Error: ", "[ERR_"],
    pattern: /^(?:Uncaught )?(?:Type|Reference|Range|Syntax)?Error(?: \[ERR_\w{1,60}\])?: (?<message>.{1,300})/,
    unless: /Cannot find (?:module|package)|Can't resolve|exit code|^Error: (?:Some packages|No Package|Unable to find a match)/,
    which: "last",
    advice: ({ message }) => `A JavaScript program of the build failed: ${message}.`,
    example: `
    at Module._compile (node:internal/modules/cjs/loader:1565:14)
=> Error: error:0308010C:digital envelope routines::unsupported
    at new Hash (node:internal/crypto/hash:79:19)`,
    in: "build",
  },
];
