import { describe, expect, test } from "vitest";
import { pythonJson } from "../../src/core/records/python-json.ts";
import { pythonText } from "../../src/core/records/python-text.ts";
import stringWidth from "string-width";
import { printing } from "../../src/cli/output/output.ts";
import type { Format } from "../../src/core/records/formats.ts";
import type { Shape } from "../../src/core/records/shape.ts";
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
    ["text-row", [{ id: 1, name: "of\r\nseveral\tlines", gone: undefined }], "1\tof several lines\n"],
  ] as const)("%s of %j", async (format, list, text) => {
    expect(await print(format, list)).toBe(text);
  });

  test("have the chosen fields in their order, in documents, too", async () => {
    const fields = "name,id,name";
    expect(await print("json", records.slice(1), { fields })).toBe('[\n    {\n        "name": null,\n        "id": 2\n    }\n]\n');
    expect(await print("jsonl", records.slice(1), { fields })).toBe('{"name":null,"id":2}\n');
    expect(await print("text-row", records.slice(1), { fields })).toBe("None\t2\tNone\n");
    expect(await print("table", records.slice(1), { fields })).toBe("NAME  ID  NAME\n-     2   -\n");
  });

  test("in a table are told in words", async () => {
    const chroots = [
      { name: "f43", state: "failed", url: "x" },
      { chroot: "f44", state: "succeeded" },
    ];
    const lines = (await print("table", [{ id: chroots, name: { admin: "nothing", builder: null }, gone: {} }])).split("\n");
    expect(lines[1]).toBe("f43 failed, f44 succeeded  admin=nothing builder=-  -");
  });

  test("in a table lose nothing but what the terminal has no room for", async () => {
    const long = "漢字".repeat(30);
    const many = [...Array.from({ length: 250 }, (_, id) => ({ id, name: "short", gone: undefined })), { id: 250, name: long, gone: 1 }];
    const lines = (await print("table", many)).split("\n");
    expect([lines[0], lines[1], lines[251]]).toEqual(["ID   NAME   GONE", "0    short  -", `250  ${long}  1`]);
    const narrow = (await print("table", many, { columns: 40 })).trimEnd().split("\n");
    expect(Math.max(...narrow.map((line) => stringWidth(line)))).toBeLessThanOrEqual(40);
    expect(narrow.at(-1)).toBe(`250  ${"漢字".repeat(8)}漢…`);
  });
});

/** What is printed of a list, on a terminal of this width or a pipe. */
async function print(
  format: Format,
  list: readonly object[],
  { columns, fields = "" }: { columns?: number; fields?: string } = {},
): Promise<string> {
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
    columns,
    rows: undefined,
    isWatched: false,
    showsProgress: false,
    isInteractive: false,
  };
  const shape: Shape<{ id: unknown; name: unknown; gone: unknown }> = { fields: { id: "shown", name: "shown", gone: "shown" } };
  await printing(shape)
    .open(terminal, { outputFormat: format, fields })
    .records(list as { id: unknown; name: unknown; gone: unknown }[]);
  return printed;
}

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
