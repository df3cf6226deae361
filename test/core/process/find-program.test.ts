import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../../../src/core/process/find-program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("findProgram finds what can be executed, in order", async () => {
  const [first, second] = [await temporaryDirectory(), await temporaryDirectory()];
  for (const directory of [first, second]) await writeFile(join(directory, "tool"), "#!/bin/sh\n");
  await mkdir(join(first, "other"));
  await chmod(join(second, "tool"), 0o755);
  const path = `${first}::${second}`;
  expect([await findProgram("tool", path), await findProgram("none", path), await findProgram("other", path)]).toEqual([
    `${second}/tool`,
    undefined,
    undefined,
  ]);
  expect(await findProgram(join(second, "tool"), ""), "a path is no name to look for").toBe(`${second}/tool`);
});
