import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type BuilderHost, makeSrpm, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { runProgram } from "../support/program.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.pages.delete("/macros.json"));
afterAll(() => host.close());

const conditional = "%if 0%{?rhel}\nExclusiveArch: x86_64\n%else\nExclusiveArch: %{java_arches}\nExcludeArch: s390x\n%endif";

/** Runs an SRPM task for a package with these lines in its spec file; resolves to the tags and the log. */
async function evaluate(name: string, extra: string, changes: Record<string, unknown> = {}): Promise<{ tags: unknown; log: string }> {
  const srpm = await makeSrpm(host.directory, name, "true", extra);
  host.pages.set(`/tmp/x/${basename(srpm)}`, { body: await readFile(srpm) });
  return run(`${host.url}/tmp/x/${basename(srpm)}`, changes);
}

async function run(url: string, changes: Record<string, unknown> = {}): Promise<{ tags: unknown; log: string }> {
  const { exitCode, stdout } = await host.runTask(srpmTask(url, changes));
  expect(exitCode, stdout).toBe(0);
  const results = JSON.parse(await readFile(join(host.stateDirectory, "results", "results.json"), "utf8")) as Record<string, unknown>;
  return { tags: results["architecture_specific_tags"], log: stdout };
}

const overrides = (macros: Record<string, Record<string, string>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(macros).map(([name, values]) => [
        name,
        Object.entries(values).map(([tag, value]) => ({ tags: [tag], definition: { value, params: null } })),
      ]),
    ),
  );

test("each distribution gets the tags its conditions lead to", async () => {
  host.pages.set("/macros.json", { body: overrides({ java_arches: { "fedora-43": "riscv64 aarch64" }, rhel: { "rhel+epel-9": "9" } }) });
  const { tags, log } = await evaluate("conditional", conditional, { distributions_in_build: ["fedora-43", "epel-9"] });
  expect(tags).toEqual({
    "fedora-43": { buildarch: ["noarch"], exclusivearch: ["aarch64", "riscv64"], excludearch: ["s390x"] },
    "epel-9": { buildarch: ["noarch"], exclusivearch: ["x86_64"] },
  });
  expect(log).toMatch(
    /Using distributions_in_build for this build\.\nExtracting arch-specific tags for fedora-43\nExtracting arch-specific tags for epel-9\n/,
  );
});

test.each([
  ["is not there", undefined, /Going on without the macro override database: The server answered 404 for http/],
  ["makes no sense", "[1]", /Going on without the macro override database: The macro override database is not a JSON object/],
])("a macro override database that %s is done without", async (_, body, line) => {
  if (body !== undefined) host.pages.set("/macros.json", { body });
  const { tags, log } = await evaluate("offline", conditional);
  expect(log).toMatch(line);
  expect(log).toContain("Using distributions_in_project for this build.");
  expect(tags).toEqual({
    "fedora-43": {
      buildarch: ["noarch"],
      exclusivearch: ["aarch64", "ppc64le", "riscv64", "s390x", "x86_64"],
      excludearch: ["s390x"],
    },
    "epel-9": { buildarch: ["noarch"], exclusivearch: ["x86_64"] },
  });
});

test("a spec file that asks for nothing special needs no database", async () => {
  const { tags, log } = await evaluate("simple", "%if 0%{?fedora}\nBuildRequires: filesystem\n%endif");
  expect(tags).toEqual({ "fedora-43": { buildarch: ["noarch"] }, "epel-9": { buildarch: ["noarch"] } });
  expect(log).not.toContain("macro override database");
});

test("a spec file that can't be evaluated has the tags of the package", async () => {
  // rpm gets these levels by Lua, which is not run here a second time.
  const deep =
    "%define level() %{lua:if tonumber(rpm.expand('%1')) > 0 then print(rpm.expand('%level 0')) end}%{?nil}%{!?rpm_is_here:%level 0}";
  const { tags, log } = await evaluate("deep", `%{lua: rpm.define('rpm_is_here 1')}\n${deep}\n%level 3\nExcludeArch: s390x`);
  const own = { buildarch: ["noarch"], excludearch: ["s390x"] };
  expect(tags).toEqual({ "fedora-43": own, "epel-9": own });
  expect(log).toContain("Taking the tags of the source package for epel-9: The spec file's macros are nested too deeply");
});

test("a spec file may ask whether it is built on Copr, need not be UTF-8, and runs nothing", async () => {
  const extra = `# J\u00fcrgen\n%if "%{?copr_username}" == "alice"\nExcludeArch: i686 %{lua:print('x')}%(echo y)\n%endif`;
  host.pages.set("/tmp/x/copr.spec", { body: Buffer.from(specText("copr", "true", extra), "latin1") });
  const { tags } = await run(`${host.url}/tmp/x/copr.spec`);
  expect(tags).toMatchObject({ "fedora-43": { excludearch: ["i686"] } });
});

test.each<[string, string, object]>([
  ["a macro that nobody knows is no limit", "ExclusiveArch: %{some_unknown_arches} noarch", {}],
  // This machine's rpm ran it, when the package was made.
  [
    "the output of a program is the header's",
    "ExclusiveArch: %(echo x86_64 s390x) noarch",
    { exclusivearch: ["noarch", "s390x", "x86_64"] },
  ],
  ["a condition that can't be decided makes no limit", "%if %(echo 1)\n%else\nExclusiveArch: noarch\n%endif", {}],
  ["exclusions that are sure stay", "ExcludeArch: i686 %{some_unknown_arches}", { excludearch: ["i686"] }],
])("what is half understood is not an answer: %s", async (_name, extra, expected) => {
  const { tags } = await evaluate("half", extra);
  expect(tags).toEqual({
    "fedora-43": { buildarch: ["noarch"], ...expected },
    "epel-9": { buildarch: ["noarch"], ...expected },
  });
});

test.each<[string, string, object]>([
  ["by %dist", "Release: 2%{?dist}", { epoch: null, release: "2" }],
  ["by %dist, with an epoch", "Release: 2%{?dist}\nEpoch: 3", { epoch: 3, release: "2" }],
  ["which is not understood", "Release: %(echo 2)%{?dist}", { epoch: null, release: "2.fc43" }],
])("a package that was made on a distribution has one release for all of them: %s", async (_name, extra, expected) => {
  const spec = join(host.directory, "dist.spec");
  await writeFile(spec, specText("dist", "true", extra).replace("Release: 1\n", ""));
  const made = ["-bs", "--define", "dist .fc43", "--define", `_srcrpmdir ${host.directory}`, spec];
  expect(await runProgram(["rpmbuild", ...made])).toMatchObject({ exitCode: 0 });
  const srpm = `dist-1-2.fc43.src.rpm`;
  host.pages.set(`/tmp/x/${srpm}`, { body: await readFile(join(host.directory, srpm)) });
  await run(`${host.url}/tmp/x/${srpm}`);
  expect(JSON.parse(await readFile(join(host.stateDirectory, "results", "results.json"), "utf8"))).toMatchObject({
    name: "dist",
    version: "1",
    ...expected,
  });
});

test("no distribution at all is no reason to fail", async () => {
  const { tags, log } = await evaluate("old", "", { distributions_in_project: [] });
  expect(tags).toEqual({});
  expect(log).toContain("Running against too old copr-frontend");
});
