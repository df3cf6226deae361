import { closedPort } from "../support/closed-port.ts";
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackendHost, CHROOT, startBackendHost } from "../support/backend-host.ts";
import { makeRepository, makeSrpm, rpmTask, specText, srpmTask } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { output, runProgram } from "../support/program.ts";
import { needsTerminals, opensTerminals } from "../support/ssh-server.ts";

const sourceTypes = { link: 1, upload: 2, pypi: 5, rubygems: 6, scm: 8, custom: 9, distgit: 10 } as const;

/** How each source type is asked for; resolves to its source_json. */
const sources: Record<string, { type: keyof typeof sourceTypes; prepare: (machine: BackendHost) => Promise<Record<string, unknown>> }> = {
  "a link to a source package": { type: "link", prepare: servedSrpm },
  "an uploaded source package": { type: "upload", prepare: servedSrpm },
  "a link to a spec file": { type: "link", prepare: servedSpec },
  "an uploaded spec file": { type: "upload", prepare: servedSpec },
  "git and rpkg": { type: "scm", prepare: async (machine) => ({ ...(await gitSource(machine)), srpm_build_method: "rpkg" }) },
  "git and tito": { type: "scm", prepare: async (machine) => ({ ...(await gitSource(machine)), srpm_build_method: "tito" }) },
  "git and tito of a test build": {
    type: "scm",
    prepare: async (machine) => ({ ...(await gitSource(machine)), srpm_build_method: "tito_test" }),
  },
  "git and make": {
    type: "scm",
    prepare: async (machine) => ({ ...(await gitSource(machine)), srpm_build_method: "make_srpm", spec: "pkg.spec" }),
  },
  "Subversion and tito": { type: "scm", prepare: subversionSource },
  PyPI: {
    type: "pypi",
    prepare: async () => ({
      pypi_package_name: "six",
      pypi_package_version: "",
      spec_generator: "pyp2rpm",
      spec_template: "",
      python_versions: ["3"],
    }),
  },
  RubyGems: { type: "rubygems", prepare: async () => ({ gem_name: "rake" }) },
  "a script": {
    type: "custom",
    prepare: async () => ({ script: `#!/bin/sh -e\ncat > pkg.spec <<'E'\n${specText("pkg", "true")}E\n`, chroot: CHROOT }),
  },
  "dist-git": { type: "distgit", prepare: gitSource },
};

const backendWith = describe.skipIf(!opensTerminals).each(["host", "mock"] as const);

backendWith(`copr-backend drives a builder with buildroot %s${needsTerminals}`, (buildroot) => {
  let machine: BackendHost;
  beforeAll(async () => {
    machine = await startBackendHost(buildroot);
  });
  afterAll(() => machine?.close());

  test.each(Object.entries(sources))("a source package of %s", async (_name, { type, prepare }) => {
    const definition = srpmTask("", {
      source_type: sourceTypes[type],
      source_json: JSON.stringify(await prepare(machine)),
      package_name: "pkg",
    });
    const { log, directory } = await machine.backend.doTask(machine.serve("get-srpm-build-task/7", definition));
    expect(log).toMatch(/\nBuild succeeded\n$/);
    expect(log).toBe(await machine.host.log());
    const names = await readdir(directory);
    expect(names.filter((name) => name.endsWith(".src.rpm"))).toHaveLength(1);
    expect(names.filter((name) => name.endsWith(".spec"))).toHaveLength(1);
    expect(names).toEqual(expect.arrayContaining(["results.json", "success"]));
    const results = JSON.parse(await readFile(join(directory, "results.json"), "utf8")) as Record<string, unknown>;
    expect(Object.keys(results).sort()).toEqual(["architecture_specific_tags", "epoch", "name", "release", "version"]);
    expect(Object.keys(results["architecture_specific_tags"] as object)).toEqual(["fedora-43", "epel-9"]);
  });

  test("packages", async () => {
    const repository = await makeRepository(machine.host.directory, "packages", { "pkg.spec": specText("pkg", "true") });
    const task = machine.serve(`get-build-task/7-${CHROOT}`, rpmTask(machine.host.publishRepository(repository)));
    const { log, directory } = await machine.backend.doTask(task);
    expect(log).toMatch(/\nBuild succeeded\n$/);
    const ofMock = ["configs.tar.gz", "hw_info.log", "installed_pkgs.log", "root.log", "state.log"];
    expect((await readdir(directory)).sort()).toEqual(
      [
        "build.log",
        "pkg-1-1.noarch.rpm",
        "pkg-1-1.src.rpm",
        "pkg.spec",
        "results.json",
        "success",
        ...(buildroot === "mock" ? ofMock : []),
      ].sort(),
    );
  });
});

async function servedSrpm({ host }: BackendHost): Promise<Record<string, unknown>> {
  const srpm = await makeSrpm(host.directory, "pkg");
  host.pages.set(`/tmp/x/${basename(srpm)}`, { body: await readFile(srpm) });
  return { url: `${host.url}/tmp/x/${basename(srpm)}`, pkg: basename(srpm), tmp: "x" };
}

async function servedSpec({ host }: BackendHost): Promise<Record<string, unknown>> {
  host.pages.set("/tmp/x/pkg.spec", { body: specText("pkg", "true") });
  return { url: `${host.url}/tmp/x/pkg.spec`, pkg: "pkg.spec", tmp: "x" };
}

let repositories = 0;

async function gitSource({ host }: BackendHost): Promise<Record<string, unknown>> {
  repositories += 1;
  const name = `source-${repositories}`;
  await mkdir(join(host.directory, name, ".copr"), { recursive: true });
  const make = 'srpm:\n\trpmbuild -bs --nodeps --define "_sourcedir ." --define "_srcrpmdir $(outdir)" "$(spec)"\n';
  const repository = await makeRepository(host.directory, name, { "pkg.spec": specText("pkg", "true"), ".copr/Makefile": make });
  const { url, hash } = host.publishRepository(repository);
  return { clone_url: url, committish: hash };
}

async function subversionSource({ host }: BackendHost): Promise<Record<string, unknown>> {
  const root = join(host.directory, "svn");
  const files = join(host.directory, "svn-files");
  await mkdir(files);
  await writeFile(join(files, "pkg.spec"), specText("pkg", "true"));
  await output(["svnadmin", "create", root]);
  await output(["svn", "import", "--quiet", "--message=x", files, `file://${root}/trunk`]);
  const port = await closedPort();
  const server = spawn("svnserve", ["--daemon", "--foreground", "--listen-host=127.0.0.1", `--listen-port=${port}`, `--root=${root}`], {
    stdio: "ignore",
  });
  host.cleanUps.push(async () => server.kill());
  const url = `svn://127.0.0.1:${port}/trunk`;
  await eventually("svnserve answers", async () => (await runProgram(["svn", "info", url])).exitCode === 0);
  return { clone_url: url, type: "svn", srpm_build_method: "tito" };
}
