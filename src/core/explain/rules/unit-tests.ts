import type { Rule } from "./rule.ts";
import { byName, ofTest } from "./tests.ts";

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
    needles: ['error: in "'],
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
    name: "tag-of-failure",
    certainty: "likely",
    phases: ["check"],
    needles: ["[FAIL]", "[FAILED]", "[ERROR]", "✗ ", "✘ "],
    pattern: /^(?:> ?)?\s{0,8}(?:\[(?:FAIL|FAILED|ERROR)\]|✗|✘ ?(?:\[fail\]:)?) {1,12}(?<test>\S.{0,300})/u,
    unless:
      /Tests run:|There are test failures|\[ERROR\] (?:\[Help|Failures:|Errors:|-> |For more|To see|Re-run|Failed to execute|After correcting|$)/,
    advice: byName,
    example: `
  [OK]          names          0   basic.
=> > [FAIL]        names          1   rename.`,
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
    name: "verbose-python-test",
    certainty: "likely",
    needles: ["... FAIL", "... ERROR"],
    pattern: /^(?:\{\d{1,3}\} )?(?<test>[\w.]{1,300}(?: \([\w.]{1,300}\))?)(?: \[[\d.]{1,12}s\])? \.\.\. (?:FAIL|FAILED|ERROR)$/,
    advice: byName,
    example: `
{0} frob.tests.test_names.NamesTest.test_keep [0.004s] ... ok
=> {0} frob.tests.test_names.NamesTest.test_rename [0.005s] ... FAILED`,
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
    pattern:
      /(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to) (?:open|connect to) (?:the )?(?:X )?(?:display|X server)|no display name and no \$DISPLAY|Unable to init server|without X11 \$DISPLAY/,
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
    needles: [
      "Sanitizer: ",
      "stack smashing detected",
      "double free or corruption",
      "free(): invalid",
      "buffer overflow detected",
      "terminate called",
    ],
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
  {
    name: "python-import-of-test",
    category: "test-failure",
    certainty: "sure",
    phases: ["check"],
    needles: ["ImportError: "],
    pattern: /^(?:E?\s{1,8})?ImportError: (?!.{0,100}No module named|Failed to import test module)(?<message>.{1,300})/,
    which: "last",
    advice: ({ message }) => `A Python module does not have what is imported from it, often because of its version: ${message}.`,
    example: `
Check import: frob.core
Traceback (most recent call last):
=> ImportError: libfoo.so.1: cannot open shared object file: No such file or directory`,
  },
];
