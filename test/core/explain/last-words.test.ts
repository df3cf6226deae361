import { describe, expect, test } from "vitest";
import { explainText, framed } from "./framed.ts";
import type { Phase } from "../../../src/core/explain/rules/categories.ts";

async function causeIn(excerpt: string, phase: Phase) {
  const { text, name, line } = framed(excerpt, phase);
  const { lines, category, phase: failed } = await explainText(text, name);
  return { isRight: lines.length === 1 && lines[0]?.line === line, category, phase: failed, lines };
}

describe("the last words of a program that no rule knows", () => {
  test("are heard behind Ninja's word on the failed command, whatever goes on after it", async () => {
    const cause = await causeIn(
      `
[3/9] FAILED: data/x.bin
cd /builddir/build/BUILD/x && ./frobdata --max-errors 3 -o data/x.bin
frobdata version 3
=> frobdata: table 12: value out of range
[4/9] Generating missing.txt
[5/9] ./cannot-be-read --quiet
ninja: build stopped: subcommand failed.`,
      "build",
    );
    expect(cause).toMatchObject({ isRight: true, category: "script-failed" });
  });

  test("are heard before make's, across what other jobs print behind it", async () => {
    const cause = await causeIn(
      `
frobc x.in
=> x.in 12: the limit is out of range
make[2]: *** [Makefile:33: x.out] Error 1
make[2]: *** Waiting for unfinished jobs....
  CC unknown-names.o
  CC invalid.o
make[1]: *** [Makefile:12: all-recursive] Error 1`,
      "build",
    );
    expect(cause).toMatchObject({ isRight: true, category: "script-failed" });
  });

  test("are those of the last command only", async () => {
    const cause = await causeIn(`\n+ ./first\nfirst: cannot say anything\n+ ./second --all\nall 12 names were read`, "build");
    expect(cause).toMatchObject({ category: "unknown", lines: [] });
  });

  test("are no warnings, no words on how many errors there were, no flags", async () => {
    const cause = await causeIn(
      `
+ ./run
x.frb 12: warning: missing name
checking for error.h... no
run -Werror=missing --fail-fast
0 errors found
2 errors
Command 'frob' returned 3`,
      "build",
    );
    expect(cause).toMatchObject({ category: "unknown", lines: [] });
  });

  test("tell the kind of a message that only sounds like a failure", async () => {
    expect(await causeIn("\n+ ./x\n=> frob: cannot find the required library frobnicate", "build")).toMatchObject({
      isRight: true,
      category: "missing-dep-configure",
    });
    expect(await causeIn("\n+ ./x\n=> frob: cannot read 12 names", "check")).toMatchObject({ isRight: true, category: "test-failure" });
  });
});

test("colours in the middle of a message do not hide it", async () => {
  const cause = await causeIn(
    `
FAILED: src/a.o
clang++ -c src/a.cpp
=> \u001b[1msrc/a.cpp:73:27: \u001b[0m\u001b[0;1;31merror: \u001b[0m\u001b[1mno member named 'print' in namespace 'std'\u001b[0m
ninja: build stopped: subcommand failed.`,
    "build",
  );
  expect(cause).toMatchObject({ isRight: true, category: "compile-error" });
});

describe("a log of mock that shows none of its commands", () => {
  const failed = (before: string) =>
    explainText(
      `DEBUG util.py:459:  Repositories loaded.\n${before}DEBUG util.py:459:  No matching package to install: 'frob-devel'\nDEBUG util.py:608:  Child return code was: 1\n`,
      "root.log",
    );

  test("is about the chroot until that is installed", async () => {
    expect(await failed("")).toMatchObject({ phase: "chroot-setup", category: "dep-missing" });
  });

  test("is about what the build requires afterwards", async () => {
    expect(await failed("DEBUG util.py:459:  Complete!\nDEBUG util.py:608:  Child return code was: 0\n")).toMatchObject({
      phase: "builddeps",
      category: "dep-missing",
    });
  });
});

test("what copr-rpmbuild repeats of mock's output begins no phase", async () => {
  const mock =
    "Start: chroot init\nFinish: chroot init\nStart: chroot ['make -f .copr/Makefile srpm']\nmake: *** No rule to make target 'srpm'.  Stop.\n";
  const { phase, category, lines } = await explainText(
    `Running: mock --uniqueext 17 -r /x.cfg --chroot 'make -f .copr/Makefile srpm'\n${mock}ERROR: Command failed: \nCopr build error: Start(bootstrap): init plugins\n${mock.replace(/^Start: chroot \['.*\n/m, "")}`,
    "builder-live.log",
  );
  expect({ phase, category, line: lines[0]?.line }).toEqual({ phase: "sources", category: "srpm-method", line: 5 });
});
