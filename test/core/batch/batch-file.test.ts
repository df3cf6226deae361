import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { batchFileSchema } from "../../../scripts/docs/json-schemas.ts";
import { parseBatchFile } from "../../../src/core/batch/batch-file.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const validate = new Ajv({ strict: false }).compile(JSON.parse(batchFileSchema(repository)) as object);
const faultOf = (text: string): Promise<string | undefined> =>
  parseBatchFile(text, "b.yaml").then(
    () => undefined,
    (error: Error) => error.message,
  );

test("the documentation's example is read, and its schema is the published one", async () => {
  const documented = await readFile(`${repository}docs/batches.md`, "utf8");
  const example = /```yaml\n([\s\S]*?)```/.exec(documented)?.[1] ?? "";
  expect(await parseBatchFile(example, "dir/b.yaml")).toEqual([
    { source: "dir/libhello-1.0-1.src.rpm" },
    { source: "dir/hello", chroots: ["fedora-43-x86_64"] },
    { source: "https://example.org/gcx-bootstrap.spec", name: "gcx-bootstrap", after: [] },
    { source: "dir/gcx.spec", after: ["libhello"] },
  ]);
  expect(validate(parse(example))).toBe(true);
  const { name, version } = JSON.parse(await readFile(`${repository}package.json`, "utf8")) as { name: string; version: string };
  const [first] = example.split("\n");
  expect(first).toBe(`# yaml-language-server: $schema=https://cdn.jsdelivr.net/npm/${name}@${version}/docs/json/batch-file.schema.json`);
});

test.each<[what: string, content: string | Uint8Array, fault: string]>([
  ["an alias of nothing", "packages: [*nope]", "b.yaml:1:12: there is no anchor 'nope' before this"],
  ["an alias of itself", "packages: &a [*a]", "b.yaml:1:15: 'a' would be in itself"],
  [
    "aliases that multiply one another",
    `a: &a [x]\n${["b", "c", "d", "e"].map((name, at) => `${name}: &${name} [${`*${"abcd"[at]}, `.repeat(9)}]\n`).join("")}packages: [*e, *e]`,
    "b.yaml:1:1: its aliases multiply one another beyond measure",
  ],
  ["two documents", "packages: [a.spec]\n---\npackages: [b.spec]\n", "b.yaml:2:1: there must be one document, and here begins another"],
  ["a type of its own", "packages: !!js/function x", "b.yaml:1:11: unresolved tag: tag:yaml.org,2002:js/function"],
  ["another encoding", Buffer.from([0xff, 0xfe, 0x41]), "b.yaml is not written in UTF-8"],
  ["control characters", "packages: [a\u0007.spec]", "b.yaml:1:13: the character U+0007 must not be in a file"],
])("%s is a fault, and no bug", async (_, content, fault) => {
  await expect(parseBatchFile(content, "b.yaml")).rejects.toMatchObject({ exitCode: 2, message: fault });
});

test.each([
  ["packages: [a.spec]", undefined],
  [
    '{"$schema": "https://x.example.org/", "packages": [{"source": "a.spec", "name": "a+b~1^2", "chroots": ["f*"], "after": []}]}',
    undefined,
  ],
  ["$schema: 1\npackages: [a.spec]", "b.yaml:1:1: '$schema' is to be an address"],
  ["", "b.yaml:1:1: the file is to have a list 'packages'"],
  ["packages: []", "b.yaml:1:1: 'packages' is to be a list of packages"],
  ["package: [a.spec]", "b.yaml:1:1: there is no key 'package'; did you mean 'packages'?"],
  ["packages:\n  - 1", "b.yaml:2:5: a package is a source, or has the key 'source'"],
  ["packages:\n  - name: a", "b.yaml:2:5: 'source' is to name a file, a checkout or an address"],
  ["packages:\n  - {source: a, nme: a}", "b.yaml:2:17: there is no key 'nme'; did you mean 'name'?"],
  ["packages:\n  - {source: a, name: a b}", "b.yaml:2:17: 'name' holds characters that no package has"],
  ["packages:\n  - {source: a, name: größe}", "b.yaml:2:17: 'name' holds characters that no package has"],
  ["packages:\n  - {source: a, chroots: []}", "b.yaml:2:17: 'chroots' names none: leave it out for all"],
  ["packages:\n  - {source: a, after: b}", "b.yaml:2:17: 'after' is to be a list of names"],
])("the reader and the schema think the same of %j", async (text, fault) => {
  expect(await faultOf(text)).toBe(fault);
  expect(validate(parse(text))).toBe(fault === undefined);
});
