import { describe, expect, test } from "vitest";
import { distributionMacros } from "../../../../src/core/packaging/spec-evaluator/distribution-macros.ts";
import { logicalLines } from "../../../../src/core/packaging/spec-evaluator/logical-lines.ts";
import { readPreamble } from "../../../../src/core/packaging/spec-evaluator/preamble.ts";

const macros = Object.entries(distributionMacros("fedora-43"));
const read = (spec: string) => readPreamble(logicalLines(spec), { macros, architecture: "x86_64" });

describe("a list is in doubt", () => {
  test.each([
    ['%{lua: print("ExclusiveArch: x86_64 aarch64\\n")}', "noarch"],
    ['%(echo "ExclusiveArch: x86_64")', "noarch"],
    ['%{lua: rpm.define("my_arches x86_64 aarch64")}', "noarch %{?my_arches}"],
    ['%global my a\n%define f() %{lua: rpm.define("my b")}%{nil}\nSummary: %f', "noarch %my"],
    ["%global my a\n%define set() %global my b\nSummary: %{lua: rpm.expand('%set')}", "noarch %my"],
    ["%include F", "noarch"],
    ["%{load:F}", "noarch %{?inc_arches}"],
    ["%{load:F}", "%{!?other:noarch}"],
    ["%unknown_macro -x", "noarch"],
    ['%if "%{_vendor}" != "debian"\nExclusiveArch: x86_64\n%endif', "noarch"],
    ["%{?_vendor:ExclusiveArch: x86_64}", "noarch"],
    ["%define tags ExclusiveArch: x86_64\n%if %(echo 1)\n%tags\n%endif", "noarch"],
    ["%define set() %global list x86_64\n%if %(echo 1)\n%set\n%endif", "noarch %{?list}"],
    ["%if %(echo 1)\n%{?fedora:ExclusiveArch: x86_64}\n%endif", "noarch"],
    ["%if %(echo 1)\n%if 0%{!?x:%{expand:%global list a}}\n%endif\n%endif", "noarch %{?list}"],
    ["", "<x86_64> noarch"],
    ["", "%{sub:x%{foo_arches} 4 9}"],
    ["", "noarch %{len:%{foo}}"],
    ["", "noarch %{rep:x86_64 %{count}}"],
    ["", "noarch %{?foo_arches}"],
    ["%global list a\n%undefine %(echo list)", "noarch %{!?list:x86_64}"],
    ["%global list a\n%global list b\n%if %(x)\n%undefine list\n%endif\n%undefine list", "noarch %{?list}"],
    ["", "noarch%{undefined %(x)}"],
    ["%define f(x) a%{-x:b}", "noarch %f %(echo -x)"],
    ["%define f(x) a%{-x:b}%1", "noarch %f %{unknown} c"],
    ["%bcond_with %(x)", "noarch %{with x}"],
    ["%{echo:%(x)%{lua: x}}", "noarch %{?x}"],
  ])("after %j: %s", (before, value) => {
    expect(read(`${before}\nExcludeArch: s390x\nExclusiveArch: ${value}\n`)).toMatchObject({
      exclusiveArchs: undefined,
      excludeArchs: ["s390x"],
    });
  });
});

describe("an identity is in doubt", () => {
  test.each([
    ['%{lua: print("Epoch: 3\\n")}', { epoch: undefined }],
    ["%define e() Epoch: 4\n%if %(x)\n%e\n%endif", { epoch: undefined }],
    ["%{?_vendor:Epoch: 5}", { epoch: undefined, version: "1", exclusiveArchs: [] }],
    ["%include F\nRelease: 1%{?rel}", { release: undefined, version: undefined }],
    ["Release: 1%{?_vendor:.%{_vendor}}", { release: undefined, version: "1" }],
    ["Version: 2\n%{lua: x}\nRelease: 1%{?dist}", { version: "2", epoch: undefined }],
    ["%{lua: rpm.define('ver 2.0')}\nVersion: %{?ver}%{!?ver:1.0}", { version: undefined }],
  ])("after %j", (spec, expected) => {
    expect(read(`${spec}\nVersion: 1\n`)).toMatchObject(expected);
  });
});

test.each([
  ["%{!?_licensedir:%global license %%doc}\n# %{unknown}: %(x)\n", "noarch", ["noarch"]],
  ["%global commit %(x)\n%global short %{commit}\nSource0: %{short}.%{unknown}\n", "noarch %{?foo}", ["noarch"]],
  ["%bcond_without tests\n%bcond_with docs\n%global a b\n", "%{a} %{with tests} %{?_with_x:c}", ["1", "b"]],
  ["%{load:F}\n%global a b\n", "%{?a} %{?fedora} %{?rhel}", ["43", "b"]],
  ["", "\"x86_64\" 'aarch64'", ["aarch64", "x86_64"]],
  ["%if 0%{?fedora} >= 40\nBuildRequires: %{unknown}\n%endif\n", "%{java_arches}", expect.arrayContaining(["x86_64"])],
])("what is ordinary is understood: %j", (before, value, expected) => {
  expect(read(`${before}ExclusiveArch: ${value}\n`).exclusiveArchs).toEqual(expected);
});
