import type { Rule } from "./rule.ts";
import { testPhases } from "./phases.ts";
import { look } from "./tests.ts";

const ofTest = { category: "test-failure", certainty: "sure", phases: testPhases } as const;
const byName = ({ test }: Record<string, string>) => look(test);

/** What libraries of unit tests say, each in a form of its own. */
export const unitTests: readonly Rule[] = [
  {
    ...ofTest,
    name: "catch2",
    needles: [": FAILED:", ": FAILED"],
    pattern: /^(?<file>[^\s:(]{1,300})[:(](?<line>\d{1,7})\)?: FAILED:?$/,
    follow: { pattern: /^ {2}\S/, within: 1, max: 1 },
    advice: ({ file, line }) => `The check in line ${line} of ${file} does not hold: run the test in mock, then fix or skip it.`,
    example: `
-------------------------------------------------------------------------------
rotating_file_logger3
-------------------------------------------------------------------------------
=> /builddir/build/BUILD/x-1.0/tests/test_file_logging.cpp:118: FAILED:
  REQUIRE( count_lines(ROTATING_LOG) == 10 )
with expansion:
  9 == 10
===============================================================================
assertions: 412 | 411 passed | 1 failed`,
  },
  {
    ...ofTest,
    name: "doctest",
    needles: ["ERROR: CHECK", "ERROR: REQUIRE", "ERROR: test case THREW"],
    pattern: /^(?<file>[^\s:(]{1,300})[:(](?<line>\d{1,7})\)?: (?:FATAL )?ERROR: (?<test>.{1,300})/,
    advice: byName,
    example: `
TEST CASE:  rename keeps the mode
=> tests/names.cpp:21: ERROR: CHECK( mode("b") == 0644 ) is NOT correct!
  values: CHECK( 384 == 420 )
[doctest] Status: FAILURE!`,
  },
  {
    ...ofTest,
    name: "boost-test",
    needles: ["error: in \""],
    pattern: /^(?<file>[^\s(:]{1,300})[(:](?<line>\d{1,7})\)?: (?:fatal )?error: in "(?<test>[^"]{1,200})": .{1,300}/,
    advice: byName,
    example: `
Running 12 test cases...
=> test/names.cpp(21): error: in "names/rename": check a == b has failed [a != b]
*** 1 failure is detected in the test module "names"`,
  },
  {
    ...ofTest,
    name: "libcheck",
    needles: [":F:", ":E:"],
    pattern: /^(?<file>[^\s:]{1,300}):\d{1,7}:[FE]:(?<suite>[^:]{1,100}):(?<test>[^:]{1,100}):\d{1,7}: .{1,300}/,
    advice: byName,
    example: `
83%: Checks: 12, Failures: 2, Errors: 0
=> tests/check_names.c:41:F:Core:test_rename:0: Assertion 'n == 2' failed: n == 3, 2 == 2`,
  },
  {
    ...ofTest,
    name: "go-panic",
    phases: ["check"],
    needles: ["panic: ", "fatal error: all goroutines are asleep"],
    pattern: /^panic: (?<message>.{1,300})|^fatal error: all goroutines are asleep/,
    follow: { pattern: /^goroutine \d|^\[signal |^running tests:/, within: 8, max: 1, isNeeded: true },
    advice: ({ message }) => `A test panics${message === undefined ? "" : ` (${message})`}: run it in mock, then fix it or skip it with a reason.`,
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
    pattern: /^(?<test>[\w.$]{1,200} > \S.{0,200}) FAILED$|^(?:\[info\] )?- (?<scala>.{1,300}) \*\*\* FAILED \*\*\*|^(?:\[error\] )?==> X (?<munit>.{1,200})/,
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
    name: "tag-of-failure",
    certainty: "likely",
    phases: ["check"],
    needles: ["[FAIL]", "[FAILED]", "[ERROR]", "✗ ", "✘ "],
    pattern: /^(?:> ?)?\s{0,8}(?:\[(?:FAIL|FAILED|ERROR)\]|✗|✘ ?(?:\[fail\]:)?) {1,12}(?<test>\S.{1,300})/u,
    unless: /Tests run:|There are test failures|\[ERROR\] (?:-> |For more|To see|Re-run|Failed to execute|After correcting|$)/,
    advice: byName,
    example: `
  [OK]          names          0   basic.
=> > [FAIL]        names          1   rename.`,
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
    name: "tcltest",
    needles: "==== ",
    pattern: /^==== (?<test>\S{1,100} .{0,200}) FAILED$/,
    unless: /^==== \S{1,100} FAILED$/,
    advice: byName,
    example: `
=> ==== rename-1.2 keeps the mode FAILED
==== Contents of test case:
---- Result was:`,
  },
  {
    ...ofTest,
    name: "julia-test",
    needles: ["Test Failed at ", "Error During Test at "],
    pattern: /^(?:(?<test>.{1,200}): )?(?:Test Failed|Error During Test) at (?<place>\S{1,300}:\d{1,7})/,
    advice: ({ test, place }) => look(test ?? place),
    example: `
=> Names: Test Failed at /builddir/build/BUILD/x-1.0/test/runtests.jl:21
  Expression: rename("a") == "b"`,
  },
  {
    ...ofTest,
    name: "testthat",
    needles: ["── Failure (", "── Error (", "Running the tests in "],
    pattern: /^── (?:Failure|Error) \((?<test>[^)]{1,200}\)?.{0,200})|^Running the tests in ‘(?<file>[^’]{1,200})’ failed/u,
    advice: ({ test, file }) => look(test ?? file),
    example: `
══ Failed tests ════════════════════════════════════════════
=> ── Failure ('test-names.R:12:3'): renames files ──
\`n\` not equal to 2.
[ FAIL 1 | WARN 0 | SKIP 0 | PASS 41 ]`,
  },
  {
    ...ofTest,
    name: "dejagnu",
    needles: ["FAIL: ", "XPASS: "],
    pattern: /^(?:FAIL|XPASS|UNRESOLVED): (?<test>[\w./+-]{1,200}\.(?:c|cc|C|exp|f90?|adb|go|d|m|java|s)\b.{0,300})/,
    advice: byName,
    example: `
Running ./names.exp ...
=> FAIL: names.exp: rename keeps the mode (timeout)
		=== names Summary ===`,
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
    name: "verbose-python-test",
    needles: ["... FAIL", "... ERROR"],
    pattern: /^(?:\{\d{1,3}\} )?(?<test>[\w.]{1,300}(?: \([\w.]{1,300}\))?)(?: \[[\d.]{1,12}s\])? \.\.\. (?:FAIL|FAILED|ERROR)$/,
    advice: byName,
    example: `
{0} frob.tests.test_names.NamesTest.test_keep [0.004s] ... ok
=> {0} frob.tests.test_names.NamesTest.test_rename [0.005s] ... FAILED`,
  },
  {
    ...ofTest,
    name: "jest-file",
    needles: ["FAIL "],
    pattern: /^ {0,2}FAIL {1,3}(?<test>\S{1,300}\.(?:[cm]?[jt]sx?)\b.{0,200})/,
    advice: byName,
    example: `
=>  FAIL  src/names.test.ts > rename
AssertionError: expected 'a' to be 'b'`,
  },
  {
    ...ofTest,
    name: "pytest-conftest",
    certainty: "likely",
    needles: "while loading conftest",
    pattern: /^ImportError while loading conftest '(?<file>[^']{1,300})'/,
    advice: ({ file }) => `pytest can't read ${file}: the lines below say what it misses.`,
    example: `
=> ImportError while loading conftest '/builddir/build/BUILD/x-1.0/tests/conftest.py'.
tests/conftest.py:3: in <module>
    import frob`,
    in: "check",
  },
  {
    ...ofTest,
    name: "assertion-of-python",
    certainty: "likely",
    phases: ["check"],
    needles: "AssertionError",
    pattern: /^AssertionError(?:: (?<message>.{1,300}))?$/,
    which: "last",
    advice: "An assertion of a test does not hold: run it in mock, then fix it or skip it with a reason.",
    example: `
+ /usr/bin/python3 tests/run.py
Traceback (most recent call last):
  File "tests/run.py", line 12, in <module>
    assert names() == ["a"]
=> AssertionError: ['a', 'b'] is not ['a']`,
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
    name: "no-tests",
    certainty: "likely",
    phases: ["check"],
    needles: ["no tests ran", "NO TESTS RAN", "No tests were found", "Bail out!", "INTERNALERROR>"],
    pattern: /^=+ no tests ran in |^NO TESTS RAN|^No tests were found|^Bail out!|^INTERNALERROR> [A-Za-z_.]{1,80}(?:Error|Exception)/,
    which: "last",
    advice: "No test ran, which counts as a failure: name the directory of the tests, or add what the test runner needs.",
    example: `
collected 0 items

=> ============================ no tests ran in 0.02s =============================`,
  },
  {
    ...ofTest,
    name: "no-display",
    certainty: "likely",
    phases: ["check"],
    needles: ["display", "X server", "Unable to init server"],
    pattern: /(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to) (?:open|connect to) (?:the )?(?:X )?(?:display|X server)|no display name and no \$DISPLAY|Unable to init server|without X11 \$DISPLAY/,
    unless: /^(?:ok|PASS|not ok|#)\b|skip/i,
    which: "last",
    advice: "A test wants a display: run %check with xvfb-run or wlheadless-run, or skip that test.",
    example: `
+ ./tests/window
=> (window:4711): Gtk-WARNING **: 10:00:00.000: cannot open display:`,
  },
  {
    ...ofTest,
    name: "sanitizer",
    phases: ["check"],
    needles: ["Sanitizer: ", "stack smashing detected", "double free or corruption", "free(): invalid", "buffer overflow detected", "terminate called"],
    pattern:
      /^=+\d{1,9}=+ ?ERROR: \w{1,20}Sanitizer: .{1,200}|\*\*\* (?:stack smashing|buffer overflow) detected|^(?:double free or corruption|free\(\): invalid|malloc\(\): )|^terminate called (?:after throwing|without an active)/,
    follow: { pattern: /^ {2}what\(\): /, within: 1, max: 1 },
    which: "last",
    advice: "A program that %check runs has a fault of memory or dies of an exception: run it by hand, on this architecture.",
    example: `
+ ./tests/names
=> terminate called after throwing an instance of 'std::out_of_range'
  what():  basic_string::substr: __pos (which is 12) > this->size() (which is 3)
/var/tmp/rpm-tmp.Ab1: line 33: 4711 Aborted                 (core dumped) ./tests/names`,
  },
];
