import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rows } from "./rows.ts";

const tests = fileURLToPath(new URL("..", import.meta.url));

/** Ids that names of tests in any file begin with: `C7: …`, or `C1, C2: …`. */
function testedRows(): Set<string> {
  const names = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  const found = names.flatMap((name) => [...readFileSync(join(tests, name), "utf8").matchAll(/["'`]((?:C\d+, )*C\d+): /g)]);
  return new Set(found.flatMap(([, ids = ""]) => ids.split(", ")));
}

test("every row of the list of attacks has a test, and every test its row", () => {
  const ids = Object.keys(rows);
  expect(ids).toEqual(Array.from({ length: 37 }, (_, index) => `C${index + 1}`));
  const tested = testedRows();
  expect(ids.filter((id) => !tested.has(id))).toEqual([]);
  expect([...tested].filter((id) => !ids.includes(id))).toEqual([]);
});
