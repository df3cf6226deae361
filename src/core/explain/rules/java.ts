import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

/** Java and the JVM's other languages, with what builds in them. */
export const java: readonly Rule[] = [
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
    name: "java-started-program",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["A problem occurred starting process 'command '", 'Cannot run program "'],
    pattern:
      /^> A problem occurred starting process 'command '(?<command>[^']{1,100})''|Cannot run program "(?<program>[^"]{1,200})".{0,300}(?:error=2\b|error: 2\b|No such file|cannot find the file)/,
    advice: ({ command, program }) => `Add the package that has ${command ?? program} to BuildRequires.`,
    example: `
* What went wrong:
Execution failed for task ':rust_build'.
=> > A problem occurred starting process 'command 'cargo''

Caused by: java.io.IOException: Cannot run program "cargo" (in directory "/builddir/build/BUILD/x-1.0"): error=2, No such file or directory`,
    in: "build",
  },
  {
    name: "gradle",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: "* What went wrong:",
    pattern: /^\* What went wrong:/,
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
    name: "ant-file-missing",
    category: "missing-file",
    certainty: "sure",
    phases: scripts,
    needles: ".xml:",
    pattern: /^(?<build>\S{1,300}\.xml):(?<line>\d{1,7}): (?:.{0,100}: )?(?<file>\S{1,300}) (?:does not exist|not found)\.?$/,
    unless: /taskdef|class/,
    advice: ({ file }) => `ant finds no ${file}: the source may have moved it, or BuildRequires lack the package that has it.`,
    example: `
BUILD FAILED
=> /builddir/build/BUILD/x/build.xml:12: /builddir/build/BUILD/x/lib does not exist.

Total time: 0 seconds`,
    in: "build",
  },
  {
    name: "ant-task-missing",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [".xml:"],
    pattern:
      /^(?<build>\S{1,300}\.xml):(?<line>\d{1,7}): (?:taskdef class (?<class>[\w.$]{1,100}) cannot be found|Problem: failed to create task or type (?<task>\S{1,100})|taskdef A class needed by class)/,
    advice: ({ class: name, task }) =>
      `ant does not find ${name ?? task ?? "the class of a task"}: add the package that has it (e.g. ant-contrib, ant-junit) to BuildRequires.`,
    example: `
BUILD FAILED
=> /builddir/build/BUILD/x/build.xml:12: taskdef class org.x.Task cannot be found
 using the classloader AntClassLoader[]`,
    in: "build",
  },
  {
    name: "ant-build",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ".xml:",
    pattern:
      /^(?<build>\S{1,300}\.xml):(?<line>\d{1,7}): (?<message>(?!The following error|Warning|warning|Could not create|Compile failed|Java returned|.{0,40}(?:parser|validity|namespace) error).{1,300})/,
    unless: /^\[WARN|, line \d/,
    which: "last",
    advice: ({ build, line, message }) => `ant stops at line ${line} of ${build}: ${message}.`,
    example: `
BUILD FAILED
=> /builddir/build/BUILD/x/build.xml:40: Target "docs" does not exist in the project "x".

Total time: 0 seconds`,
    in: "build",
  },
  {
    name: "javac-warnings",
    category: "werror",
    // Only said when there is nothing but warnings.
    certainty: "decisive",
    phases: scripts,
    needles: ["warnings found and -Werror", "No warnings can be incurred under -"],
    pattern:
      /^(?:\[ERROR\] |\[error\] |e: |\s{0,6}\[javac\] )?(?:error: )?(?:warnings found and -Werror specified|No warnings can be incurred under -(?:Werror|Xfatal-warnings))/,
    advice: "javac takes warnings for errors: fix what it warns of, or build without -Werror.",
    example: `
src/A.java:3: warning: [deprecation] foo() in A has been deprecated
=> error: warnings found and -Werror specified
1 error
1 warning`,
    in: "build",
  },
  {
    name: "sbt-or-ivy",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: ["ResolveException", "Error downloading "],
    pattern: /^\[error\] .{0,60}(?:ResolveException: )?(?:Error downloading|unresolved dependency:?) (?<artifact>\S{1,200})/,
    advice: ({ artifact }) =>
      `sbt has no ${artifact} offline: bundle its cache as a Source, or add the package that has it to BuildRequires.`,
    example: `
=> [error] sbt.librarymanagement.ResolveException: Error downloading org.scala-lang:scala-library:2.13.0
[error]   Not found`,
    in: "build",
  },
];
