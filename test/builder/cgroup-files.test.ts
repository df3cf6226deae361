import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDoor } from "../../src/builder/cost/cgroup-files.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe("the door of a cgroup", () => {
  test("is shut when all that were let in are in, and for good", async () => {
    const path = join(await temporaryDirectory(), "cgroup.procs");
    await writeFile(path, "");
    const door = openDoor(path);
    door.admit(17);
    const closing = door.close();
    // Its descriptor may be somebody else's file by now.
    door.admit(18);
    await closing;
    expect(await readFile(path, "utf8")).toBe("17");
    door.admit(19);
    await door.close();
    expect(await readFile(path, "utf8")).toBe("17");
  });

  test("that may not be opened keeps nobody from anything", async () => {
    const door = openDoor(join(await temporaryDirectory(), "none", "cgroup.procs"));
    door.admit(17);
    await door.close();
  });
});
