import type { Rule } from "./rule.ts";
import { byName, look, ofTest } from "./tests.ts";

/** Runners of tests with a form of their own. */
export const scriptTests: readonly Rule[] = [
  {
    ...ofTest,
    name: "mocha-title",
    certainty: "likely",
    phases: ["check"],
    needles: [") "],
    // The number of a failing test stands twice: where it ran, and in the list at the end.
    pattern: /^\s{4,20}\d{1,5}\) (?<test>\S.{1,200})$/,
    follow: { pattern: /^ {2}\d{1,6} failing$/, within: 400, max: 1, isNeeded: true },
    advice: byName,
    example: `
  colors
    ✔ reads names
=>     1) parses oklch()

  2 passing (14ms)
  1 failing`,
  },
  {
    ...ofTest,
    name: "javascript-assertion",
    needles: ["AssertionError [ERR_ASSERTION]", "AssertionError: "],
    pattern: /^ {2,10}(?:Uncaught )?AssertionError(?: \[ERR_ASSERTION\])?: (?<message>.{1,300})/,
    advice: ({ message }) => `A test fails (${message}): run it in mock, then fix it or skip it with a reason.`,
    example: `
  2 passing (14ms)

  1) colors
       parses oklch():

=>       AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
+ actual - expected
`,
    in: "check",
  },
  {
    ...ofTest,
    name: "browser-test",
    needles: [".spec.ts:", ".spec.js:", ".test.ts:", "FAILED"],
    pattern:
      /^ {2,6}(?:\d{1,4}\) )?\[(?<browser>\w{1,20})\] › (?<test>\S{1,200}\.(?:spec|test)\.\w{2,4}:.{1,200})|^(?<karma>\S{2,40} [\d.]{1,20} \(.{1,60}\) .{1,200}) FAILED$/u,
    advice: ({ test, karma }) => look(test ?? karma),
    example: `
  1 failed
=>     [chromium] › a.spec.ts:12:5 › renames
  12 passed (4.2s)`,
    in: "check",
  },
  {
    ...ofTest,
    name: "bats",
    needles: ["✗ "],
    pattern: /^ ✗ (?<test>\S.{0,200})$/u,
    follow: { pattern: /^ {2,4}\(in test file|^ {2,4}\(from function/, within: 2, max: 1, isNeeded: true },
    advice: byName,
    example: `
 ✓ a
=>  ✗ renames files
   (in test file test/x.bats, line 12)
     \`[ "$x" = y ]' failed

2 tests, 1 failure`,
    in: "check",
  },
  {
    ...ofTest,
    name: "cucumber",
    needles: "cucumber ",
    pattern: /^(?:rerun: )?cucumber (?<test>\S{1,200}:\d{1,6}.{0,200})/,
    advice: byName,
    example: `
Failing Scenarios:
=> cucumber features/x.feature:12 # Scenario: rename

12 scenarios (1 failed, 11 passed)`,
    in: "check",
  },
  {
    ...ofTest,
    name: "rspec-load",
    certainty: "likely",
    needles: "An error occurred while loading ",
    pattern: /^An error occurred while loading (?<test>\S{1,200}?)\.$/,
    advice: ({ test }) => `${test} can't be read: the lines below say why.`,
    example: `
=> An error occurred while loading ./spec/names_spec.rb.
Failure/Error: require 'foo'
0 examples, 0 failures, 1 error occurred outside of examples`,
    in: "check",
  },
  {
    ...ofTest,
    name: "cmocka",
    needles: ["[   LINE   ] --- ", "[  ERROR   ] --- "],
    pattern: /^\[ {2}ERROR {3}\] --- (?<message>.{1,300})/,
    follow: { pattern: /^\[ {3}LINE {3}\] --- \S/, within: 2, max: 1 },
    advice: ({ message }) => `A test fails (${message}): run it in mock, then fix it or skip it with a reason.`,
    example: `
[ RUN      ] test_rename
=> [  ERROR   ] --- 0x1 != 0x2
[   LINE   ] --- x.c:12: error: Failure!
[  FAILED  ] test_rename`,
    in: "check",
  },
  {
    ...ofTest,
    name: "glib-test",
    needles: ["ERROR:", "not ok /"],
    pattern:
      /^(?:not ok (?:\d{1,6} )?(?<test>\/\S{1,200})(?: - (?<why>.{1,300}))?|(?:[\w.-]{1,40}:)?ERROR:(?<file>[^\s:]{1,200}:\d{1,6}):(?<function>\w{1,100}): (?<message>.{1,300}))/,
    unless: /# ?(?:TODO|SKIP)/i,
    advice: ({ test, function: name, message, why }) =>
      `The test ${test ?? name} fails${(message ?? why) === undefined ? "" : ` (${message ?? why})`}: run it in mock, then fix it or skip it with a reason.`,
    example: `
**
=> ERROR:../tests/x.c:12:test_rename: assertion failed (a == b): (1 == 2)
Bail out! ERROR:../tests/x.c:12:test_rename: assertion failed (a == b): (1 == 2)`,
    in: "check",
  },
  {
    ...ofTest,
    name: "xctest-or-unittest",
    needles: [": error: ", "unittest failure", "XCTAssert", "' failed ("],
    pattern:
      /^(?<file>[^\s:]{1,300}\.swift):\d{1,7}: error: (?<test>[\w.]{1,200} : .{1,300})|^Test Case '(?<case>[^']{1,200})' failed \(|^core\.exception\.AssertError@(?<place>.{1,200})/,
    advice: ({ test, case: name, place }) => look(test ?? name ?? place),
    example: `
=> /builddir/build/BUILD/x/Tests/XTests.swift:12: error: XTests.testB : XCTAssertEqual failed: ("1") is not equal to ("2")
Test Case 'XTests.testB' failed (0.01 seconds)
Executed 12 tests, with 1 failure (0 unexpected) in 0.1 (0.1) seconds`,
    in: "check",
  },
  {
    ...ofTest,
    name: "valgrind",
    certainty: "likely",
    phases: ["check"],
    needles: "ERROR SUMMARY: ",
    pattern: /^==\d{1,9}== ERROR SUMMARY: [1-9]\d{0,8} errors/,
    advice: "valgrind finds faults of memory in a test: run it by hand, on this architecture.",
    example: `
==4711== Invalid read of size 4
=> ==4711== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)
make: *** [Makefile:12: check] Error 1`,
  },
  {
    ...ofTest,
    name: "perl-plan",
    certainty: "likely",
    needles: ["# Looks like you", "Bad plan"],
    pattern:
      /^# Looks like (?:you planned .{1,100} but ran|your test (?:exited|died)).{0,100}|^\s{2}Parse errors: (?:Bad plan|No plan).{0,100}/,
    which: "first",
    advice: "A test ended before its plan: run it in mock to see where.",
    example: `
t/a.t .. ok
=> # Looks like you planned 3 tests but ran 2.
t/b.t ..
Dubious, test returned 255 (wstat 65280, 0xff00)`,
    in: "check",
  },
  {
    ...ofTest,
    name: "doctest-of-python",
    certainty: "likely",
    phases: ["check"],
    needles: ["***Test Failed***", "Failed example:", ", in "],
    pattern: /^File "(?<file>[^"]{1,300})", line \d{1,7}, in (?<test>\S{1,200})$/,
    follow: { pattern: /^Failed example:$/, within: 1, max: 1, isNeeded: true },
    advice: byName,
    example: `
**********************************************************************
=> File "/builddir/build/BUILD/x/x.py", line 12, in x.rename
Failed example:
    rename("a")
Expected:
    'b'
***Test Failed*** 1 failures.`,
  },
  {
    ...ofTest,
    name: "library-of-test",
    certainty: "likely",
    phases: ["check"],
    needles: ["symbol lookup error: ", "error while loading shared libraries: "],
    pattern: /^(?<program>[^\s:]{1,300}): (?:symbol lookup error|error while loading shared libraries): (?<message>.{1,300})/,
    advice: ({ program, message }) =>
      `${program} can't start (${message}): let it find the libraries of this build (LD_LIBRARY_PATH), or require them.`,
    example: `
=> ./tests/names: symbol lookup error: ./tests/names: undefined symbol: rename_all
make: *** [Makefile:12: check] Error 127`,
  },
];
