import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask } from "../support/builder-host.ts";
import { type MockHost, startMockHost } from "../support/mock-host.ts";
import type { MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { runProgram } from "../support/program.ts";

const chroot = "fedora-43-x86_64";
const logs = ["build.log", "hw_info.log", "installed_pkgs.log", "root.log", "state.log"];

const why = await whyNoRealMock();

/** Real mock installs a whole distribution; the stand-in plays it. */
const machines = [
  { name: "a strict stand-in", isReal: false, isMissing: false, timeoutSeconds: 8 },
  { name: why === undefined ? "real mock" : `real mock (${why})`, isReal: true, isMissing: why !== undefined, timeoutSeconds: 30 },
];

let mock: MockHost;
let host: BuilderHost;
let standIn: MockStandIn;
afterEach(() => mock.close());

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const result = (name: string): Promise<string> => readFile(join(host.stateDirectory, "results", name), "utf8");

describe.each(machines)("with $name", ({ isReal, isMissing, timeoutSeconds }) => {
  describe.skipIf(isMissing)("packages", () => {
    beforeEach(async () => {
      mock = await startMockHost({ isReal });
      ({ host, standIn } = mock);
    });
    const limit = isReal ? 300_000 : 90_000;

    test(
      "are published with mock's logs and configuration",
      async () => {
        const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "echo for %copr_username") });
        const { exitCode, stdout } = await mock.runTask(rpmTask(repository));
        expect(exitCode, stdout).toBe(0);
        const packages = ["good-1-1.noarch.rpm", "good-1-1.src.rpm", "good.spec"];
        expect(await results()).toEqual([...logs, ...packages, "configs.tar.gz", "results.json", "success"].sort());
        expect(stdout.match(/^for alice$/gm), "the build's output is in the log once").toHaveLength(1);
        expect(await result("build.log")).toContain("\nfor alice\n");
        expect(await mock.childConfig()).toContain("config_opts['print_main_output'] = True");
        expect(await host.status()).toMatchObject({ state: "succeeded", chroot: null });
        expect(existsSync(join(host.stateDirectory, "chroot.cfg"))).toBe(false);
      },
      limit,
    );

    const failures: [string, string, string, number, string][] = [
      ["a build that fails", "echo so far; false", "", 1, "the build failed"],
      ["a missing dependency", "true", "BuildRequires: no-such-package-anywhere", 30, "packages are missing or a repository is down"],
    ];
    test.each(failures)(
      "%s leaves logs, configuration and no package",
      async (_name, build, extra, status, meaning) => {
        const repository = await makeRepository(host.directory, "bad", { "bad.spec": specText("bad", build, extra) });
        const { exitCode, stdout } = await mock.runTask(rpmTask(repository));
        expect(exitCode, stdout).toBe(1);
        expect(await host.status()).toMatchObject({ state: "failed", reason: `Build failed: mock ended with ${status} (${meaning})` });
        const kept = status === 1 ? logs : logs.filter((name) => name !== "installed_pkgs.log");
        expect(await results()).toEqual([...kept, "bad-1-1.src.rpm", "bad.spec", "configs.tar.gz"].sort());
      },
      limit,
    );

    test(
      "see the task's build conditions",
      async () => {
        const extra = "%bcond_with docs\n%bcond_without check";
        const spec = specText("cond", "echo docs=%{with docs} check=%{with check}", extra);
        const repository = await makeRepository(host.directory, "cond", { "cond.spec": spec });
        const { stdout } = await mock.runTask(rpmTask(repository, { with_opts: ["docs"], without_opts: ["check"] }));
        expect(stdout).toContain("\ndocs=1 check=0\n");
      },
      limit,
    );

    test(
      "of the same configuration share a root cache",
      async () => {
        const tasks = [];
        for (const name of ["one", "two"]) {
          const repository = await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, "echo tag %buildtag") });
          tasks.push(rpmTask(repository, { task_id: `${name.length + tasks.length}-${chroot}`, build_id: name.length + tasks.length }));
        }
        expect((await mock.runTask(tasks[0])).stdout).toContain("installing minimal buildroot");
        const { exitCode, stdout } = await mock.runTask(tasks[1]);
        expect(exitCode, stdout).toBe(0);
        expect(stdout).toContain("unpacking root cache");
        expect(stdout).not.toContain("installing minimal buildroot");
        expect(stdout, "macros are the second task's").toContain("\ntag .copr4\n");
      },
      limit,
    );

    test(
      "a cancel ends mock in order, without a chroot left",
      async () => {
        const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "echo be''gun; sleep 600") });
        const { ended } = await mock.startTask(rpmTask(repository), "\nbegun\n");
        expect((await host.builder("cancel")).exitCode).toBe(0);
        await ended;
        expect(await host.status()).toMatchObject({ state: "canceled", exit_code: 4 });
        expect(await host.log()).toContain("Exiting on user interrupt");
        expect(await results()).toEqual([...logs, "configs.tar.gz", "slow-1-1.src.rpm", "slow.spec"].sort());
        expect(await chrootsLeft(isReal)).toEqual([]);
      },
      limit,
    );

    test(
      "the time limit ends mock, too",
      async () => {
        const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "sleep 600") });
        const { exitCode } = await mock.runTask(rpmTask(repository, { timeout: timeoutSeconds }));
        expect(exitCode).toBe(5);
        expect(await host.log()).toContain("!! Copr timeout => sending INT");
        expect(await chrootsLeft(isReal)).toEqual([]);
      },
      limit,
    );

    test(
      "the next task removes the chroot of a killed builder",
      async () => {
        const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "echo be''gun; sleep 600") });
        const { pid, ended } = await mock.startTask(rpmTask(repository), "\nbegun\n");
        const status = (await host.status()) as { chroot: { config: string; unique: string }; program: { process_group: number } };
        const noted = status.chroot;
        expect(noted.config).toBe(join(host.stateDirectory, "chroot.cfg"));
        // mock too, or its terminal would have it remove the chroot.
        for (const one of [pid, -status.program.process_group]) process.kill(one, "SIGKILL");
        await ended;
        expect(await chrootsLeft(isReal, noted.unique), "a killed mock leaves its chroot").toHaveLength(1);
        expect((await mock.runTask(null)).exitCode).toBe(1);
        expect(await chrootsLeft(isReal, noted.unique)).toEqual([]);
        expect(existsSync(noted.config)).toBe(false);
      },
      limit,
    );

    test(
      "a source package is made of a spec file",
      async () => {
        host.pages.set("/small.spec", { body: specText("small", "true") });
        const { exitCode, stdout } = await mock.runTask(srpmTask(`${host.url}/small.spec`));
        expect(exitCode, stdout).toBe(0);
        const made = ["mock-source-build.cfg", "results.json", "small-1-1.src.rpm", "small.spec", "success"];
        // Its logs, too: they tell why mock failed. Which it writes depends on its version.
        expect(await results()).toEqual(expect.arrayContaining([...made, "root.log", "state.log"].sort()));
        expect((await host.status())["chroot"]).toBe(null);
      },
      limit,
    );

    const srpm = "/nonexistent.src.rpm";
    const uses: [string, string[], number][] = [
      ["an unknown chroot", ["-r", "no-such-chroot", "--init"], 3],
      ["a configuration that is no Python", ["-r", "BROKEN", "--init"], 3],
      ["a configuration without a root", ["-r", "EMPTY", "--init"], 3],
      ["no spec file", ["-r", chroot, "--spec", "/nonexistent", "--sources", "/"], 5],
      ["no sources", ["-r", chroot, "--spec", "SPEC", "--sources", "/nonexistent"], 5],
      ["no spec for a source package", ["-r", chroot, "--buildsrpm"], 5],
      ["an unknown isolation", ["-r", chroot, "--isolation", "strong", "--init"], 5],
      ["a define that is none", ["-r", chroot, "--define", "x", "--init"], 5],
      ["an unknown plugin", ["-r", chroot, "--plugin-option", "x:y=1", "--init"], 5],
      ["an unknown thing to scrub", ["-r", chroot, "--scrub", "x"], 2],
      ["a number that is none", ["-r", chroot, "--rpmbuild_timeout", "x", "--init"], 2],
      ["an unknown option, taken for a package", ["-r", chroot, "--no-such-option"], 1],
      ["no source package", ["-r", chroot, "--rebuild", srpm], 1],
    ];
    test.each(uses)(
      "mock's exit status for %s",
      async (_name, words, status) => {
        const files = { BROKEN: "a b", EMPTY: "", SPEC: specText("x", "true") };
        const paths: Record<string, string> = {};
        for (const [name, text] of Object.entries(files)) {
          paths[name] = join(host.directory, name === "SPEC" ? "x.spec" : `${name}.cfg`);
          await writeFile(paths[name], text);
        }
        const { exitCode, stderr } = await runProgram(["mock", ...words.map((word) => paths[word] ?? word)], { timeoutMs: 120_000 });
        expect(exitCode, stderr).toBe(status);
      },
      limit,
    );
  });
});

/** Chroots of the builder; of real mock those of a task only, as others may use it too. */
async function chrootsLeft(isReal: boolean, unique?: string): Promise<string[]> {
  if (!isReal) return standIn.chroots();
  const { pid } = (await host.status()) as { pid: number };
  return (await readdir("/var/lib/mock")).filter((name) => name.endsWith(unique ?? `.${pid}`));
}

/** Why tests with real mock can't run here; undefined when they can. */
async function whyNoRealMock(): Promise<string | undefined> {
  const call = await runProgram(["mock", "-r", chroot, "--print-root-path"]).catch(() => undefined);
  if (call === undefined) return "mock is not installed";
  return call.exitCode === 0 ? undefined : `mock does not work for this user: ${call.stderr.trim().split("\n").at(-1)}`;
}
