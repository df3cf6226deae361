import type { Rule } from "./rule.ts";
import { testPhases } from "./phases.ts";
import { look } from "./tests.ts";

export const languageTests: readonly Rule[] = [
  {
    name: "pytest-failed",
    category: "test-failure",
    certainty: "decisive",
    phases: testPhases,
    needles: ["FAILED "],
    pattern: /^FAILED (?<test>\S{1,300}(?:::|\.py)\S{0,300})(?: - (?<message>.{1,300}))?/,
    // Lacks a module, which is named above: see python-module. Wants the network: see network-of-test.
    unless:
      / - (?:E? )?ModuleN|ImportError: No module named| - .{0,200}(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|NameResolutionError|Max retries exceeded|Failed to resolve|getaddrinfo failed|Could not resolve host|\[Errno -[23]\])/,
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
    phases: testPhases,
    needles: ["ERROR "],
    pattern: /^ERROR (?<test>\S{1,300}(?:::\S{1,300}|\.py))(?: - (?<message>.{1,300}))?$/,
    advice: ({ test }) => `The test ${test} can't run: see the error above.`,
    example: `
=========================== short test summary info ============================
=> ERROR tests/test_db.py::test_open - psycopg2.OperationalError: connection refused
========================= 12 passed, 1 error in 0.31s ==========================`,
  },
  {
    name: "pytest-verbose",
    category: "test-failure",
    certainty: "likely",
    phases: testPhases,
    needles: ["FAILED ", "ERROR "],
    pattern:
      /^(?:\[gw\d{1,3}\] \[ *\d{1,3}%\] )?(?:(?<test>\S{1,200}\.py::\S{1,200}) FAILED +\[ *\d{1,3}%\]|(?:FAILED|ERROR) (?<other>\S{1,200}\.py::\S{1,200}) ?$)/,
    advice: ({ test, other }) => look(test ?? other),
    example: `
tests/test_names.py::test_keep PASSED                                    [ 50%]
=> tests/test_names.py::test_rename FAILED                                  [100%]
make: *** [Makefile:5: test] Error 1`,
    in: "check",
  },
  {
    name: "pytest-verbose-error",
    category: "test-failure",
    // What pytest says of it below tells more.
    certainty: "vague",
    phases: testPhases,
    needles: [" ERROR "],
    pattern: /^(?:\[gw\d{1,3}\] \[ *\d{1,3}%\] )?(?<test>\S{1,200}\.py::\S{1,200}) ERROR +\[ *\d{1,3}%\]/,
    advice: ({ test }) => look(test),
    example: `
tests/test_names.py::test_keep PASSED                                    [ 50%]
=> tests/test_names.py::test_rename ERROR                                   [100%]
make: *** [Makefile:5: test] Error 1`,
    in: "check",
  },
  {
    name: "pytest-workers",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ["Different tests were collected between"],
    pattern: /^Different tests were collected between \S{1,20} and \S{1,20}\. The difference is:/,
    advice: "pytest-xdist needs the same tests in the same order in each worker: mend what the tests are made of, or run without -n.",
    example: `
____________________________ ERROR collecting gw1 _____________________________
=> Different tests were collected between gw0 and gw1. The difference is:
--- gw0

+++ gw1
=========================== short test summary info ============================
ERROR gw1
=============================== 1 error in 3.45s ===============================`,
    in: "check",
  },
  {
    name: "pytest-assertion",
    category: "test-failure",
    certainty: "likely",
    phases: testPhases,
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
    phases: testPhases,
    needles: ["FAIL: ", "ERROR: "],
    pattern: /^(?:FAIL|ERROR): (?<test>[\w.]{1,200} \([\w.]{1,300}\)|\w{1,200} \([\w.]{1,300}\.\w{1,200}\).*)/,
    unless: /_FailedTest/,
    follow: { pattern: /^(?:\w{1,40}\.){0,6}\w{1,60}(?:Error|Exception)(?:: .{1,300})?$/, within: 40, max: 1 },
    advice: ({ test }) => look(test),
    example: `
======================================================================
=> FAIL: test_rename (tests.test_names.RenameTest.test_rename)
----------------------------------------------------------------------
AssertionError: 'a' != 'b'
FAILED (failures=1)`,
  },
  {
    name: "cargo-test",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ["... FAILED", "panicked at "],
    pattern: /^test (?<test>\S{1,300})(?: - should panic)? \.\.\. FAILED|^test (?<doc>.{1,300}) \.\.\. FAILED$/,
    follow: { pattern: /^thread '.{1,200}' (?:\(\d{1,9}\) )?panicked at /, within: 200, max: 1 },
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
    phases: testPhases,
    needles: "--- FAIL: ",
    pattern: /^\s{0,12}--- FAIL: (?<test>\S{1,300})/,
    follow: { pattern: /^\s{4,20}\S{1,100}\.go:\d+: /, within: 2, max: 1 },
    advice: ({ test }) => look(test),
    example: `
=== RUN   TestRename
=> --- FAIL: TestRename (0.00s)
    names_test.go:21: got "a", want "b"
FAIL
FAIL	example.org/names	0.004s`,
  },
  {
    name: "maven-test",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
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
    phases: testPhases,
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
    phases: testPhases,
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
    phases: testPhases,
    needles: "#test_",
    pattern: /^(?<test>[A-Z][\w:]{0,200}#test_[^[]{1,200}?) {0,2}(?:\[[^\]]{1,300}\])?:$/,
    follow: { pattern: /^[A-Z][\w:]{0,100}(?:Error|Exception)\b/, within: 1, max: 1, leads: "before" },
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
    phases: testPhases,
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
    name: "prove",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ["(Wstat: ", "Failed test", "Dubious, test returned"],
    pattern: /^(?<test>\S{1,200}) +\(Wstat: \d{1,6}.{0,60}(?:Failed: [1-9]|exited [1-9]|Signal)|^# {1,8}Failed test (?<name>.{0,200})/,
    advice: ({ test, name }) => look(test ?? name),
    example: `
Test Summary Report
-------------------
=> t/01-basic.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)
  Failed test:  2`,
  },
];
