import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuilderHost, srpmTask, startBuilderHost } from "../../support/builder-host.ts";
import { installTools } from "../../support/packaging-tools.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
  host.cleanUps.push(await installTools("pyp2rpm", "pyp2spec", "gem2rpm"));
});
afterAll(() => host.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const reason = async (): Promise<unknown> => (await host.status())["reason"];
const pypi = (source: Record<string, unknown>) => host.runTask(srpmTask("", { source_type: 5, source_json: JSON.stringify(source) }));
const gem = (name: unknown) => host.runTask(srpmTask("", { source_type: 6, source_json: JSON.stringify({ gem_name: name }) }));

describe("PyPI", () => {
  test("pyp2rpm is the default; the first version is the base", async () => {
    const { exitCode, stdout } = await pypi({
      pypi_package_name: "six",
      pypi_package_version: "1.16.0",
      spec_template: "fedora",
      python_versions: ["3", "2.7", 3.11],
    });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/\nRunning: pyp2rpm six -t fedora --srpm -d \S+\/pypi -b 3 -p 2\.7 -p 3\.11 -v 1\.16\.0\n/);
    expect(stdout).toContain("template 'fedora' base 3 others ['2.7', '3.11']\n");
    expect(await results()).toEqual(["python-six-1.16.0-1.src.rpm", "python-six.spec", "results.json", "success"]);
  });

  test("no template, no versions", async () => {
    const { exitCode, stdout } = await pypi({ pypi_package_name: "six", pypi_package_version: null, python_versions: [] });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("template '' base None others []\n");
  });

  test("pyp2spec writes a spec file, which is built like any other", async () => {
    const source = { pypi_package_name: "six", pypi_package_version: "1.16.0", spec_generator: "pyp2spec", python_versions: [] };
    const { exitCode, stdout } = await pypi(source);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("\nRunning: pyp2spec six --fedora-compliant --automode -v 1.16.0\n");
    expect(await results()).toEqual(["python-six-1.16.0-1.src.rpm", "python-six.spec", "results.json", "success"]);
  });

  test.each([
    [{ pypi_package_name: "--help" }, /pypi_package_name is not the name of a Python package/],
    [{ pypi_package_name: "six", pypi_package_version: "-d/etc" }, /pypi_package_version/],
    [{ pypi_package_name: "six", spec_template: "../x" }, /spec_template/],
    [{ pypi_package_name: "six", python_versions: ["--srpm"] }, /python_versions/],
    [{ pypi_package_name: "six", spec_generator: "sh" }, /spec_generator/],
  ])("C18: %j is refused", async (source, message) => {
    expect((await pypi({ python_versions: [], ...source })).exitCode).toBe(1);
    expect(await reason()).toMatch(message);
  });
});

describe("RubyGems", () => {
  test("gem2rpm fetches the gem and makes the package", async () => {
    const { exitCode, stdout } = await gem("rails");
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/\nRunning: gem2rpm rails --srpm -C \S+\/gem --fetch\n/);
    expect(await results()).toEqual(["results.json", "rubygem-rails-1.0-1.src.rpm", "rubygem-rails.spec", "success"]);
  });

  test("a gem without a licence is told", async () => {
    expect((await gem("unlicensed")).exitCode).toBe(1);
    expect(await reason()).toMatch(/^The gem names no licence \(Empty tag: License\)\. .*specification-reference\/#license=$/);
  });

  test("C18: an option is no name", async () => {
    expect((await gem("--templates")).exitCode).toBe(1);
    expect(await reason()).toMatch(/gem_name is not the name of a gem/);
  });
});

test("a missing tool names its package", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = path?.slice(path.indexOf(":") + 1);
  await gem("rails");
  process.env["PATH"] = path;
  expect(await reason()).toBe("The program 'gem2rpm' is not installed on this builder. Install the package rubygem-gem2rpm.");
});
