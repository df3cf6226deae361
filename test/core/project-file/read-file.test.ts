import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { projectFileSchema } from "../../../scripts/docs/json-schemas.ts";
import { parseProjectFile } from "../../../src/core/project-file/read-file.ts";
import { formatProjectFile } from "../../../src/core/project-file/write-file.ts";
import { randomProject } from "./random-project.ts";

const read = (text: string | Uint8Array) => parseProjectFile(text, "copr.yaml").file;
const faultsOf = (text: string | Uint8Array): string => {
  try {
    return `no fault: ${JSON.stringify(read(text))}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe("what is wrong is told with line and column", () => {
  const bomb = ["a", "b", "c", "d", "e", "f"].map(
    (name, at, all) =>
      `${name}: &${name} [${
        at === 0
          ? "x, x"
          : Array(9)
              .fill(`*${all[at - 1]}`)
              .join(", ")
      }]`,
  );
  test.each([
    [
      "an unknown key",
      "project: a/b\nsettings:\n  desciption: x\n",
      "copr.yaml:3:3: unknown key 'desciption', did you mean 'description'?",
    ],
    ["a group without quotes", "project: @a/b\n", "copr.yaml:1:10: a text that begins with '@' needs quotes"],
    [
      "a key like nothing",
      "project: a/b\nroles: {}\n",
      "copr.yaml:2:1: unknown key 'roles'; there are: $schema, project, settings, chroots, packages, permissions",
    ],
    ["no mapping", "- x\n", "copr.yaml:1:1: the file must be a mapping, not a list"],
    ["nothing", "", "copr.yaml:1:1: the file must be a mapping, not nothing"],
    ["no project", "settings: {}\n", "copr.yaml:1:1: 'project' is missing"],
    [
      "a number for a text",
      "project: a/b\npackages:\n  x:\n    source:\n      type: pypi\n      pypi_package_name: x\n      pypi_package_version: 1.10\n",
      "copr.yaml:7:29: packages/x/source/pypi_package_version must be a text, not the number 1.1: put it in quotes",
    ],
    [
      "a switch for a text",
      "project: a/b\nsettings: {description: true}\n",
      "copr.yaml:2:25: settings/description must be a text, not the switch true: put it in quotes",
    ],
    [
      "a date is a text, null is none",
      "project: a/b\nsettings:\n  description: 2026-01-01\n  instructions: ~\n",
      "copr.yaml:4:17: settings/instructions must be a text, not nothing",
    ],
    [
      "a word for a switch",
      "project: a/b\nsettings:\n  enable_net: yes\n",
      "copr.yaml:3:15: settings/enable_net must be true or false, not a text",
    ],
    [
      "no choice",
      "project: a/b\nsettings:\n  isolation: none\n",
      "copr.yaml:3:14: settings/isolation must be default, nspawn or simple, not 'none'",
    ],
    [
      "a text for a list",
      "project: a/b\nsettings:\n  additional_repos: https://x.org/\n",
      "copr.yaml:3:21: settings/additional_repos must be a list, not a text",
    ],
    [
      "an item of a list",
      "project: a/b\nchroots:\n  x:\n    with_opts:\n    - a\n    - b c\n",
      "copr.yaml:6:7: chroots/x/with_opts/1 must be one word without blanks",
    ],
    [
      "an unknown source",
      "project: a/b\npackages:\n  x:\n    source: {type: svn}\n",
      "copr.yaml:4:20: packages/x/source/type must be scm, distgit, pypi, rubygems, custom or unset, not 'svn'",
    ],
    ["a source without type", "project: a/b\npackages:\n  x:\n    source: {clone_url: y}\n", "copr.yaml:4:13: 'type' is missing"],
    [
      "a field of another source",
      "project: a/b\npackages:\n  x:\n    source:\n      type: scm\n      clone_url: https://x.org/\n      gem_name: y\n",
      "copr.yaml:7:7: unknown key 'gem_name'; there are: type, clone_url, scm_type, committish, subdirectory, spec, source_build_method",
    ],
    ["a name", "project: a/b\npackages:\n  x/y: {}\n", "copr.yaml:3:3: 'x/y' is not the name of a package"],
    ["a path for a name", "project: a/b\npackages:\n  ..: {}\n", "copr.yaml:3:3: '..' is not the name of a package"],
    ["a key of every object", "project: a/b\nsettings:\n  constructor: 1\n", "copr.yaml:3:3: unknown key 'constructor'"],
    ["the other key of every object", "project: a/b\nsettings:\n  __proto__: {description: x}\n", "copr.yaml:3:3: unknown key '__proto__'"],
    [
      "a number that is too large",
      "project: a/b\npackages: {x: {max_builds: 101}}\n",
      "copr.yaml:2:28: packages/x/max_builds must be a whole number from 0 to 100",
    ],
    ["a list for a key", "project: a/b\n? [x]\n: y\n", "copr.yaml:2:3: a key must be a text"],
    ["a duplicate key", "project: a/b\nproject: c/d\n", "copr.yaml:2:1: map keys must be unique"],
    ["a tab", "project: a/b\nsettings:\n\tdescription: x\n", "copr.yaml:3:1: tabs are not allowed as indentation"],
    ["NUL", "project: a/b\nsettings:\n  description: a\0b\n", "copr.yaml:3:17: the character U+0000 must not be in a file"],
    [
      "NUL by another name",
      'project: a/b\nsettings:\n  description: "a\\0b"\n',
      "copr.yaml:3:16: settings/description must not contain NUL characters",
    ],
    [
      "half a character",
      'project: a/b\nsettings:\n  description: "\\ud800"\n',
      "copr.yaml:3:16: settings/description must not contain half a surrogate pair",
    ],
    ["two documents", "project: a/b\n---\nproject: c/d\n", "copr.yaml:2:1: there must be one document, and here begins another"],
    ["an alias of nothing", "project: a/b\nsettings: *x\n", "copr.yaml:2:11: there is no anchor 'x' before this"],
    ["an alias in itself", "project: a/b\nchroots: &x {y: *x}\n", "copr.yaml:2:17: 'x' would be in itself"],
    ["a bomb", `${bomb.join("\n")}\n`, "copr.yaml:1:1: its aliases multiply one another beyond measure"],
    ["a tag", "project: !secret a/b\n", "copr.yaml:1:10: unresolved tag: !secret"],
    ["an open bracket", "project: [a\n", "copr.yaml:2:1: flow sequence in block collection must be sufficiently indented and end with a ]"],
    [
      "a module twice",
      "project: a/b\nchroots: {x: {additional_modules: ['a:1', 'a:2']}}\n",
      "copr.yaml:2:35: chroots/x/additional_modules must not name a module twice",
    ],
    ["JSON", '{\n\t"project": "a/b",\n\t"setting": {}\n}\n', "copr.yaml:3:2: unknown key 'setting', did you mean 'settings'?"],
  ])("%s", (_, text, fault) => {
    expect(faultsOf(text).split("\n")[0]?.slice(0, fault.length)).toBe(fault);
  });

  test("all of it at once, in order, but not more than can be read", () => {
    const text = `project: a/b\nsettings:\n${Array.from({ length: 14 }, (_, at) => `  zz${at}: 1\n`).join("")}`;
    const lines = faultsOf(text).split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual([...Array.from({ length: 10 }, (_, at) => `copr.yaml:${at + 3}:3:`), "…"]);
    expect(lines.at(-1)).toBe("… and 4 more");
  });

  test("bytes that are no UTF-8, and more than a file may have", () => {
    expect(faultsOf(Buffer.from("project: a/\xff\n", "latin1"))).toBe("copr.yaml is not written in UTF-8");
    expect(faultsOf(`#${" ".repeat(9 * 1024 ** 2)}`)).toBe("copr.yaml is larger than 8388608 bytes");
  });
});

test("what YAML has for long texts, odd names and repetition is read exactly", () => {
  const file = read(
    [
      "\ufeff# yaml-language-server: $schema=x",
      "project: '@g/1.10'",
      "settings:",
      "  description: |+",
      "    trailing  ",
      "    ---",
      "",
      "  instructions: >-",
      "    one",
      "    line",
      "chroots:",
      "  one: &same {with_opts: [tests]}",
      "  two: *same",
      "  three:",
      "packages:",
      "  1.10:",
      "  0x1: {webhook_rebuild: true}",
      "  null: {}",
      "permissions: {1234: {builder: approved}}",
      "",
    ].join("\r\n"),
  );
  expect(file).toEqual({
    project: "@g/1.10",
    settings: { description: "trailing  \n---\n\n", instructions: "one line" },
    chroots: { one: { with_opts: ["tests"] }, two: { with_opts: ["tests"] }, three: null },
    packages: { "1.10": null, "0x1": { webhook_rebuild: true }, null: {} },
    permissions: { "1234": { builder: "approved" } },
  });
});

test("any text survives being written and read", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "binary-ascii" })), (text) => {
      if (/\0|\p{Cs}/u.test(text)) return;
      const file = { project: "a/b", settings: { description: text, instructions: `${text}\n` } };
      expect(read(formatProjectFile(file))).toEqual(file);
      // Nothing in it acts on a terminal or hides.
      // oxlint-disable-next-line no-control-regex
      expect(formatProjectFile(file)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }),
    { numRuns: Number(process.env["PROJECT_FILE_RUNS"] ?? 15) * 20 },
  );
});

test("the schema for editors takes what the program takes, and refuses what it refuses", () => {
  const repository = fileURLToPath(new URL("../../../", import.meta.url));
  const validate = new Ajv({ strict: false }).compile(JSON.parse(projectFileSchema(repository)) as object);
  fc.assert(
    fc.property(randomProject("one", 5), (file) => {
      const plain = JSON.parse(JSON.stringify(file)) as object;
      expect(validate(plain), JSON.stringify(validate.errors)).toBe(true);
    }),
    { numRuns: 30 },
  );
  for (const wrong of [
    { settings: {} },
    { project: "a/b", roles: {} },
    { project: "a/b", settings: { descripton: "" } },
    { project: "a/b", settings: { description: 1.1 } },
    { project: "a/b", settings: { delete_after_days: 721 } },
    { project: "a/b", packages: { x: { source: { type: "svn" } } } },
    { project: "a/b", packages: { x: { source: { type: "scm" } } } },
    { project: "a/b", packages: { x: { source: { type: "rubygems", gem_name: "a", committish: "b" } } } },
    { project: "a/b", permissions: { x: { builder: "yes" } } },
  ]) {
    expect([validate(wrong), faultsOf(JSON.stringify(wrong)).startsWith("copr.yaml:1:")], JSON.stringify(wrong)).toEqual([false, true]);
  }
});

test("the example of the documentation is one", () => {
  const text = readFileSync(new URL("../../../docs/project-file.md", import.meta.url), "utf8");
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(Object.keys(read(example))).toEqual(["project", "settings", "chroots", "packages", "permissions"]);
});
