import type { Rule } from "./rule.ts";
import { testPhases } from "./phases.ts";
import { look } from "./tests.ts";

export const haskellTests: readonly Rule[] = [
  {
    name: "hspec",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ".hs:",
    pattern: /^\s{0,4}(?<file>[^\s:]{1,300}\.l?hs):\d{1,7}:\d{1,5}: ?$/,
    follow: { pattern: /^ {2}\d{1,4}\) /, within: 1, max: 1, leads: "instead" },
    advice: ({ file }) => `A test of ${file} fails: run it in mock, then fix it or skip it with a reason.`,
    example: `
Failures:

  test/Data/FrobSpec.hs:31:24:
=>   1) Data.Frob.parse reads dates
       expected: Just 2026-01-01
        but got: Nothing

41 examples, 1 failure
Test suite spec: FAIL`,
    in: "check",
  },
  {
    name: "tasty",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ["FAIL", "Failed!"],
    pattern: /^ {2,20}(?<test>\S.{0,200}?): +FAIL(?: \(\d{1,6}\.\d{1,3}s\))?$|^\s{0,20}\*\*\* Failed! (?<property>.{1,200})/,
    advice: ({ test, property }) => look(test ?? property),
    example: `
  Names
    keeps:    OK
=>     renames:  FAIL (0.01s)
      test/Main.hs:12:
      expected: "b"

1 out of 12 tests failed (0.02s)
Test suite tests: FAIL`,
    in: "check",
  },
  {
    name: "hunit",
    category: "test-failure",
    certainty: "sure",
    phases: testPhases,
    needles: ["### Failure in", "### Error in"],
    pattern: /^### (?:Failure|Error) in:? (?<test>.{1,200})/,
    advice: ({ test }) => look(test),
    example: `
=> ### Failure in: 2:names:0:rename
test/Main.hs:20
expected: 3
Cases: 12  Tried: 12  Errors: 0  Failures: 1`,
    in: "check",
  },
];
