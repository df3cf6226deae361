import fc from "fast-check";
import { expect, test } from "vitest";
import { CoprError, UsageError } from "../../../src/core/errors.ts";
import { chrootNamePattern, formatTaskId, parseChrootPath, parseProjectName, parseTaskId } from "../../../src/core/task/names.ts";

test.each([
  ["prj", undefined, "prj", "prj"],
  ["bob/prj", "bob", "prj", "prj"],
  ["@group/prj", "@group", "prj", "prj"],
  ["@group/prj:pr:12", "@group", "prj:pr:12", "prj"],
  ["prj:custom", undefined, "prj:custom", "prj"],
  ["bob/a/b", "bob", "a/b", "a/b"],
  ["/prj", undefined, "/prj", "/prj"],
  ["", undefined, "", ""],
])("project %j", (text, owner, dirname, project) => {
  expect(parseProjectName(text)).toEqual({ owner, dirname, project });
});

test.each([
  ["prj/fedora-43-x86_64", undefined, "prj", "fedora-43-x86_64"],
  ["bob/prj/fedora-43-x86_64", "bob", "prj", "fedora-43-x86_64"],
  ["@group/prj/epel+next-9-x86_64", "@group", "prj", "epel+next-9-x86_64"],
])("chroot %j", (text, owner, project, chroot) => {
  expect(parseChrootPath(text)).toEqual({ owner, project, chroot });
});

test.each(["fedora-43-x86_64", "", "/", "//x"])("%j is no path of a chroot", (text) => {
  expect(() => parseChrootPath(text)).toThrow(CoprError);
});

test.each([
  ["42", { kind: "srpm", buildId: 42 }],
  ["42-fedora-43-x86_64", { kind: "rpm", buildId: 42, chroot: "fedora-43-x86_64" }],
  ["1-centos-stream+epel-next-9-x86_64", { kind: "rpm", buildId: 1, chroot: "centos-stream+epel-next-9-x86_64" }],
])("task %j", (text, id) => {
  expect(parseTaskId(text)).toEqual(id);
});

test.each([
  "",
  "0",
  "01",
  "-1",
  "x",
  "42-",
  "4 2",
  " 42",
  "42\n",
  "42-../../etc",
  "42-fedora\n",
  "42-.x",
  "42--x",
  "9".repeat(16),
  "42-a b",
])("%j is no task", (text) => {
  expect(() => parseTaskId(text)).toThrow(UsageError);
});

const chroot = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,30}$/);

test("a task id that is written is read again", () => {
  const id = fc.oneof(
    fc.record({ kind: fc.constant("srpm" as const), buildId: fc.integer({ min: 1 }) }),
    fc.record({ kind: fc.constant("rpm" as const), buildId: fc.integer({ min: 1 }), chroot }),
  );
  fc.assert(
    fc.property(id, (one) => {
      expect(parseTaskId(formatTaskId(one))).toEqual(one);
    }),
  );
});

test("no name of a chroot leads out of a directory", () => {
  const hostile = fc
    .array(fc.oneof(fc.constantFrom("..", "/", ".", "-", "\0", "\n", "a", "43", "{{", "%"), fc.string({ maxLength: 3 })), { maxLength: 5 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, (name) => {
      if (!chrootNamePattern.test(name)) return;
      expect(new URL(`file:///etc/mock/${name}.cfg`).pathname).toBe(`/etc/mock/${name}.cfg`);
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/);
    }),
    { numRuns: 2000 },
  );
});
