import type { Rule } from "./rule.ts";
import { byName, look, ofTest } from "./tests.ts";

/** What the test runners of less common languages and of the JVM say. */
export const moreLanguageTests: readonly Rule[] = [
  {
    ...ofTest,
    name: "go-panic",
    phases: ["check"],
    needles: ["panic: ", "fatal error: all goroutines are asleep"],
    pattern: /^panic: (?<message>.{1,300})|^fatal error: all goroutines are asleep/,
    follow: { pattern: /^goroutine \d|^\[signal |^running tests:/, within: 8, max: 1, isNeeded: true },
    advice: ({ message }) =>
      `A test panics${message === undefined ? "" : ` (${message})`}: run it in mock, then fix it or skip it with a reason.`,
    example: `
ok  	example.org/x/pkg/errors	0.021s
=> panic: runtime error: index out of range [7] with length 4 [recovered]
	panic: runtime error: index out of range [7] with length 4

goroutine 22 [running]:
FAIL	example.org/x/pkg/bits	0.012s
FAIL`,
  },
  {
    ...ofTest,
    name: "go-package-failed",
    certainty: "likely",
    needles: ["FAIL\t"],
    pattern: /^FAIL\t(?<test>\S{1,300})\t[\d.]{1,12}s$/,
    advice: byName,
    example: `
ok  	example.org/x/names	0.004s
=> FAIL	example.org/x/store	0.012s
FAIL`,
  },
  {
    ...ofTest,
    name: "junit-of-ant",
    needles: ["[junit] ", " FAILED"],
    pattern: /^\s{0,10}\[junit\] (?:Testcase: (?<case>\S{1,200}) took .{0,40}|Test (?<test>\S{1,200}) FAILED)$/,
    unless: /took [\d.]+ sec$/,
    advice: ({ test, case: name }) => look(test ?? name),
    example: `
    [junit] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.051 sec
=>     [junit] Test org.x.NamesTest FAILED`,
  },
  {
    ...ofTest,
    name: "gradle-or-scala-test",
    needles: [" FAILED", "*** FAILED ***", "==> X "],
    pattern:
      /^(?<test>[\w.$]{1,200} > \S.{0,200}) FAILED$|^(?:\[info\] )?- (?<scala>.{1,300}) \*\*\* FAILED \*\*\*|^(?:\[error\] )?==> X (?<munit>.{1,200})/,
    advice: ({ test, scala, munit }) => look(test ?? scala ?? munit),
    example: `
=> org.x.NamesTest > rename() FAILED
    org.opentest4j.AssertionFailedError at NamesTest.java:21`,
    in: "check",
  },
  {
    ...ofTest,
    name: "dotnet-test",
    needles: ["  Failed ", "[FAIL]"],
    pattern: /^ {2}Failed (?<test>\S.{0,300}?) \[[<\d].{0,20}\]$|^\[xUnit\.net [\d:.]{1,20}\] +(?<xunit>\S.{0,300}) \[FAIL\]/,
    advice: ({ test, xunit }) => look(test ?? xunit),
    example: `
=>   Failed X.NamesTests.Rename [12 ms]
  Error Message:
   Assert.Equal() Failure`,
  },
  {
    ...ofTest,
    name: "ert",
    needles: "FAILED ",
    pattern: /^ {3}FAILED {1,4}\d{1,5}\/\d{1,5} {1,4}(?<test>\S{1,200})/,
    advice: byName,
    example: `
   passed  1/12  frob-errors (0.000110 sec)
=>    FAILED  2/12  frob-rename (0.000210 sec)`,
  },
  {
    ...ofTest,
    name: "exunit",
    needles: ") test ",
    pattern: /^ {2}\d{1,5}\) (?:test|doctest|property) (?<test>.{1,300} \([\w.]{1,200}\))$/,
    advice: byName,
    example: `
....
=>   1) test renames files (Frob.NamesTest)
     test/names_test.exs:12
     Assertion with == failed`,
  },
  {
    ...ofTest,
    name: "eunit",
    needles: "*failed*",
    pattern: /^\s{0,8}(?<test>\w{1,100}: .{1,200}?)\.{3}(?:\[.{1,20}\] )?\*failed\*/,
    advice: byName,
    example: `
=> frob_tests: rename_test (module 'frob_tests')...*failed*
in function frob_tests:rename_test/0 (test/frob_tests.erl, line 12)
  Failed: 1.  Skipped: 0.  Passed: 11.`,
  },
  {
    ...ofTest,
    name: "busted",
    needles: ["Failure → ", "Error → "],
    pattern: /^(?:Failure|Error) → (?<test>\S{1,300} @ \d{1,7})/u,
    follow: { pattern: /^\S/, within: 2, max: 2 },
    advice: byName,
    example: `
11 successes / 1 failure / 0 errors / 0 pending : 0.013 seconds

=> Failure → spec/say_spec.lua @ 42
Say falls back to error namespace
spec/say_spec.lua:45: Expected objects to be equal.
Passed in:
(nil)`,
  },
  {
    ...ofTest,
    name: "julia-test",
    needles: ["Test Failed at ", "Error During Test at ", "Some tests did not pass"],
    pattern:
      /^ERROR: LoadError: Some tests did not pass|^(?:(?<test>.{1,200}): )?(?:Test Failed|Error During Test) at (?<place>\S{1,300}:\d{1,7})/,
    advice: ({ test, place }) => look(test ?? place ?? "named above"),
    example: `
=> Names: Test Failed at /builddir/build/BUILD/x-1.0/test/runtests.jl:21
  Expression: rename("a") == "b"`,
  },
  {
    ...ofTest,
    name: "testthat",
    needles: ["── Failure (", "── Error ("],
    pattern: /^\s{0,6}── (?:Failure|Error) \((?<test>[^)]{1,200}\)?.{0,200})/u,
    advice: byName,
    example: `
══ Failed tests ════════════════════════════════════════════
=> ── Failure ('test-names.R:12:3'): renames files ──
\`n\` not equal to 2.
[ FAIL 1 | WARN 0 | SKIP 0 | PASS 41 ]`,
  },
  {
    ...ofTest,
    name: "nextest-or-phpt",
    needles: [" FAIL [", ".phpt]"],
    pattern: /^\s{0,12}FAIL \[ *[\d.]{1,12}s\] (?<test>\S.{1,300})|^FAIL (?<phpt>.{1,200} \[\S{1,200}\.phpt\])/,
    advice: ({ test, phpt }) => look(test ?? phpt),
    example: `
        PASS [   0.004s] names tests::keeps
=>         FAIL [   0.005s] names tests::renames`,
  },
  {
    ...ofTest,
    name: "jest-file",
    needles: ["FAIL "],
    pattern: /^ {0,2}FAIL {1,3}(?<test>\S{1,300}\.(?:[cm]?[jt]sx?)\b.{0,200})/,
    follow: { pattern: /^ {2}● .{1,200} › .{1,200}/u, within: 30, max: 1 },
    advice: byName,
    example: `
=>  FAIL  src/names.test.ts > rename
AssertionError: expected 'a' to be 'b'`,
  },
  {
    ...ofTest,
    name: "maven-list-of-failures",
    needles: "[ERROR]   ",
    pattern: /^\[ERROR\] {3}(?<test>[\w.$]{1,200}(?::\d{1,7} .{1,300}| » .{1,300}|:\d{1,7}->.{1,300}))/u,
    advice: byName,
    example: `
[ERROR] Failures:
=> [ERROR]   NamesTest.rename:21 expected: <b> but was: <a>
[ERROR] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0`,
  },
  {
    ...ofTest,
    name: "go-test-build",
    certainty: "likely",
    needles: ["[build failed]", "[setup failed]"],
    pattern: /^FAIL\t(?<test>\S{1,300}) \[(?:build|setup) failed\]/,
    advice: ({ test }) => `The tests of ${test} can't be built: see the lines above it.`,
    example: `
ok  	example.org/x/names	0.004s
=> FAIL	example.org/x/store [setup failed]
FAIL`,
  },
  {
    ...ofTest,
    name: "rust-panic",
    certainty: "likely",
    phases: ["check"],
    needles: "panicked at ",
    pattern: /^thread '(?<test>[^']{1,200})' (?:\(\d{1,9}\) )?panicked at /,
    unless: /build\S{0,60}\.rs:\d/,
    advice: byName,
    example: `
---- tests::parse stdout ----
=> thread 'tests::parse' (1234) panicked at src/lib.rs:12:9:
assertion \`left == right\` failed`,
  },
];
