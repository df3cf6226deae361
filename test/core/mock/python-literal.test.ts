import fc from "fast-check";
import { expect, test } from "vitest";
import { type PythonValue, pythonBlock, pythonLiteral } from "../../../src/core/mock/python-literal.ts";
import { askPython } from "../../support/python.ts";

/** Reads literals as Python does; tuples come back marked, as JSON has none. */
const READ_LITERALS = `
import ast
def shown(value):
    if isinstance(value, tuple): return {"tuple": [shown(one) for one in value]}
    if isinstance(value, list): return [shown(one) for one in value]
    return value
answer = [shown(ast.literal_eval(literal)) for literal in given]
`;

/** Text that tries to get out: quotes, backslashes, line ends, lone surrogates, any other code unit. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"', '"""', "'''", "\\", "\\\\", "\n", "\r", "\r\n", "\t", "\0", "\u2028", "\u0085", "\ud800", "\udc00", "😀"),
      fc.constantFrom("{{", "#", "\\N{DASH}", "\\x41", "\\u0041", "%s", ");import os;", "é", "\u009b"),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const nastyValue: fc.Arbitrary<PythonValue> = fc.letrec<{ value: PythonValue; values: PythonValue[] }>((tie) => ({
  values: fc.array(tie("value"), { maxLength: 3 }),
  value: fc.oneof(
    { maxDepth: 3 },
    nastyText,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    tie("values"),
    tie("values").map((tuple) => ({ tuple })),
  ),
})).value;

const inBatches = { numRuns: 8, endOnFailure: true };
const batch = { minLength: 100, maxLength: 300 };

test("Python reads every value back as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nastyValue, batch), async (values) => {
      expect(await askPython(READ_LITERALS, values.map(pythonLiteral))).toEqual(JSON.parse(JSON.stringify(values)));
    }),
    inBatches,
  );
});

test("Python reads every block of text back as it was, lone surrogates too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nastyText, batch), async (texts) => {
      expect(await askPython(READ_LITERALS, texts.map(pythonBlock))).toEqual(texts);
    }),
    inBatches,
  );
});

test("a literal is one line of printable ASCII, a block several", () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      expect(pythonLiteral(text)).toMatch(/^[ -~]*$/);
      expect(pythonBlock(text)).toMatch(/^[ -~\n]*$/);
    }),
  );
});

test.each([
  ["plain", "'plain'", '"""plain"""'],
  ["it's", "'it\\'s'", '"""it\'s"""'],
  ['a "quoted" word', "'a \"quoted\" word'", '"""a "quoted" word"""'],
  ['ends with "', "'ends with \"'", '"""ends with \\""""'],
  ['"""', '\'"""\'', '"""\\"\\"\\""""'],
  ["two\nlines", "'two\\nlines'", '"""two\nlines"""'],
  ["delete \u007f", "'delete \\x7f'", '"""delete \\x7f"""'],
  ["back\\slash", "'back\\\\slash'", '"""back\\\\slash"""'],
  ["é 😀 \ud800", "'\\xe9 \\U0001f600 \\ud800'", '"""\\xe9 \\U0001f600 \\ud800"""'],
])("%j is readable for a person", (text, literal, block) => {
  expect(pythonLiteral(text)).toBe(literal);
  expect(pythonBlock(text)).toBe(block);
});

test.each([
  [{ tuple: [] }, "()"],
  [{ tuple: ["one"] }, "('one',)"],
  [[{ tuple: ["enable", "nodejs:18"] }], "[('enable', 'nodejs:18')]"],
  [true, "True"],
  [null, "None"],
])("%j is %s", (value, literal) => {
  expect(pythonLiteral(value)).toBe(literal);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d is refused", (number) => {
  expect(() => pythonLiteral(number)).toThrow("has no Python literal");
  expect(() => pythonLiteral([{ tuple: [number] }])).toThrow(RangeError);
});
