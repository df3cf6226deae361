import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IniError, parseIni, setIniValues } from "../../../src/core/text/ini.ts";
import { askPython } from "../../support/python.ts";

/** Sections with their keys and values; null for a value that can't be read. Null for a file that can't. */
type Reading = Record<string, Record<string, string | null>> | null;

const READ_WITH_CONFIGPARSER = `
import configparser, io
def read(text, interpolate):
    parser = configparser.ConfigParser() if interpolate else configparser.RawConfigParser()
    try:
        # As open() does it: every kind of line end is one.
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    def value(section, key):
        try: return parser.get(section, key)
        except configparser.Error: return None
    return {section: {key: value(section, key) for key in parser.options(section)} for section in parser.sections()}
answer = [[read(text, True), read(text, False)] for text in given]
`;

function readWithPython(texts: readonly string[]): Promise<[Reading, Reading][]> {
  return askPython(READ_WITH_CONFIGPARSER, texts);
}

/** Our reading of the keys that Python found. */
function readHere(text: string, interpolate: boolean, expected: Reading): Reading {
  const orNull = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      expect(error).toBeInstanceOf(IniError);
      return null;
    }
  };
  const ini = orNull(() => parseIni(text, { interpolate }));
  if (!ini) return null;
  const keys = (section: string): string[] => Object.keys(expected?.[section] ?? {});
  const values = (section: string) => keys(section).map((key) => [key, orNull(() => ini.get(section, key)) ?? null]);
  return Object.fromEntries(ini.sections().map((section) => [section, Object.fromEntries(values(section))]));
}

async function expectSameAsPython(texts: readonly string[]): Promise<void> {
  const expected = await readWithPython(texts);
  for (const [index, text] of texts.entries()) {
    const [interpolated, raw] = expected[index] as [Reading, Reading];
    expect([text, readHere(text, true, interpolated)]).toEqual([text, interpolated]);
    expect([text, readHere(text, false, raw)]).toEqual([text, raw]);
  }
}

const chain = (length: number): string =>
  `[s]\n${Array.from({ length }, (_, index) => `k${index} = %(k${index + 1})s`).join("\n")}\nk${length} = end\n`;

const table: string[] = [
  // plain
  "[copr-cli]\nlogin = abc\nusername=bob\ntoken: x=y:z\n",
  // keys without case
  "[s]\nKeY = 1\n",
  // same key in two cases
  "[s]\nkey = 1\nKEY = 2\n",
  // comments on lines of their own
  "# one\n; two\n[s]\n  # three\nkey = 1 # kept\nother = 2 ; kept\n",
  // a value of several lines
  "[s]\nkey = one\n  two\n\tthree\nnext = 4\n",
  // an empty line inside a value
  "[s]\nkey = one\n\n  two\n\n\nnext = 4\n",
  // a comment inside a value
  "[s]\nkey = one\n# comment\n  two\n",
  // an indented section
  "  [s]\n  key = 1\n  other = 2\n",
  // an indented key after a section
  "[s]\n   key = 1\n   other = 2\n",
  // a section inside a value
  "[s]\nkey = 1\n [t]\n other = 2\n",
  // no section
  "key = 1\n",
  // a line that is none of all
  "[s]\nkey\n",
  // an empty key
  "[s]\n= 1\n",
  // an empty value
  "[s]\nkey =\nother =  \n",
  // an empty section name
  "[]\nkey = 1\n",
  // a bracket in a section name
  "[a]b]\nkey = 1\n",
  // text after a section
  "[s] text\nkey = 1\n",
  // a section twice
  "[s]\na = 1\n[s]\nb = 2\n",
  // a key twice
  "[s]\na = 1\na = 2\n",
  // defaults
  "[DEFAULT]\na = 1\nb = %(c)s\n[s]\nc = 3\n[t]\nc = 4\na = 2\n",
  // defaults twice
  "[DEFAULT]\na = 1\n[s]\nb = 2\n[DEFAULT]\nc = 3\n",
  // a default key twice
  "[DEFAULT]\na = 1\n[DEFAULT]\na = 3\n",
  // a value of a reference
  "[s]\na = 1\nb = <%(A)s>\nc = %%(a)s\n",
  // a bad reference
  "[s]\na = 100%\nb = %x\nc = %(d\ne = %(missing)s\nf = %()s\ng = %(a)\n",
  // a reference with a parenthesis
  "[s]\na = 1\nb = %(a)b)s\n",
  // a reference to itself
  "[s]\na = %(a)s\n",
  // nine references
  chain(9),
  // ten references
  chain(10),
  // eleven references
  chain(11),
  // line ends of DOS
  "[s]\r\na = 1\r\n  two\r\nb = 3\r\n",
  // line ends of old Macs
  "[s]\ra = 1\rb = 2\r",
  // a prototype's key
  "[__proto__]\n__proto__ = 1\nconstructor = 2\n[constructor]\ntoString = 3\n",
  // line separators of Unicode
  "[s]\na = x\u2028y\u2029z\n",
  // blanks inside and around a key
  "[s]\n  a b  =  1  2 \n",
  // nothing
  "",
];

describe("reads as Python's ConfigParser", () => {
  test("a table of cases", async () => {
    await expectSameAsPython(table);
  });

  test("generated files", async () => {
    const word = fc.constantFrom(
      "a",
      "B",
      "key",
      "k1",
      "DEFAULT",
      "copr-cli",
      "x y",
      "é",
      "1",
      "]",
      "[",
      "%",
      "#",
      ";",
      "=",
      ":",
      "__proto__",
    );
    const value = fc.array(fc.oneof(word, fc.constantFrom("%%", "%(a)s", "%(key)s", "%(K1)s", "%(no)s", "%(", "%(a)", " ", " # x", "=")), {
      maxLength: 4,
    });
    const line = fc.oneof(
      word.map((name) => `[${name}]`),
      fc
        .tuple(
          word,
          fc.constantFrom("=", " = ", ": ", ":", " =", ""),
          value.map((parts) => parts.join("")),
        )
        .map((parts) => parts.join("")),
      fc.constantFrom("", "  ", "# comment", "  ; comment", "[", "[]", "text", "="),
    );
    const indent = fc.oneof({ weight: 3, arbitrary: fc.constant("") }, fc.constantFrom(" ", "  ", "\t"));
    const file = fc
      .array(
        fc.tuple(indent, line, fc.constantFrom("\n", "\n", "\r\n")).map((parts) => parts.join("")),
        { maxLength: 10 },
      )
      .map((lines) => lines.join(""));
    // Most random files are errors at once: half of them begin well.
    const files = fc.array(
      fc.oneof(
        file,
        file.map((text) => `[s]\na = 1\nkey = two\n${text}`),
      ),
      { minLength: 300, maxLength: 500 },
    );
    await fc.assert(fc.asyncProperty(files, expectSameAsPython), { numRuns: 8, endOnFailure: true });
  });
});

test.each([
  ["key = 1\n", "File contains no section headers. file: 'copr', line: 1"],
  ["[s]\nkey\n", "Source contains parsing errors: 'copr' [line 2]"],
  ["[s]\n[s]\n", "While reading from 'copr' [line  2]: section 's' already exists"],
  ["[s]\na=1\nA=1\n", "While reading from 'copr' [line  3]: option 'a' in section 's' already exists"],
])("%j is refused with the place", (text, message) => {
  expect(() => parseIni(text, { source: "copr" })).toThrow(message);
});

test("get and has know absent sections and keys", () => {
  const ini = parseIni("[s]\na = 1\n");
  expect([ini.has("s"), ini.has("t"), ini.has("DEFAULT"), ini.get("s", "A"), ini.get("s", "b"), ini.get("t", "a")]).toEqual([
    true,
    false,
    false,
    "1",
    undefined,
    undefined,
  ]);
});

describe("setIniValues", () => {
  test.each([
    ["[s]\na = 1\n", "[s]\na = new\n"],
    ["# kept\n[t]\na = 1\n[s]\n\nA: 1\n  more\nb = 2\n", "# kept\n[t]\na = 1\n[s]\n\nA: new\nb = 2\n"],
    ["[s]\nb = 2\n", "[s]\na = new\nb = 2\n"],
    ["[s]\n# one\n  b = 2\n", "[s]\n  a = new\n# one\n  b = 2\n"],
    ["[s]\n", "[s]\na = new\n"],
    ["[s]\r\na=1\r\n", "[s]\r\na=new\r\n"],
    ["[s]\na = 1\n\n  more after an empty line\nb = 2", "[s]\na = new\n\nb = 2"],
    ["[s]\nb = 1\n  a = part of b\n", "[s]\na = new\nb = 1\n  a = part of b\n"],
    ["[t]\nb = 1\n  [s]\na = 2\n[s]\na = 1\n", "[t]\nb = 1\n  [s]\na = 2\n[s]\na = new\n"],
  ])("%j becomes %j", (before, after) => {
    expect(setIniValues(before, "s", { a: "new" })).toBe(after);
  });

  test("Python reads the new values, whatever is in them, and the others as before", async () => {
    const value = fc.string({ unit: fc.constantFrom(..."aZ09%=:#;[]() é"), maxLength: 12 }).map((text) => text.trim());
    const others = "[DEFAULT]\nz = 1\n\n[t]\na = 5\n\n[s]\n# comment\na = old\n  second line\n\nb: kept %% x\nc=old\n";
    // Undefined removes a key.
    const change = fc.record({ a: fc.option(value, { nil: undefined }), c: fc.option(value, { nil: undefined }), d: value });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 100, maxLength: 200 }), async (changes) => {
        const readings = await readWithPython(changes.map((change) => setIniValues(others, "s", change)));
        const expected = changes.map((change) => ({ s: present({ z: "1", b: "kept % x", ...change }), t: { z: "1", a: "5" } }));
        expect(readings.map(([interpolated]) => interpolated)).toEqual(expected);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  test.each([
    ["[s]\nb = 1\na = 2\n  more\n# note\n  more still\nc = 3\n", "[s]\nb = 1\n# note\nc = 3\n"],
    ["[s]\nA: 1\n[t]\na = 2\n", "[s]\n[t]\na = 2\n"],
    ["[t]\na = 2\n", "[t]\na = 2\n"],
    ["", ""],
  ])("without a key %j becomes %j", (before, after) => {
    expect(setIniValues(before, "s", { a: undefined })).toBe(after);
  });

  test.each([
    ["", "[s]\na = 1\n"],
    ["# only a comment", "# only a comment\n\n[s]\na = 1\n"],
    ["[t]\na = 2\n", "[t]\na = 2\n\n[s]\na = 1\n"],
  ])("a section that is missing in %j is added", (before, after) => {
    expect(setIniValues(before, "s", { a: "1", b: undefined })).toBe(after);
  });

  test.each(["two\nlines", "x\r[t]"])("a value with a line end is refused: %j", (value) => {
    expect(() => setIniValues("[s]\n", "s", { a: value })).toThrow(IniError);
  });
});

/** Without the keys whose value is undefined. */
function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
