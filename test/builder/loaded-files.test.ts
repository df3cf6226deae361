import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadedParts } from "../support/loaded-parts.ts";
import { bin, nameOfBuilder } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

// A host asks for these all the time, and a task waits for the start of each of its parts.
describe("the parts of the builder that are loaded", () => {
  test.each(["status", "log", "show"])("%s: only what it shows", async (command) => {
    const parts = await loadedParts([...bin.builder, command, "--state-dir", join(await temporaryDirectory(), "state")]);
    expect(parts).toContain("builder");
    for (const other of ["processes", "journal", "host", "task", "undici"]) expect(parts).not.toContain(other);
  });

  test.each(["cancel", "history", "metrics"])("%s: nothing that does a task", async (command) => {
    const parts = await loadedParts([...bin.builder, command, "--state-dir", join(await temporaryDirectory(), "state")]);
    expect(parts).toContain("processes");
    for (const other of ["task", "undici"]) expect(parts).not.toContain(other);
  });

  test.each(["copr-builder-ready", "copr-builder-cleanup", "copr-rpmbuild-log", "copr-rpmbuild-cancel", "copr-rpmbuild"])(
    "help of %s: nothing that does a task",
    async (name) => {
      const parts = await loadedParts([...nameOfBuilder(name), "--help"]);
      expect(parts).toContain("builder");
      for (const other of ["task", "undici"]) expect(parts).not.toContain(other);
    },
  );

  test("the filter of a log: no more than it filters with", async () => {
    const parts = await loadedParts(bin.loggify);
    expect(parts).toContain("text");
    for (const other of ["builder", "processes", "task"]) expect(parts).not.toContain(other);
  });
});
