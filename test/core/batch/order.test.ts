import { describe, expect, test } from "vitest";
import { parseBatchFile } from "../../../src/core/batch/batch-file.ts";
import { likelyNames } from "../../../src/core/batch/likely-names.ts";
import { orderPackages, type PackageToOrder } from "../../../src/core/batch/order.ts";
import { UsageError } from "../../../src/core/errors.ts";

/** `name: requirement; requirement`, providing itself in version 1.0-1 and what stands in `provides`. */
const set = (texts: Readonly<Record<string, string>>, provides: Readonly<Record<string, string[]>> = {}): PackageToOrder[] =>
  Object.entries(texts).map(([name, requires]) => ({
    name,
    sourceName: name,
    isComplete: true,
    requires: requires.split(";").filter(Boolean),
    provides: [`${name} = 1.0-1`, ...(provides[name] ?? [])],
  }));
const waves = (packages: readonly PackageToOrder[]): string[][] => orderPackages(packages).map((wave) => wave.map(({ name }) => name));

describe("an order", () => {
  test.each<[why: string, requires: string, isBehind: boolean]>([
    ["a version that is there", "lib = 1.0", true],
    ["a version with its release", "lib = 1.0-1", true],
    ["a release that is not", "lib = 1.0-2", false],
    ["a version that comes from outside", "lib >= 2", false],
    ["an old spelling", "lib => 1.0", true],
    ["no blanks", "lib>=1.0", true],
    ["an epoch that is missing", "lib < 1:0", true],
    ["the machine's own", "lib(x86-64) = 1.0-1", true],
    ["a list", "glibc, lib", true],
    ["one of two", "(glibc or lib)", true],
    ["both of one package", "(lib with lib-feature)", true],
    ["both of one package, which has not", "(lib with zlib)", false],
    ["but not of it", "(lib without lib-feature)", false],
    ["if something is there from outside", "(lib if glibc)", true],
    ["nested, with versions", "((glibc or zlib) and (lib >= 1.0 if glibc else zlib))", true],
    ["something else", "glibc", false],
  ])("%s", (_, requires, isBehind) => {
    const packages = set({ app: requires, lib: "" }, { lib: ["lib-feature"] });
    expect(waves(packages)).toEqual(isBehind ? [["lib"], ["app"]] : [["app", "lib"]]);
  });

  test("waits for all that provide something, or for one where else there would be none", () => {
    const provides = { one: ["virtual"], two: ["virtual"] };
    expect(waves(set({ user: "virtual", one: "", two: "one" }, provides))).toEqual([["one"], ["two"], ["user"]]);
    expect(waves(set({ user: "virtual", one: "", two: "user" }, provides))).toEqual([["one"], ["user"], ["two"]]);
  });

  test("what only perhaps counts is heeded where it makes no cycle", () => {
    const [app, lib] = set({ app: "", lib: "" }) as [PackageToOrder, PackageToOrder];
    expect(waves([{ ...app, perhapsRequires: ["lib"] }, lib])).toEqual([["lib"], ["app"]]);
    expect(
      waves([
        { ...app, perhapsRequires: ["lib"] },
        { ...lib, requires: ["app"] },
      ]),
    ).toEqual([["app"], ["lib"]]);
  });

  test("what a package needs of itself comes from outside", () => {
    expect(waves(set({ gcc: "gcc >= 0.9" }))).toEqual([["gcc"]]);
  });

  test("is asked for by names, in place of the requirements", () => {
    const [app, lib, other] = set({ app: "lib", lib: "", other: "" }) as [PackageToOrder, PackageToOrder, PackageToOrder];
    expect(waves([{ ...app, after: ["other"] }, lib, other])).toEqual([["lib", "other"], ["app"]]);
    expect(() => waves([{ ...app, after: ["otter"] }, lib, other])).toThrow(
      "'app' is to be built after 'otter', which is not in the batch.",
    );
  });

  test("that does not exist: every cycle is named, by its shortest way, and what hangs on it is not", () => {
    const packages = set({ a: "b", b: "(c and glibc)", c: "a;b-devel", x: "y", y: "x", leaf: "a", root: "" }, { b: ["b-devel"] });
    expect(() => waves(packages)).toThrow(UsageError);
    expect(() => waves(packages)).toThrow(
      "no order for them: b needs c ((c and glibc)), which needs b (b-devel); x needs y (y), which needs x (x).",
    );
  });

  test("of two thousand packages is quick, and of a chain of them as well", () => {
    const texts = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${at}`, at === 0 ? "" : `p${at - 1}`]));
    expect(waves(set(texts))).toHaveLength(2000);
  });

  test.each(["(a or b", "a >=", ")", "(a or (b)", "(a unless b)"])("%j is no requirement", (text) => {
    expect(() => waves(set({ app: text }))).toThrow("is no requirement that rpm takes");
  });
});

test.each([
  ["pkgconfig(foo-2.0)", "foo2-devel"],
  ["pkgconfig(libfoo)", "foo-devel"],
  ["cmake(Foo)", "foo-devel"],
  ["python3dist(foo.bar)", "python3-foo-bar"],
  ["python3.14dist(foo[extra])", "python3-foo+extra"],
  ["perl(A::B)", "perl-A-B"],
  ["rubygem(rails)", "rubygem-rails"],
  ["crate(serde/default)", "rust-serde-devel"],
  ["golang(github.com/foo/bar/pkg)", "golang-github-foo-bar-devel"],
  ["/usr/bin/foo", "foo"],
])("%s is likely to be of %s", (capability, name) => {
  expect(likelyNames(capability)).toContain(name);
});

describe("a file that names a batch", () => {
  test.each<[text: string, message: string]>([
    ["packages:\n  - sorce: a.spec\n", "batch.yaml:2:5: there is no key 'sorce'; did you mean 'source'?"],
    ["packages:\n  - {source: a.spec, after: b}\n", "batch.yaml:2:22: 'after' is to be a list of names"],
    ["packages:\n  - {source: a.spec, chroots: []}\n", "batch.yaml:2:22: 'chroots' names none: leave it out for all"],
    ["packages:\n  - {source: a.spec, name: 'a b'}\n", "batch.yaml:2:22: 'name' holds characters that no package has"],
    ["packages:\n  - name: b\n", "batch.yaml:2:5: 'source' is to name a file, a checkout or an address"],
    ["packages:\n  - 5\n", "batch.yaml:2:5: a package is a source, or has the key 'source'"],
    ["package: []\n", "batch.yaml:1:1: there is no key 'package'; did you mean 'packages'?"],
    ["packages: []\n", "batch.yaml:1:1: 'packages' is to be a list of packages"],
    ["- a.spec\n", "batch.yaml:1:1: the file is to have a list 'packages'"],
    ["packages: [\n", "batch.yaml:2:1: "],
  ])("%j", async (text, message) => {
    await expect(parseBatchFile(text, "batch.yaml")).rejects.toThrow(message);
  });

  test("its paths are meant from where it lies; JSON works as well", async () => {
    const text = '{"packages": ["a.spec", {"source": "/b.spec", "name": "b", "after": []}, "https://example.org/c.src.rpm"]}';
    expect(await parseBatchFile(text, "sub/batch.json")).toEqual([
      { source: "sub/a.spec" },
      { source: "/b.spec", name: "b", after: [] },
      { source: "https://example.org/c.src.rpm" },
    ]);
  });
});
