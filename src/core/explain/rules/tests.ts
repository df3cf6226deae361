import type { Phase } from "./categories.ts";
import type { Rule } from "./rule.ts";

/** Some packages run their tests while they build or install. */
const tests: readonly Phase[] = ["check", "build", "install"];
const look = (name: string | undefined) => `The test ${name} fails: run it in mock, then fix it or skip it with a reason.`;

export const testRules: readonly Rule[] = [
  {
    name: "pytest-failed",
    category: "test-failure",
    certainty: "decisive",
    phases: tests,
    needles: ["FAILED "],
    pattern: /^FAILED (?<test>\S{1,300}(?:::|\.py)\S{0,300})(?: - (?<message>.{1,300}))?/,
    advice: ({ test }) => look(test),
    example: `
=================================== FAILURES ===================================
    def test_rename():
>       assert rename("a") == "b"
E       AssertionError: assert 'a' == 'b'
=========================== short test summary info ============================
=> FAILED tests/test_names.py::test_rename - AssertionError: assert 'a' == 'b'
========================= 1 failed, 12 passed in 0.31s =========================`,
  },
  {
    name: "pytest-error",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: ["ERROR "],
    pattern: /^ERROR (?<test>\S{1,300}(?:::\S{1,300}|\.py))(?: - (?<message>.{1,300}))?$/,
    advice: ({ test }) => `The test ${test} can't run: see the error above.`,
    example: `
=========================== short test summary info ============================
=> ERROR tests/test_db.py::test_open - psycopg2.OperationalError: connection refused
========================= 12 passed, 1 error in 0.31s ==========================`,
  },
  {
    name: "pytest-assertion",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: ["E   ", "E  "],
    pattern: /^E {3,8}(?<message>\S.{1,300})/,
    unless: /No module named/,
    advice: "A test fails: run it in mock, then fix it or skip it with a reason.",
    example: `
    def test_rename():
>       assert rename("a") == "b"
=> E       AssertionError: assert 'a' == 'b'
tests/test_names.py:4: AssertionError`,
  },
  {
    name: "unittest",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["FAIL: ", "ERROR: "],
    pattern: /^(?:FAIL|ERROR): (?<test>\w{1,200} \([\w.]{1,300}\)|\w{1,200} \([\w.]{1,300}\.\w{1,200}\).*)/,
    unless: /_FailedTest/,
    advice: ({ test }) => look(test),
    example: `
======================================================================
=> FAIL: test_rename (tests.test_names.RenameTest.test_rename)
----------------------------------------------------------------------
AssertionError: 'a' != 'b'
FAILED (failures=1)`,
  },
  {
    name: "ctest",
    category: "test-failure",
    certainty: "decisive",
    phases: tests,
    needles: ["(Failed)", "(Timeout)", "(SEGFAULT)", "(Not Run)", "(Subprocess aborted)", "(ILLEGAL)", "(BAD_COMMAND)", "(Exit code"],
    pattern:
      /^[\t ]+(?<number>\d{1,6}) - (?<test>.{1,200}?) \((?<how>Failed|Timeout|SEGFAULT|Not Run|Subprocess aborted|ILLEGAL|BAD_COMMAND|Exit code \w{1,20}|NUMERICAL|OTHER_FAULT)\)/,
    follow: { pattern: /^[\t ]+\d{1,6} - .{1,200} \((?:Failed|Timeout|SEGFAULT|Not Run|Subprocess aborted)\)/, within: 3, max: 2 },
    advice: ({ test }) => look(test),
    example: `
83% tests passed, 1 tests failed out of 12

The following tests FAILED:
=> 	  2 - html_cleanup (Failed)
Errors while running CTest
make: *** [Makefile:133: test] Error 8`,
  },
  {
    name: "automake",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["FAIL: ", "ERROR: "],
    pattern: /^(?<kind>FAIL|XPASS|ERROR): (?<test>[\w./+-]{1,200})(?: \d{1,6}(?: -? ?.{0,200})?)?(?: \(exit status: \d+\))?$/,
    unless: /^(?:FAIL|XPASS|ERROR): {1,8}\d{1,6}$/,
    advice: ({ test }) => look(test),
    example: `
PASS: t-error-path
=> FAIL: t-roundtrip
============================================================================
# FAIL:  1
make[3]: *** [Makefile:1201: test-suite.log] Error 1`,
  },
  {
    name: "lit",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["FAIL: ", "TIMEOUT: ", "UNRESOLVED: "],
    pattern: /^(?:FAIL|TIMEOUT|UNRESOLVED|XPASS): (?<test>\S{1,100} :: \S{1,300}) \(\d{1,7} of \d{1,7}\)/,
    advice: ({ test }) => look(test),
    example: `
PASS: Clang :: CodeGen/error.c (120 of 900)
=> FAIL: Clang :: CodeGen/names.c (121 of 900)
******************** TEST 'Clang :: CodeGen/names.c' FAILED ********************
/builddir/build/BUILD/x/test/names.c:12:10: error: CHECK: expected string not found in input
Failed Tests (1):`,
  },
  {
    name: "meson-test",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: [" FAIL ", " TIMEOUT ", " UNEXPECTEDPASS", " ERROR  "],
    pattern: /^ {0,6}(?:\d{1,5}\/\d{1,5} )(?<test>\S.{1,200}?) +(?<how>FAIL|TIMEOUT|UNEXPECTEDPASS|ERROR)(?: +\d.*)?$/,
    advice: ({ test }) => look(test),
    example: `
 1/12 frob / basic      OK              0.02s
=>  2/12 frob / names      FAIL            0.04s   exit status 1
Ok:                 11
Fail:               1`,
  },
  {
    name: "test-anything-protocol",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: "not ok ",
    pattern: /^\s{0,8}not ok (?<number>\d{1,7})(?: (?:- )?(?<test>.{1,300}))?/,
    unless: /# ?(?:TODO|SKIP)/i,
    advice: ({ test, number }) => look(test ?? number),
    example: `
ok 1 - load
=> not ok 2 - sum is right
ok 3 - error is reported
Failed 1/3 subtests`,
  },
  {
    name: "prove",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["(Wstat: ", "Failed test", "Dubious, test returned"],
    pattern: /^(?<test>\S{1,200}) +\(Wstat: \d{1,6}.{0,60}(?:Failed: [1-9]|exited [1-9]|Signal)|^# {1,8}Failed test (?<name>.{0,200})/,
    advice: ({ test, name }) => look(test ?? name),
    example: `
Test Summary Report
-------------------
=> t/01-basic.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)
  Failed test:  2`,
  },
  {
    name: "cargo-test",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["... FAILED", "panicked at "],
    pattern: /^test (?<test>\S{1,300})(?: - should panic)? \.\.\. FAILED|^test (?<doc>.{1,300}) \.\.\. FAILED$/,
    advice: ({ test, doc }) => look(test ?? doc),
    example: `
test tests::parses ... ok
=> test tests::renames ... FAILED
thread 'tests::renames' panicked at src/lib.rs:31:9:
test result: FAILED. 11 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
error: test failed, to rerun pass \`--lib\``,
  },
  {
    name: "go-test",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["--- FAIL: ", "[build failed]", "[setup failed]"],
    pattern: /^\s{0,12}--- FAIL: (?<test>\S{1,300})|^FAIL\t(?<package>\S{1,300}) \[(?:build|setup) failed\]/,
    follow: { pattern: /^\s{4,20}\S{1,100}\.go:\d+: /, within: 2, max: 1 },
    advice: ({ test, package: name }) => look(test ?? name),
    example: `
=== RUN   TestRename
=> --- FAIL: TestRename (0.00s)
    names_test.go:21: got "a", want "b"
FAIL
FAIL	example.org/names	0.004s`,
  },
  {
    name: "googletest",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: ["[  FAILED  ]"],
    pattern: /^(?:\d+: )?\[ {2}FAILED {2}\] (?<test>[\w./]{1,300}[\w)])/,
    advice: ({ test }) => look(test),
    example: `
[ RUN      ] Names.Rename
=> [  FAILED  ] Names.Rename (0 ms)
[==========] 12 tests from 1 test suite ran. (3 ms total)`,
  },
  {
    name: "maven-test",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["<<< FAILURE!", "<<< ERROR!", "There are test failures"],
    pattern: /^(?:\[ERROR\] )?(?<test>.{1,300}?)(?: -- )?.{0,60}<<< (?:FAILURE|ERROR)!/,
    unless: /^\[ERROR\] Tests run:|^Tests run:/,
    advice: ({ test }) => look(test),
    example: `
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! -- in org.x.NamesTest
=> [ERROR] org.x.NamesTest.rename -- Time elapsed: 0.01 s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <b> but was: <a>`,
  },
  {
    name: "node-test",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: ["✖ ", " failing", "● ", "FAIL  ", "✕ "],
    pattern: /^\s{0,12}(?:✖|✕) (?<test>\S.{1,200})|^ {2}● (?<jest>.{1,200} › .{1,200})/u,
    advice: ({ test, jest }) => look(test ?? jest),
    example: `
✔ loads (0.8ms)
=> ✖ renames (1.2ms)
ℹ fail 1`,
  },
  {
    name: "mocha",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: [" failing"],
    pattern: /^ {2}(?<count>\d{1,6}) failing$/,
    follow: { pattern: /^ {2}\d{1,5}\) /, within: 3, max: 1 },
    advice: "A test fails: run it in mock, then fix it or skip it with a reason.",
    example: `
  11 passing (30ms)
=>   1 failing

  1) names
       renames:`,
  },
  {
    name: "minitest",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: "#test_",
    pattern: /^(?<test>[A-Z][\w:]{0,200}#test_[^\s[]{1,200}?)(?: \[[^\]]{1,300}\])?:$/,
    follow: { pattern: /^\S/, within: 1, max: 1, leads: "before" },
    advice: ({ test }) => look(test),
    example: `
Error:
ActionText::JobRenderTest#test_uses_app_default_url_options:
=> ActionView::Template::Error: Can't resolve image into URL: undefined method 'to_model'
    app/jobs/broadcast_job.rb:5:in 'BroadcastJob#perform'

116 runs, 259 assertions, 0 failures, 1 errors, 0 skips`,
  },
  {
    name: "ruby-test",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["rspec ./", "Failure:", "Error:"],
    pattern: /^rspec (?<test>\.\/\S{1,200}.{0,200})|^(?:Failure|Error): (?<unit>test\S{0,200}\(\S{1,200}\).{0,200})/,
    advice: ({ test, unit }) => look(test ?? unit ?? "below"),
    example: `
Failed examples:

=> rspec ./spec/names_spec.rb:12 # Names renames`,
  },
  {
    name: "phpunit",
    category: "test-failure",
    certainty: "likely",
    phases: ["check"],
    needles: ["Tests: ", ") "],
    pattern: /^\d{1,5}\) (?<test>[\w\\]{1,200}::\w{1,200}.{0,200})/,
    advice: ({ test }) => look(test),
    example: `
There was 1 failure:

=> 1) NamesTest::testRename
Failed asserting that two strings are equal.
Tests: 12, Assertions: 40, Failures: 1.`,
  },
  {
    name: "qt-test",
    category: "test-failure",
    certainty: "likely",
    phases: tests,
    needles: ["FAIL!  : "],
    pattern: /^(?:\d+: )?FAIL! {2}: (?<test>.{1,300})/,
    advice: ({ test }) => look(test),
    example: `
PASS   : NamesTest::initTestCase()
=> FAIL!  : NamesTest::rename() Compared values are not the same`,
  },
  {
    name: "autotest",
    category: "test-failure",
    certainty: "sure",
    phases: tests,
    needles: ["FAILED ("],
    pattern: /^ {0,4}\d{1,5}: (?<test>.{1,200}?) +FAILED \(.{1,100}\)/,
    advice: ({ test }) => look(test),
    example: `
  1: basic                                           ok
=>   2: rename                                          FAILED (names.at:12)
## Test results. ##`,
  },
  {
    name: "desktop-file",
    category: "test-failure",
    certainty: "sure",
    phases: ["check", "install"],
    needles: [".desktop: error: "],
    pattern: /^(?<file>\S{1,300}\.desktop): error: (?<message>.{1,300})/,
    advice: ({ file, message }) => `${file?.split("/").at(-1)} is not valid: ${message}.`,
    example: `
+ desktop-file-validate prog.desktop
prog.desktop: hint: value "Error;Utility" ok
=> prog.desktop: error: value "Netwrk" for key "Categories" in group "Desktop Entry" contains an unregistered value`,
  },
  {
    name: "appstream",
    category: "test-failure",
    certainty: "sure",
    phases: ["check", "install"],
    needles: ["FAILED:", "Validation of files failed", "Validation failed", "E: ", "• "],
    pattern: /^(?:E: (?<message>\S{1,200}:\d*:?.{1,300})|\S{1,300}\.xml: FAILED:?|• ?(?<rule>[\w-]{1,60}) +: .{1,300})/u,
    advice: "The metainfo file is not valid: its line says where and why.",
    example: `
+ appstreamcli validate --no-net prog.metainfo.xml
=> E: org.x.Prog:23: releases-info-missing
✘ Validation failed: errors: 1`,
  },
  {
    name: "assertion",
    category: "test-failure",
    certainty: "sure",
    phases: ["check"],
    needles: ["Assertion `", "Assertion '", "Assertion failed: ", "assertion failed: "],
    pattern: /: Assertion [`'‘].{1,300} failed\.$|^Assertion failed: \(?.{1,300}|^ERROR:\S{1,200}: assertion failed: .{1,200}/,
    advice: "An assertion of a test does not hold: run it in mock, then fix it or skip it with a reason.",
    example: `
+ ./tests/names
=> names: tests/names.c:12: main: Assertion \`strcmp(name, "b") == 0' failed.
/var/tmp/rpm-tmp.Ab1: line 33: 4711 Aborted                 (core dumped) ./tests/names`,
  },
  {
    name: "ocaml-test",
    category: "test-failure",
    certainty: "sure",
    phases: ["check"],
    needles: "Fatal error: exception ",
    pattern: /^Fatal error: exception (?<exception>.{1,300})/,
    advice: ({ exception }) => `A test ends with the exception ${exception}: run it in mock, then fix it or skip it with a reason.`,
    example: `
File "test/dune", line 1, characters 7-11:
=> Fatal error: exception File "test/t.ml", line 3, characters 2-8: Assertion failed`,
  },
  {
    name: "test-summary",
    category: "test-failure",
    certainty: "likely",
    phases: ["check"],
    needles: ["tests failed", "test failed", "FAILED", "failures", "Failed 1/", "Failed tests", "Result: FAIL", "FAIL"],
    pattern:
      /^(?:\d{1,3}% tests passed, [1-9]\d* tests? failed|FAILED \((?:failures|errors)|Failed \d+\/\d+ (?:subtests|test programs)|Result: FAIL|.{0,60}\b[1-9]\d* (?:of \d+ )?(?:tests?|examples?|assertions?) failed|\d+ examples?, [1-9]\d* failures?|(?:[^\s:]{1,100} ){0,4}(?:\.\.\.|:) ?FAIL(?:ED)?!?$|FAIL(?:ED)?[: ].{1,200})/i,
    unless: /expected|ignored|will retry|\b0 (?:tests )?failed/i,
    which: "last",
    advice: "Tests fail: run them in mock, then fix them or skip them with a reason.",
    example: `
running names
=> 2 of 40 tests failed`,
  },
];
