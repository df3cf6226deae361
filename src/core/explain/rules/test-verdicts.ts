import type { Rule } from "./rule.ts";
import { byName, look, ofTest } from "./tests.ts";

/** Sounds like a failed test, and is a count, a word on what was expected, or none of a test's. */
const harmlessVerdict =
  /^\s*# |^\* checking|^(?:Result|Summary|Totals?|Completed|Run Summary):|Build failed|listed below|expected fail|\bexpected$|as expected|ignored|\bskip|\b\d{1,6} (?:tests? |of \d{1,6} |suites? )?fail|\bfail(?:ed|ures)?: ?\d|^make|^gmake|^ninja|(?<!not)(?:^|\s)(?:ok|PASS)\b|\bXFAIL\b|\/FAILED|subprocess|^FAILED \(|[?]|Error: exec/i;

/** Scripts and runners that print a word for each test, or a list of those that failed. */
export const testVerdicts: readonly Rule[] = [
  {
    ...ofTest,
    name: "marked-failure",
    certainty: "likely",
    phases: ["check"],
    needles: ["[err]: ", "[fail]: ", "ERR: ", "FAIL", " failed"],
    pattern:
      /^(?:\[(?:err|fail|FAIL)\]: (?<marked>.{1,300})|(?:ERR|FAIL|FAILURE): (?<first>\S.{1,300})|FAILED: (?<listed>\S.{0,100}) \(.{1,60}\)|FAIL(?:ED)? (?<second>(?!\(|in |\d)\S{2,200})|(?<python>test_\w{1,80}) failed(?: -- .{1,200})?|[Tt]est (?<named>\S{1,100}(?: \S{1,40}){0,4}) (?:failed|FAILED)!?)$/,
    unless: harmlessVerdict,
    which: "first",
    advice: ({ marked, first, listed, second, python, named }) => look(marked ?? first ?? listed ?? second ?? python ?? named),
    example: `
[ok]: list works (12 ms)
=> [err]: histogram of latencies in tests/unit/latency.tcl
Expected '2' to match '3'
[ok]: expire works (440 ms)
!!! WARNING The following tests failed:`,
  },
  {
    ...ofTest,
    name: "test-with-verdict",
    certainty: "likely",
    phases: ["check"],
    needles: ["FAIL", "failed", "not ok", "[ fail ]", " ERROR"],
    pattern:
      /^\s{0,8}(?:\d{1,5}[:.)] |\[\d{1,5}\/\d{1,5}\] )?(?<test>[\w"'<./(-]\S{0,200}(?: {1,3}\S{1,60}){0,6}?) ?(?: {0,80}\.{2,80} {0,10}|-{1,3}> {0,3}|={1,2}> {0,3}|: ?|\| ?| {2,80})[[(*|]{0,2} ?(?:FAIL(?:ED|URE)?|[Ff]ail(?:ed)?|not ok|ERROR)\b ?[\])*|!]{0,3}(?:: .{1,200}| {0,60}(?:[([].{1,100}|\d[\d.]{0,12} ?m?s)| at .{1,100})?$/,
    unless: harmlessVerdict,
    which: "first",
    advice: byName,
    example: `
test boolean                      ... ok           12 ms
=> test numeric                      ... FAILED       44 ms
test txid                         ... ok           10 ms
=======================
 1 of 212 tests failed.
=======================`,
  },
  {
    ...ofTest,
    name: "cppunit-assertion",
    certainty: "likely",
    needles: ["assertion failed"],
    pattern: /^(?:equality )?assertion failed$/,
    context: /^(?<place>[^\s:]{1,300}:\d{1,7}):(?<test>\w{1,100}(?:::\w{1,100}){0,3})$/,
    which: "first",
    advice: ({ place, test }) => look(test === undefined ? "named above" : `${test} (${place})`),
    example: `
/builddir/build/BUILD/x-1.0/sc/qa/unit/export_test.cxx:917:testErrorBars::TestBody
=> equality assertion failed
- Expected: 1
- Actual  : 0

export_test.cxx:917:Assertion
Test name: testErrorBars::TestBody`,
    in: "check",
  },
  {
    ...ofTest,
    name: "verdict-of-another-form",
    certainty: "likely",
    phases: ["check"],
    needles: [
      "Found errors in ",
      "UNEXPECTED(",
      "> Diff in ",
      "FAILED[",
      "test failed",
      "##Failure Location",
      ":Assertion",
      '.expected", line ',
      " FAILED [",
      "doctest failed",
      "TESTFAIL: ",
      ":FAIL: ",
    ],
    pattern:
      /^(?:Found errors in (?<vim>\w{1,100})|UNEXPECTED\(\w{1,20}\): (?<samba>.{1,200})|#{4,12}> Diff in (?<gap>\S{1,200})|-{3,8} FAILED\[\w{1,10}\]: (?<r>.{1,200})|!{3,8} test failed|##Failure Location unknown##|(?<cppunit>[^\s:]{1,200}:\d{1,6}):(?:Assertion|FAIL: .{1,200})$|File "(?<dune>[^"]{1,200}\.expected)", line \d|\s{1,12}(?<hspec>\S.{0,200}) FAILED \[\d{1,5}\]$|sage -t .{1,200}doctests? failed|TESTFAIL: .{1,200}|[^\s:]{1,200}:\d{1,6}:(?<unity>\w{1,100}):FAIL: )/,
    which: "first",
    advice: ({ vim, samba, gap, r, cppunit, dune, hspec, unity }) =>
      look(vim ?? samba ?? gap ?? r ?? cppunit ?? dune ?? hspec ?? unity ?? "named here"),
    example: `
Executed Test_a()
=> Found errors in Test_b():
command line..script /x/runtest.vim[12]..function line 3: Expected 1 but got 2
TEST FAILURE`,
  },
  {
    ...ofTest,
    name: "list-of-failures",
    certainty: "likely",
    needles: [
      "Failed Tests (",
      "ailing scenarios",
      "ailing tests",
      "FAILED:",
      "Failed tests",
      "tests failed:",
      "tests have failed",
      "Message:",
    ],
    pattern:
      /^(?:Failed Tests \(\d{1,6}\):|[Ff]ailing (?:[Ss]cenarios|[Tt]ests?):?|FAILED:|[Ff]ailed tests?:|[Tt]he following (?:tests?|suites) (?:have )?failed:| {2}Message:)$/,
    follow: { pattern: /^[\t ]{1,8}\S/, within: 1, max: 1, leads: "instead", isNeeded: true },
    advice: "A test fails: run it in mock, then fix it or skip it with a reason.",
    example: `
Failed Tests (1):
=>   LLVM :: CodeGen/b.ll

Total Discovered Tests: 12`,
    in: "check",
  },
  {
    ...ofTest,
    name: "says-failed",
    certainty: "vague",
    phases: ["check"],
    needles: [" failed"],
    pattern: /^(?<message>\S.{0,200} (?:failed|FAILED|Failed)\b.{0,300})/,
    unless: harmlessVerdict,
    which: "first",
    advice: ({ message }) => `A test fails (${message}): run it in mock, then fix it or skip it with a reason.`,
    example: `
./runner --all
=> Core test of names failed: size() == n
part 2 of 40
part 3 of 40
part 4 of 40
part 5 of 40
part 6 of 40
part 7 of 40
part 8 of 40
part 9 of 40
make: *** [Makefile:12: check] Error 1`,
  },
];
