import { describe, expect, test } from "vitest";
import { mayDependOnDistribution } from "../../../../src/core/packaging/spec-evaluator/distribution-dependence.ts";
import { distributionMacros, macroTarget } from "../../../../src/core/packaging/spec-evaluator/distribution-macros.ts";
import { parseMacroDatabase } from "../../../../src/core/packaging/spec-evaluator/macro-database.ts";
import { logicalLines } from "../../../../src/core/packaging/spec-evaluator/logical-lines.ts";
import { readPreamble } from "../../../../src/core/packaging/spec-evaluator/preamble.ts";

describe("a distribution", () => {
  test.each([
    ["fedora-43", { fedora: "43", fc43: "1", dist: ".fc43" }, ["rhel", "epel", "suse_version"]],
    ["fedora-rawhide", { fedora: expect.stringMatching(/^\d+$/) }, ["rhel"]],
    ["custom-1", { fedora: expect.stringMatching(/^\d+$/) }, ["rhel"]],
    ["fedora-eln", { rhel: "11", dist: ".eln" }, ["fedora", "epel"]],
    ["epel-7", { rhel: "7", epel: "7", el7: "1", dist: ".el7" }, ["fedora", "centos", "java_arches"]],
    ["epel-9", { rhel: "9", epel: "9", el9: "1" }, ["fedora", "centos"]],
    ["epel-10", { rhel: "10", epel: "10", centos: "10" }, ["fedora"]],
    ["rhel-9", { rhel: "9" }, ["epel", "fedora"]],
    ["rhel+epel-8", { rhel: "8", epel: "8" }, ["centos"]],
    ["centos-stream-9", { rhel: "9", centos: "9" }, ["epel"]],
    ["centos-stream+epel-next-9", { rhel: "9", centos: "9", epel: "9" }, []],
    ["alma+epel-9", { rhel: "9", epel: "9", almalinux: "9" }, []],
    ["rocky+epel-9", { rhel: "9", epel: "9", rocky: "9" }, []],
    ["opensuse-leap-15.6", { suse_version: "1500", sle_version: "150600", is_opensuse: "1" }, ["fedora", "java_arches"]],
    ["opensuse-tumbleweed", { is_opensuse: "1" }, ["sle_version"]],
    ["mageia-9", { mageia: "9" }, ["fedora"]],
    ["mageia-cauldron", { mageia: expect.stringMatching(/^\d+$/) }, ["fedora"]],
    ["openeuler-24.03", { dist: ".oe2403" }, ["fedora"]],
    ["amazonlinux-2023", { amzn: "2023", fedora: "34" }, ["rhel"]],
    ["nobody-1", { ix86: expect.stringContaining("i686") }, ["fedora", "rhel", "dist"]],
  ])("%s tells itself by its macros", (distribution, expected, missing) => {
    const macros = distributionMacros(macroTarget(distribution));
    expect(macros).toMatchObject(expected);
    for (const name of missing) expect(macros).not.toHaveProperty(name);
  });

  test("has no list of architectures that does not expand", () => {
    for (const target of ["fedora-43", "rhel+epel-7", "rhel+epel-8", "rhel-9", "centos-stream-10", "mageia-9", "openeuler-22.03"]) {
      const macros = Object.entries(distributionMacros(target));
      for (const [name] of macros.filter(([name]) => name.endsWith("_arches"))) {
        const { exclusiveArchs } = readPreamble([`ExclusiveArch: %${name}`], { macros, architecture: "x86_64" });
        const { name: rest } = readPreamble([`Name: %{${name}}`], { macros, architecture: "x86_64" });
        expect(exclusiveArchs?.length, `${target} ${name}`).toBeGreaterThan(0);
        expect(rest, `${target} ${name}`).not.toContain("%");
      }
    }
  });
});

describe("the macro override database", () => {
  const plain = (value: string) => ({ value, params: null });
  const database = parseMacroDatabase(
    JSON.stringify({
      fedora: [
        { definition: plain("44"), tags: ["fedora-rawhide"] },
        { definition: null, tags: ["rhel-9"] },
      ],
      java_arches: [{ definition: plain("riscv64"), tags: ["rhel-9"] }],
      call: [{ definition: { value: "<%1>", params: "a:" }, tags: ["rhel-9", "fedora-rawhide"] }],
    }),
  );
  const ours = { fedora: "1", java_arches: "ours", rhel: "9" };

  test("has the last word on what it names", () => {
    expect(Object.fromEntries(database.applyTo("rhel-9", { ...ours, fedora: "x86_64" }))).toEqual({
      java_arches: { body: "riscv64", parameters: undefined },
      call: { body: "<%1>", parameters: "a:" },
      rhel: "9",
    });
    expect(Object.fromEntries(database.applyTo("fedora-rawhide", ours))).toMatchObject({ fedora: { body: "44" }, rhel: "9" });
    expect(database.applyTo("fedora-rawhide", ours).has("java_arches")).toBe(false);
  });

  test("does not take away the number of a distribution", () => {
    expect(database.applyTo("rhel-9", { fedora: "1" }).get("fedora")).toBe("1");
    expect(database.applyTo("rhel-9", { fedora: "a list" }).has("fedora")).toBe(false);
  });

  test("changes nothing for what it does not know", () => {
    expect(Object.fromEntries(database.applyTo("fedora-99", ours))).toEqual(ours);
  });

  test.each(["", "[]", "null", '{"a": 1}', '{"a": [null]}', '{"a": [{"tags": [1], "definition": null}]}', '{"a": [{"tags": []}]}'])(
    "of another shape is refused: %s",
    (text) => {
      expect(() => parseMacroDatabase(text)).toThrow(/^The macro override database/);
    },
  );
});

describe("the distribution matters", () => {
  test.each([
    ["BuildArch: noarch\n%if 0%{?fedora}\nBuildRequires: x\n%endif\n", false],
    ["Name: x\n%description\n%if 1\nBuildArch: noarch\n%endif\n", false],
    ["%package doc\nBuildArch: %{x}\n", false],
    ["%if 0%{?fedora}\nBuildArch: noarch\n%endif\n", true],
    ["%if 0%{?fedora}\n%endif\nExclusiveArch: a\n", false],
    ["ExclusiveArch: %{java_arches}\n", true],
    ["%{?fedora:ExcludeArch: a}\n", true],
    ["  ExcludeArch: a\n", true],
    ["%global x \\\nexcludearch: a\n%x\n", true],
    ["%gometa -f\n", true],
    ["Name: x\n", false],
  ])("in %j: %s", (spec, expected) => {
    expect(mayDependOnDistribution(logicalLines(spec))).toBe(expected);
  });
});
