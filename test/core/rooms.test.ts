import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { foundation, roomArrows } from "../../scripts/docs/rooms.ts";

const core = fileURLToPath(new URL("../../src/core/", import.meta.url));
const arrows = roomArrows(core);
const rooms = [...arrows.keys()].filter((room) => !room.endsWith(".ts"));

describe("the rooms of core", () => {
  test("are those that the README names, and the library's few files", () => {
    expect([...arrows.keys()].filter((room) => room.endsWith(".ts")).toSorted()).toEqual([
      "client.ts",
      "errors.ts",
      "index.ts",
      "version.ts",
    ]);
    expect(rooms).toHaveLength(18);
  });

  test.each(rooms)("%s says what it is for and what it imports", (room) => {
    const readme = readFileSync(`${core}${room}/README.md`, "utf8");
    const imported = [...(arrows.get(room) ?? [])].filter((target) => !foundation.has(target)).toSorted();
    expect(readme).toMatch(/^# .+\n\n\S.+\n\nImports .+\.\n$/);
    const said = readme.trimEnd().split("\n").at(-1) ?? "";
    expect([...said.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name)).toSorted()).toEqual(imported);
  });

  test("import one another in one direction, whether at once, later or for types", () => {
    const left = new Map(arrows);
    for (let found = true; found; ) {
      const free = [...left].filter(([, targets]) => [...targets].every((target) => !left.has(target))).map(([room]) => room);
      for (const room of free) left.delete(room);
      found = free.length > 0;
    }
    expect([...left.keys()]).toEqual([]);
  });
});
