import { describe, expect, test } from "vitest";
import { pythonJson } from "../../src/core/records/python-json.ts";
import { pythonText } from "../../src/core/records/python-text.ts";
import { printing } from "../../src/cli/output/output.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

describe("JSON as Python writes it", () => {
  test.each([
    [null, "null"],
    [[], "[]"],
    [{}, "{}"],
    ["dž €\u007f\n\u0001/", String.raw`"d\u017e \u20ac\u007f\n\u0001/"`],
    ["😀", String.raw`"\ud83d\ude00"`],
    [{ b: [1, { d: true, c: [] }], a: { "10": 1, "9": 2 } }, sortedText()],
  ])("%j", (value, text) => {
    expect(pythonJson(value)).toBe(text);
  });
});

describe("values as Python prints them", () => {
  test.each([
    ["as it is\n", "as it is\n"],
    [null, "None"],
    [true, "True"],
    [12.5, "12.5"],
    [["it's", 'a "b"', `both ' "`, "\t\u0001\\"], String.raw`["it's", 'a "b"', 'both \' "', '\t\x01\\']`],
    [{ a: [], b: { c: null } }, "{'a': [], 'b': {'c': None}}"],
  ])("%j", (value, text) => {
    expect(pythonText(value)).toBe(text);
  });
});

describe("lists of objects", () => {
  const records = [
    { id: 1, name: "a\u001b[31m", gone: undefined },
    { id: 2, name: null, gone: undefined },
  ];
  test.each([
    ["json", records.slice(1), '[\n    {\n        "id": 2,\n        "name": null\n    }\n]\n'],
    ["json", [], "[]\n"],
    ["text", records, "id: 1\nname: a\n\nid: 2\nname: None\n"],
    ["text", [], ""],
    ["text-row", records, "1\ta\n2\tNone\n"],
  ] as const)("%s of %j", async (format, list, text) => {
    let printed = "";
    const terminal: Terminal = {
      out: (part) => (printed += part),
      error: () => undefined,
      notice: () => undefined,
      isForData: false,
      command: () => undefined,
      guardCommands: () => undefined,
      isGuarded: false,
      hasColor: false,
      columns: undefined,
      rows: undefined,
      isWatched: false,
      showsProgress: false,
      isInteractive: false,
    };
    const shape = { fields: { id: "shown", name: "shown", gone: "shown" } } as const;
    await printing<(typeof records)[number]>(shape).open(terminal, { outputFormat: format }).records(list);
    expect(printed).toBe(text);
  });
});

function sortedText(): string {
  return `{
    "a": {
        "10": 1,
        "9": 2
    },
    "b": [
        1,
        {
            "c": [],
            "d": true
        }
    ]
}`;
}
