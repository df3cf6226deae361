import { describe, expect, test } from "vitest";
import { allRules } from "../../../src/core/explain/rules/index.ts";
import { explainText, framed } from "./framed.ts";

describe("the rules", () => {
  test("have names of their own", () => {
    const names = allRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  test.each(allRules.map((rule) => [rule.name, rule] as const))("%s explains its example", async (name, rule) => {
    const phase = rule.in ?? rule.phases?.[0];
    if (phase === undefined) throw new Error("the example is of no phase");
    const { text, name: file, line } = framed(rule.example, phase);
    expect(line, "a line of the example begins with '=> '").toBeGreaterThan(0);
    const explanation = await explainText(text, file);
    expect({ rule: explanation.rule, line: explanation.lines[0]?.line, text: explanation.lines[0]?.text }).toEqual({
      rule: name,
      line,
      text: text.split("\n")[line - 1],
    });
    expect(explanation.category).toBe(rule.category);
    expect(explanation.phase).toBe(rule.proves ?? phase);
    expect(explanation.lines.length).toBeLessThanOrEqual(5);
    expect(explanation.advice ?? "A sentence.").toMatch(/^\S[^\n]*\.$/);
    if (!text.includes("undefined")) expect(explanation.advice ?? "").not.toContain("undefined");
  });
});

describe("what a shell traces", () => {
  test("is no word of a program, whatever it says", async () => {
    const { text, name, line } = framed(
      `
+ echo 'x.c:1:1: error: expected nothing'
+ grep -q 'x.c:1:10: fatal error: foo.h: No such file or directory' NEWS
++ sed -n 's/configure: error: no acceptable C compiler/&/p' configure
+ ./bootstrap
=> ./bootstrap: line 44: gperf: command not found`,
      "build",
    );
    const { lines, category } = await explainText(text, name);
    expect({ category, lines: lines.map((one) => one.line) }).toEqual({ category: "missing-command", lines: [line] });
  });

  test("of a look at an exit status leaves the cause to the command before it", async () => {
    const { text, name, line } = framed(
      `
+ /usr/lib/rpm/rpmuncompress -x /builddir/build/SOURCES/x-1.0.tar.xz
=> /usr/bin/xz: (stdin): File format not recognized
+ STATUS=2
+ '[' 2 -ne 0 ']'
+ exit 2`,
      "prep",
    );
    const { lines, category } = await explainText(text, name);
    expect({ category, lines: lines.map((one) => one.line) }).toEqual({ category: "source-corrupt", lines: [line] });
  });
});

test("a command that is not there is found out, whichever shell says it", async () => {
  for (const said of ["line 28: ecko: command not found", "28: ecko: not found"]) {
    const { text, name, line } = framed(`\n+ ecko grammar\n=> /var/tmp/rpm-tmp.rNqMYG: ${said}`, "build");
    const { category, lines, advice } = await explainText(text, name);
    expect([category, lines.map((one) => one.line)]).toEqual(["missing-command", [line]]);
    expect(advice).toContain("ecko");
  }
});

test("a program that was killed is found out, whichever shell says it", async () => {
  for (const said of ["Killed", "/var/tmp/rpm-tmp.rNqMYG: line 33: 12345 Killed                  python3 big.py"]) {
    const { text, name, line } = framed(`\n+ python3 big.py\n=> ${said}`, "build");
    const { category, lines } = await explainText(text, name);
    expect([category, lines.map((one) => one.line)]).toEqual(["out-of-memory", [line]]);
  }
});

test("what a builder has written of the cause is no cause by itself", async () => {
  const log = `Running: make -f /builddir/.copr/Makefile srpm outdir=/builddir/out spec=/builddir/x.spec
error: File /builddir/x.spec is not a regular file.
make: *** [/builddir/.copr/Makefile:3: srpm] Error 1
`;
  const conclusion = `Cause: srpm-method fetching its sources: error: File /builddir/x.spec is not a regular file.
Advice: The script or Makefile that makes the source package failed: run it in a fresh chroot of the distribution.
`;
  const end = "Copr build error: The source package could not be made: make ended with 2\n";
  const [plain, told] = [await explainText(log + end, "builder-live.log"), await explainText(log + conclusion + end, "builder-live.log")];
  expect(plain.lines.map(({ line }) => line)).toEqual([2]);
  expect(told).toEqual(plain);
});
