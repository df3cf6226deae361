import type { Rule } from "./rule.ts";
import { testPhases } from "./phases.ts";

/** What to do about a test that fails. */
export const look = (name: string | undefined) => `The test ${name} fails: run it in mock, then fix it or skip it with a reason.`;
export const byName = ({ test }: Record<string, string>) => look(test);

/** What rules on the words of a runner of tests have in common. */
export const ofTest = { category: "test-failure", certainty: "sure", phases: testPhases } as const;

export const testRules: readonly Rule[] = [
  {
    name: "ctest",
    category: "test-failure",
    certainty: "decisive",
    phases: testPhases,
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
    phases: testPhases,
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
    phases: testPhases,
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
    phases: testPhases,
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
    phases: testPhases,
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
    name: "googletest",
    category: "test-failure",
    certainty: "likely",
    phases: testPhases,
    needles: ["[  FAILED  ]"],
    pattern: /^(?:\d+: )?\[ {2}FAILED {2}\] (?<test>[\w./]{1,300}[\w)])/,
    advice: ({ test }) => look(test),
    example: `
[ RUN      ] Names.Rename
=> [  FAILED  ] Names.Rename (0 ms)
[==========] 12 tests from 1 test suite ran. (3 ms total)`,
  },
  {
    name: "qt-test",
    category: "test-failure",
    certainty: "likely",
    phases: testPhases,
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
    phases: testPhases,
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
    name: "test-summary",
    category: "test-failure",
    certainty: "vague",
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
