import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { namedPackages, readBatchSource } from "../../../src/core/batch/batch-source.ts";
import { orderPackages } from "../../../src/core/batch/order.ts";
import { createTransport } from "../../../src/core/http/transport.ts";
import { specOf, type TestPackage } from "../../support/batch-specs.ts";
import { packageSet } from "../../support/package-set.ts";
import { output, runProgram } from "../../support/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** rpm with a database and results of its own; `sources` are the spec files by the names of the packages. */
async function workshop(packages: readonly TestPackage[]) {
  const directory = await temporaryDirectory();
  const database = join(directory, "db");
  await mkdir(database);
  await output(["rpm", "--dbpath", database, "--initdb"]);
  const specs: string[] = [];
  for (const [at, one] of packages.entries()) {
    const path = join(directory, `${at}-${one.name}.spec`);
    await writeFile(path, specOf(one));
    specs.push(path);
  }
  const build = (spec: string, ...words: string[]) => {
    const results = join(directory, "results", spec.split("/").at(-1) as string);
    // The distribution's own steps after %install cost the most of the time.
    const macros = [`_topdir ${results}`, `_dbpath ${database}`, "_rpmdir %{_topdir}", "__os_install_post %{nil}", "debug_package %{nil}"];
    return { results, argv: ["rpmbuild", ...macros.flatMap((macro) => ["--define", macro]), ...words, spec] };
  };
  return { directory, database, specs, build };
}

async function inPairs<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    [1, 2].map(async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
    }),
  );
}

test("forty packages: rpm finds what each wave needs in those before, and not sooner", { timeout: 300_000 }, async () => {
  const packages = packageSet();
  const { database, specs, build, directory } = await workshop(packages);
  // Some as source packages: their headers tell what they need.
  const sources = [...specs];
  await inPairs(
    specs.map((spec, at) => ({ spec, at })).filter(({ at }) => at % 5 === 0),
    async ({ spec, at }) => {
      const { argv, results } = build(spec, "-bs", "--nodeps");
      await output(argv);
      const [srpm] = await readdir(join(results, "SRPMS"));
      sources[at] = join(results, "SRPMS", srpm as string);
    },
  );
  const transport = createTransport({ coprUrl: "http://127.0.0.1:1", userAgent: "test" });
  onTestFinished(() => transport.close());
  const read = await Promise.all(sources.map((source) => readBatchSource(transport, { source }, { chroots: ["fedora-43-x86_64"] })));
  const named = namedPackages(read);
  const specOfName = new Map(named.map(({ name }, at) => [name, specs[at] as string]));
  const waves = orderPackages(named).map((wave) => wave.map(({ name }) => name));
  expect(waves.flat()).toHaveLength(40);

  for (const [at, wave] of waves.entries()) {
    const built: string[] = [];
    await inPairs(wave, async (name) => {
      const { argv, results } = build(specOfName.get(name) as string, "-bb");
      const { exitCode, stderr } = await runProgram(argv);
      expect([name, at, exitCode, stderr.match(/Failed build dependencies[^]*/)?.[0]]).toEqual([name, at, 0, undefined]);
      for (const file of await readdir(results, { recursive: true })) if (file.endsWith(".noarch.rpm")) built.push(join(results, file));
    });
    // What could have begun sooner would be a wave too late.
    await inPairs(at < 2 ? (waves[at + 1] ?? []) : [], async (name) => {
      const { exitCode, stderr } = await runProgram(build(specOfName.get(name) as string, "-bb").argv);
      expect([name, exitCode, stderr]).toEqual([name, 11, expect.stringContaining("Failed build dependencies")]);
    });
    await output(["rpm", "--dbpath", database, "--install", "--justdb", "--nodeps", "--force", "--noscripts", "--ignoresize", ...built], {
      cwd: directory,
    });
  }
});
