import { existsSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBudget } from "../../../../src/core/packaging/spec-evaluator/budget.ts";
import { logicalLines } from "../../../../src/core/packaging/spec-evaluator/logical-lines.ts";
import { readPreamble } from "../../../../src/core/packaging/spec-evaluator/preamble.ts";
import { SpecError } from "../../../../src/core/packaging/spec-evaluator/spec-error.ts";

const macros: [string, string][] = [
  ["fedora", "43"],
  ["two_words", "one two"],
];
const read = (spec: string) => readPreamble(logicalLines(spec), { macros, architecture: "x86_64" });
const arches = (value: string, before = ""): string[] | undefined => read(`${before}\nExclusiveArch: ${value}\n`).exclusiveArchs;

describe("a tag's words", () => {
  // [what the spec says, what it means, lines before it]; all beyond or beside what the rpm of the oracle test knows.
  const cases: [string, string[] | undefined, string?][] = [
    ["%{lower:X86_64} %{upper:x}", ["X", "x86_64"]],
    ["%{len:four} %{sub:abcdef 2 3} %{sub abcdef 2 -2} %{rep:ab 3} %{reverse:abc}", ["4", "ababab", "bc", "bcde", "cba"]],
    ["%{basename:/a/b.c} %{dirname:b/a.c}x %{suffix:/a/b.c}", ["b.c", "bx", "c"]],
    ["%{quote:one two}", ["one", "two"]],
    ["a%(echo shell)b", undefined],
    ["a%{lua: print('lua') }b", undefined],
    // The part that is understood would be a stricter limit than the whole.
    ["%{some_unknown_arches} noarch", undefined],
    ["%(cat arches) noarch", undefined],
    ["%{list} noarch", undefined, "%global list %(cat arches)"],
    ["%{upper:%(cat arches)} %{len:%(x)}", undefined],
    ["%{getenv:ARCHES} noarch", undefined],
    ["%{?list:a} b", undefined, "%if %(x)\n%global list c\n%endif"],
    ["%{!?list:a} b", undefined, "%if %(x)\n%global list c\n%endif"],
    ["%{with x}", undefined, "%bcond x %(y)"],
    ["%list b", undefined, "%global list a\n%if %(x)\n%global list a c\n%endif"],
    ["a", undefined, "%if %(x)\nExclusiveArch: b\n%endif"],
    ["%{?unknown:a} b", ["b"]],
    ["%{?list:a} b", ["b"], "%if %(x) || 0\n%description\n%endif"],
    ["%{unknown} %unknown %{unknown:x} x%{unknown}y known", undefined],
    ["%[ 1 + ] good", undefined],
    ["%{expr: 1 + } good", undefined],
    ["%{unknown of words} a%[ ( ] b", undefined],
    ["\u009b31m x86_64 <script> a,b", undefined],
    [`${"x".repeat(65)} short`, undefined],
    ["%self fine", undefined, "%global self %{self} -O2"],
    ["%self fine", undefined, "%define self %{self}%{self}"],
    ["%{lit}", undefined, "%global lit<l> %{unknown}"],
    ["%global_fedora", ["g43"], "%global global_fedora<o> g%{fedora}"],
    ["%list x", ["one", "two", "x"], "%define list %two_words"],
    ["%{!?fedora:no}%{?fedora:yes} %{!?nope:none}", ["none", "yes"]],
    ["%{with a} %{without a}", ["0", "1"], "%bcond a 0"],
    ["%nil%%%nil good", undefined],
  ];
  test.each(cases)("%s", (value, expected, before) => {
    expect(arches(value, before)).toEqual(expected);
  });

  test("from several tags are one sorted list, and their names may be written anyhow", () => {
    const spec = "exclusivearch : b a\nEXCLUSIVEARCH:\tc\n  ExclusiveArch:a\nBuildArchitectures: noarch\nBuildArch: noarch\n";
    expect(read(spec)).toMatchObject({ exclusiveArchs: ["a", "b", "c"], buildArchs: ["noarch"], excludeArchs: [] });
  });

  test("of other packages and sections do not count", () => {
    for (const section of ["%package doc", "%description", "%prep", "%changelog", "%Package -n x", "%generate_buildrequires"])
      expect(read(`ExcludeArch: a\n${section}\nExcludeArch: b\n`).excludeArchs).toEqual(["a"]);
  });

  test("come with the name and the version", () => {
    const spec = "Name: x\nEpoch: 2\nVersion: 1.%{epoch}\nRelease: %{VERSION}.%{name}\nName: y\n";
    expect(read(spec)).toMatchObject({ name: "x", epoch: "2", version: "1.2", release: "1.2.x" });
    expect(read("Name: x\n")).toMatchObject({ name: "x", epoch: null, version: undefined });
  });

  test.each([
    ["Version: %(date)", { version: undefined }],
    ["Version: 1\nRelease: %{unknown}", { version: "1", release: undefined }],
    ["%if %(x)\nVersion: 1\n%else\nVersion: 2\n%endif\nRelease: %{version}", { version: undefined, release: undefined }],
    ["%if %(x)\nEpoch: 1\n%endif", { epoch: undefined }],
    ["%define n %{lua: print(1)}\nRelease: 0%{n}%{?dist}", { release: undefined }],
  ])("that depend on what is not known are not said: %j", (spec, expected) => {
    expect(read(spec)).toMatchObject(expected);
  });

  test.each([
    ["%autorelease", "4"],
    ["%autorelease -b 10", "13"],
    ["%autorelease -p -e rc1", "0.4.rc1"],
  ])("a release counted by rpmautospec is understood: %s", (release, expected) => {
    const script =
      '\n    release_number = 4;\n    base_release_number = tonumber(rpm.expand("%{?-b*}%{!?-b:1}"));\n    print(release_number + base_release_number - 1);\n';
    const spec = `%define autorelease(e:s:pb:n) %{?-p:0.}%{lua:${script}}%{?-e:.%{-e*}}%{?-s:.%{-s*}}%{!?-n:%{?dist}}\nRelease: ${release}\n`;
    expect(read(spec)).toMatchObject({ release: expected });
    expect(read(spec.replace("- 1", "- 2"))).toMatchObject({ release: undefined });
  });

  test("of exclusions the sure ones are said", () => {
    expect(read("ExcludeArch: a %{unknown}\n%if %(x)\nExcludeArch: b\n%else\nExcludeArch: c\n%endif\n").excludeArchs).toEqual(["a"]);
  });
});

describe("a condition", () => {
  // Undefined: neither branch counts.
  const cases: [string, boolean | undefined][] = [
    ["0%{?fedora} > 40", true],
    ["%{fedora}", true],
    ["%{unknown}", undefined],
    ["%{unknown} || 1", undefined],
    // Nobody writes it bare without a machine in mind that defines it.
    ['"%{unknown}" != "x"', undefined],
    ['"%{_vendor}" != "debian"', undefined],
    ['"%{lower:%{_vendor}}" != "debian"', undefined],
    ['%{expr:"%{_vendor}" != "debian"}', undefined],
    ['"%{?_vendor}" != "debian"', undefined],
    ["%{!?_vendor:1}0", undefined],
    ["0%{?_with_x:1}", false],
    ["%{undefined %(x)}", undefined],
    ['"100%%" != "x"', true],
    ['"%(x)" != "x"', undefined],
    ["0%{?unknown} > 1", false],
    ["%(echo 1)", undefined],
    ["1 == one", undefined],
    ["one == one", true],
    ["1 +", undefined],
    ["(1", undefined],
    ["1 / 0", undefined],
    ["1 ? 0 : 1", false],
    ["0 ? 1 / 0 : 1", true],
    ['"open', undefined],
    ["", undefined],
    [`${"(".repeat(90)}1${")".repeat(90)}`, true],
    [`${"(".repeat(5000)}1${")".repeat(5000)}`, undefined],
    [`${"!".repeat(5001)}0`, undefined],
    [`${"1+".repeat(5000)}1`, true],
  ];
  test.each(cases)("%s is %s", (condition, expected) => {
    const spec = `%if ${condition}\nExcludeArch: yes\n%else\nExcludeArch: no\n%endif\n`;
    expect(read(spec).excludeArchs).toEqual(expected === undefined ? [] : [expected ? "yes" : "no"]);
  });

  test("by architecture has an else, too", () => {
    const spec = "%ifarch s390x\nExcludeArch: a\n%elifarch x86_64 aarch64\nExcludeArch: b\n%elifos linux\nExcludeArch: c\n%endif\n";
    expect(read(spec).excludeArchs).toEqual(["b"]);
  });

  test.each(["%if 1\n", "%else\n", "%endif\n", "%elif 1\n", "%if 1\n%else\n%else\n%endif\n"])(
    "that does not fit is an error: %j",
    (spec) => {
      expect(() => read(spec)).toThrow(SpecError);
    },
  );

  test("may be left open where the preamble ends", () => {
    expect(read("%if 1\nBuildArch: noarch\n%description\n").buildArchs).toEqual(["noarch"]);
  });
});

describe("a hostile spec file", () => {
  const doubling = (count: number): string =>
    Array.from({ length: count }, (_, index) => `%global m${index + 1} %{m${index}}%{m${index}}\n`).join("");
  const cases: [string, string][] = [
    ["doubles a global", `%global m0 xxxxxxxxxx\n${doubling(60)}`],
    ["doubles a definition", `%define m0 x\n${doubling(60).replaceAll("%global", "%define")}ExcludeArch: %m60\n`],
    ["calls itself", "%define f() %f x %f y\n%f\n"],
    ["calls itself by turns", "%define f() %g %g\n%define g() %f %f\n%f\n"],
    ["repeats", "%define a %{rep:x 1000000000}\n%a\n"],
    ["repeats often", `%{rep:${"x".repeat(1000)} 7000}\n`.repeat(50)],
    ["opens braces", "%{".repeat(300_000)],
    ["opens braces in a definition", `%define x ${"%{".repeat(300_000)}`],
    ["nests unknown macros", `${"%{a ".repeat(100_000)}${"}".repeat(100_000)}`],
    ["nests tests", `${"%{?fedora:".repeat(100_000)}${"}".repeat(100_000)}`],
    ["nests expressions", `${"%[1 + ".repeat(100_000)}1${"]".repeat(100_000)}`],
    ["opens brackets", `%[ ${"(".repeat(300_000)} ]`],
    ["never ends a definition", `%define x ${"\\\n".repeat(300_000)}`],
    ["has no name for a macro", "%define %x 1\n"],
    ["names too many architectures", `ExcludeArch: ${Array.from({ length: 2000 }, (_, index) => `a${index}`).join(" ")}\n`],
    ["undefines within undefines", "%undefine ".repeat(10_000)],
    ["expands without end", `%define e() %{expand:%%{expand:%%e}}\n%e\n`],
  ];
  test.each(cases)("%s: ends soon", (_, spec) => {
    const began = process.cpuUsage();
    try {
      read(spec);
    } catch (error) {
      expect(error).toBeInstanceOf(SpecError);
    }
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  test("gets no further than the budget", () => {
    const read = () =>
      readPreamble(logicalLines("%define a xxxxxxxxxx\n".repeat(100)), { macros, architecture: "x86_64", budget: createBudget(1000) });
    expect(read).toThrow("The spec file's macros expand to too much");
  });

  test("runs nothing", () => {
    const witness = join(tmpdir(), `spec-evaluator-${process.pid}`);
    const lua = `%{lua: posix.exec('/bin/touch', '${witness}') os.execute('touch ${witness}') }`;
    const spec = `%(touch ${witness})\n%global x %(touch ${witness})\n${lua}\n%{expand:%%(touch ${witness})}\n%if %(touch ${witness}; echo 1)\n%endif\n%include ${witness}\n%{load:${witness}}\n%{uncompress:${witness}}\nExcludeArch: a\n`;
    expect(read(spec).excludeArchs).toEqual(["a"]);
    expect(existsSync(witness)).toBe(false);
  });
});

describe("any text", () => {
  const pieces = [
    "%", "%%", "%{", "}", "%(", ")", "%[", "]", "(", "{", "[", "\n", "\\\n", "\\", " ", ":", "?", "!", '"', "#", "-", "0", "1", "a", "b",
    "%define a ", "%global b() ", "%undefine a", "%a", "%{b ", "%1", "%*", "%#", "%{?a:", "%{!?b:", "%{-f:", "%if ", "%elif ", "%else\n",
    "%endif\n", "%ifarch x86_64\n", "%{expand:", "%{expr:", "%bcond ", "%{with ", "%{lua:", "%{quote:", "%{rep:", "&&", "||", "==", "v\"1\"",
    "ExclusiveArch: ", "Name: ", "%description\n", "x86_64", "%dnl ",
  ]; // biome-ignore format: a list
  const texts = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 60,
    size: "max",
  });

  test("gives words or a SpecError", () => {
    fc.assert(
      fc.property(texts, (parts) => {
        try {
          const { name: _, ...tags } = read(parts.join(""));
          expect((tags.exclusiveArchs ?? []).every((word) => /^\w[\w.,+~-]*$/.test(word))).toBe(true);
        } catch (error) {
          if (!(error instanceof SpecError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});
