import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { makeMockStandIn, type MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { bin, nameOfBuilder, type Outcome, output, runProgram } from "../support/program.ts";

const chroot = "fedora-43-x86_64";
const logs = ["build.log", "hw_info.log", "installed_pkgs.log", "root.log", "state.log"];
const path = process.env["PATH"] ?? "";

const why = await whyNoRealMock();

/** Real mock installs a whole distribution; the stand-in plays it. */
const machines = [
  { name: "a strict stand-in", isReal: false, isMissing: false, timeoutSeconds: 8 },
  { name: why === undefined ? "real mock" : `real mock (${why})`, isReal: true, isMissing: why !== undefined, timeoutSeconds: 30 },
];

let host: BuilderHost;
let standIn: MockStandIn;
let config: string;

async function setUp({ isReal }: { isReal: boolean }): Promise<void> {
  host = await startBuilderHost();
  config = join(host.directory, "mock.ini");
  standIn = await makeMockStandIn(host.directory);
  if (!isReal) process.env["PATH"] = `${standIn.binDirectory}:${path}`;
  await configure({ isReal });
}

async function configure({ isReal = false, more = "" } = {}): Promise<void> {
  const directory = isReal ? "" : `mock_config_directory = ${standIn.configDirectory}\n`;
  await writeFile(
    config,
    `[main]\nfrontend_url = ${host.url}\nfetch_attempts = 1\nrules_file = /nonexistent/rules.yml\n${directory}${more}`,
  );
}

afterEach(async () => {
  await host.close();
  process.env["PATH"] = path;
  const chroots = join(host.directory, "mock", "lib");
  await eventually("nothing runs in a chroot any more", async () => (await processesMentioning(chroots)).length === 0);
});

/** Real mock may take minutes for a chroot. */
async function runTask(task: unknown, timeoutMs = 240_000): Promise<Outcome> {
  return runProgram([...bin.builder, ...(await runWords(task))], { cwd: host.directory, timeoutMs });
}

async function runWords(task: unknown): Promise<string[]> {
  const file = join(host.directory, "task.json");
  await writeFile(file, JSON.stringify(task));
  return ["run", "--config", config, "--task-file", file, "--state-dir", host.stateDirectory];
}

const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();
const result = (name: string): Promise<string> => readFile(join(host.stateDirectory, "results", name), "utf8");
const childConfig = (): Promise<string> =>
  output(["tar", "-xzOf", join(host.stateDirectory, "results", "configs.tar.gz"), "configs/child.cfg"]);

/** Starts a task in a process of its own; resolves when its log holds the text. */
async function startTask(task: unknown, text: string): Promise<{ pid: number; ended: Promise<unknown> }> {
  const child = spawn(bin.builder[0], [bin.builder[1], ...(await runWords(task))], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  await eventually(`the log says '${text}'`, async () => (await host.log().catch(() => "")).includes(text), 120_000);
  return { pid: child.pid as number, ended };
}

describe.each(machines)("with $name", ({ isReal, isMissing, timeoutSeconds }) => {
  describe.skipIf(isMissing)("packages", () => {
    beforeEach(() => setUp({ isReal }));
    const limit = isReal ? 300_000 : 90_000;

    test(
      "are published with mock's logs and configuration",
      async () => {
        const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "echo for %copr_username") });
        const { exitCode, stdout } = await runTask(rpmTask(repository));
        expect(exitCode, stdout).toBe(0);
        const packages = ["good-1-1.noarch.rpm", "good-1-1.src.rpm", "good.spec"];
        expect(await results()).toEqual([...logs, ...packages, "configs.tar.gz", "results.json", "success"].sort());
        expect(stdout.match(/^for alice$/gm), "the build's output is in the log once").toHaveLength(1);
        expect(await result("build.log")).toContain("\nfor alice\n");
        expect(await childConfig()).toContain("config_opts['print_main_output'] = True");
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
        const { exitCode, stdout } = await runTask(rpmTask(repository));
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
        const { stdout } = await runTask(rpmTask(repository, { with_opts: ["docs"], without_opts: ["check"] }));
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
        expect((await runTask(tasks[0])).stdout).toContain("installing minimal buildroot");
        const { exitCode, stdout } = await runTask(tasks[1]);
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
        const { ended } = await startTask(rpmTask(repository), "\nbegun\n");
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
        const { exitCode } = await runTask(rpmTask(repository, { timeout: timeoutSeconds }));
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
        const { pid, ended } = await startTask(rpmTask(repository), "\nbegun\n");
        const status = (await host.status()) as { chroot: { config: string; unique: string }; program: { process_group: number } };
        const noted = status.chroot;
        expect(noted.config).toBe(join(host.stateDirectory, "chroot.cfg"));
        // mock too, or its terminal would have it remove the chroot.
        for (const one of [pid, -status.program.process_group]) process.kill(one, "SIGKILL");
        await ended;
        expect(await chrootsLeft(isReal, noted.unique), "a killed mock leaves its chroot").toHaveLength(1);
        expect((await runTask(null)).exitCode).toBe(1);
        expect(await chrootsLeft(isReal, noted.unique)).toEqual([]);
        expect(existsSync(noted.config)).toBe(false);
      },
      limit,
    );

    test(
      "a source package is made of a spec file",
      async () => {
        host.pages.set("/small.spec", { body: specText("small", "true") });
        const { exitCode, stdout } = await runTask(srpmTask(`${host.url}/small.spec`));
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

describe("what the builder tells mock", () => {
  beforeEach(() => setUp({ isReal: false }));

  test("one build, then the chroot is scrubbed, but no cache", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    await runTask(rpmTask(repository));
    const calls = await standIn.calls();
    expect(calls.map(({ mode, scrub }) => [mode, scrub])).toEqual([
      ["rebuild", []],
      ["clean", ["bootstrap", "chroot"]],
    ]);
    expect(calls[1]?.unique).toBe(calls[0]?.unique);
    expect(await standIn.chroots()).toEqual([]);
  });

  test("a user's ssh session keeps the chroot", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    expect((await runTask(rpmTask(repository, { allow_user_ssh: true }))).exitCode).toBe(0);
    const calls = await standIn.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.argv).toContain("--no-cleanup-after");
    expect(await standIn.chroots()).toEqual([`${chroot}-${calls[0]?.unique}`]);
    expect((await host.status())["chroot"]).toBe(null);
    // The next task leaves it alone, too.
    await runTask(rpmTask(repository));
    expect(await standIn.chroots()).toEqual([`${chroot}-${calls[0]?.unique}`]);
  });

  test.skipIf(process.getuid?.() !== 0)("copr-builder-cleanup removes the chroots of users (for root)", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    for (const _ of [1, 2]) expect((await runTask(rpmTask(repository, { allow_user_ssh: true }))).exitCode).toBe(0);
    expect(await standIn.chroots()).toHaveLength(2);
    const words = ["--config", config, "--state-dir", host.stateDirectory];
    expect(await runProgram([...nameOfBuilder("copr-builder-cleanup"), ...words])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await standIn.chroots()).toEqual([]);
    expect(await readdir(host.stateDirectory)).not.toContain("kept-chroots");
  });

  test("repositories, packages, modules, network, isolation and bootstrap", async () => {
    const baseurl = await standIn.addRepository("copr", ["own-tools"]);
    const spec = specText("good", "true", "BuildRequires: own-tools");
    const repository = await makeRepository(host.directory, "good", { "good.spec": spec });
    const task = rpmTask(repository, {
      repos: [{ id: "copr_base", name: "Copr repository", baseurl, priority: 5 }],
      buildroot_pkgs: ["which", "patch"],
      modules: { toggle: [{ enable: "nodejs:18" }] },
      enable_net: true,
      isolation: "simple",
      bootstrap: "on",
    });
    const { exitCode, stdout } = await runTask(task);
    expect(exitCode, stdout).toBe(0);
    const [build] = await standIn.calls();
    expect(build?.config).toMatchObject({
      root: chroot,
      chroot_additional_packages: "which patch",
      module_setup_commands: [["enable", "nodejs:18"]],
      rpmbuild_networking: true,
      use_host_resolv: true,
      isolation: "simple",
      use_bootstrap: true,
      use_bootstrap_image: false,
      print_main_output: true,
    });
    expect(build?.repositories["copr_base"]).toMatchObject({ baseurl, priority: "5", skip_if_unavailable: "0" });
    const downloads: unknown = expect.stringMatching(/^--proto -all,\+https,\+ftps --user-agent copr-builder\//);
    expect(build?.config["macros"]).toMatchObject({ "%__urlhelper_localopts": downloads });
    expect(await result("installed_pkgs.log")).toMatch(/^own-tools-1-1\.noarch 0 0 copr_base$/m);
    expect(await standIn.chroots()).toEqual([]);
  });

  test("a repository that is down fails the build", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    const repos = [{ id: "copr_base", name: "Copr repository", baseurl: `${host.url}/nothing/` }];
    expect((await runTask(rpmTask(repository, { repos }))).exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(/mock ended with 30/);
  });

  test("an upstream source package needs no mock", async () => {
    const srpm = await makeSrpm(host.directory, "hello");
    host.pages.set("/hello-1-1.src.rpm", { body: await readFile(srpm) });
    expect((await runTask(srpmTask(`${host.url}/hello-1-1.src.rpm`))).exitCode).toBe(0);
    expect(await standIn.calls()).toEqual([]);
  });

  test("a chroot that this machine has not", async () => {
    const { exitCode } = await runTask(rpmTask({ url: "file:///nowhere", hash: "a" }, { chroot: "fedora-99-x86_64" }));
    expect(exitCode).toBe(1);
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    await runTask(rpmTask(repository, { chroot: "fedora-99-x86_64" }));
    expect((await host.status())["reason"]).toBe(`Chroot config ${standIn.configDirectory}/fedora-99-x86_64.cfg not found`);
  });

  test("mock_config_directory must be absolute", async () => {
    await writeFile(config, "[main]\nmock_config_directory = etc\n");
    const { exitCode, stderr } = await runProgram([...bin.builder, "run", "7", "--config", config]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The value of 'mock_config_directory' in the configuration is not an absolute path: etc");
  });
});

describe("root caches", () => {
  beforeEach(() => setUp({ isReal: false }));
  const ours = async (): Promise<string[]> => (await standIn.caches()).filter((name) => name.startsWith("copr-builder-"));
  const remembered = (): Promise<string[]> => readdir(join(host.stateDirectory, "root-caches"));
  const task = async (changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
    rpmTask(
      existsSync(join(host.directory, "good"))
        ? { url: `file://${host.directory}/good`, hash: "HEAD" }
        : await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") }),
      changes,
    );

  test("the same task gives the same configuration, whatever the time", async () => {
    await runTask(await task());
    const first = await childConfig();
    await runTask(await task());
    expect(await childConfig()).toBe(first);
    expect(await ours()).toHaveLength(1);
  });

  test.each([
    ["packages", { buildroot_pkgs: ["which"] }],
    ["modules", { modules: { toggle: [{ enable: "a:1" }] } }],
    ["network", { enable_net: true }],
    ["bootstrap", { bootstrap: "on" }],
  ])("other %s, another cache", async (_name, changes) => {
    await runTask(await task());
    const { stdout, exitCode } = await runTask(await task(changes));
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("installing minimal buildroot");
    expect(await ours()).toHaveLength(2);
  });

  test("no project's repository gets into another's chroot, also not through a bootstrap chroot left by a crash", async () => {
    const repos = async (name: string) => [{ id: "copr_base", name, baseurl: await standIn.addRepository(name, ["x"]) }];
    const slow = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "echo be''gun; sleep 600") });
    const { pid, ended } = await startTask(rpmTask(slow, { bootstrap: "on", repos: await repos("theirs") }), "\nbegun\n");
    process.kill(pid, "SIGKILL");
    await ended;
    // Even if nobody cleans up.
    await writeFile(join(host.stateDirectory, "status.json"), "{}");
    const { stdout } = await runTask(await task({ bootstrap: "on", repos: await repos("ours") }));
    const first = stdout.slice(0, stdout.indexOf("creating root cache"));
    expect(first).toContain("installing minimal buildroot");
    expect(first).not.toContain("unpacking root cache");
  });

  test("a bootstrap chroot's is used again, and goes with the others", async () => {
    await configure({ more: "root_caches = 1\n" });
    const bootstraps = async (): Promise<string[]> => (await standIn.caches()).filter((name) => name.endsWith("-bootstrap"));
    expect((await runTask(await task({ bootstrap: "on" }))).stdout).not.toContain("Start(bootstrap): unpacking root cache");
    const { stdout } = await runTask(await task({ bootstrap: "on" }));
    expect(stdout).toContain("Start(bootstrap): unpacking root cache");
    expect(await standIn.chroots()).toEqual([]);
    expect(await bootstraps()).toHaveLength(1);
    await runTask(await task({ bootstrap: "on", buildroot_pkgs: ["which"] }));
    expect(await bootstraps()).toEqual([]);
  });

  test("the least recently used ones are removed", async () => {
    await configure({ more: "root_caches = 2\n" });
    await runTask(await task());
    await runTask(await task({ buildroot_pkgs: ["which"] }));
    await runTask(await task());
    const before = await ours();
    await runTask(await task({ buildroot_pkgs: ["patch"] }));
    expect(await ours()).toHaveLength(2);
    expect(await remembered()).toHaveLength(2);
    expect((await ours()).filter((name) => before.includes(name))).toHaveLength(1);
    expect((await runTask(await task())).stdout, "used twice, so it stayed").not.toContain("installing minimal buildroot");
  });

  test("nothing of a hundred that are removed stays behind, in mock's directories or in ours", { timeout: 900_000 }, async () => {
    await configure({ more: "root_caches = 1\n" });
    await runTask(await task());
    const [kept] = await ours();
    const [note] = await remembered();
    const text = await readFile(join(host.stateDirectory, "root-caches", note as string), "utf8");
    const before = [await standIn.caches(), await standIn.chroots()];
    const long = new Date("2001-01-01");
    for (let one = 0; one < 100; one += 1) {
      const key = one.toString(16).padStart(32, "0");
      const path = join(host.stateDirectory, "root-caches", `${key}.cfg`);
      await writeFile(path, text.replaceAll((note as string).replace(".cfg", ""), key));
      await utimes(path, long, long);
      await mkdir(join(host.directory, "mock", "cache", `copr-builder-${key}`, "root_cache"), { recursive: true });
    }
    // A hundred starts of mock, on a machine that may have much else to do.
    await runTask(await task(), 800_000);
    expect([await standIn.caches(), await standIn.chroots()]).toEqual(before);
    expect(await ours()).toEqual([kept]);
    expect(await remembered()).toEqual([note]);
  });

  test("none is kept when none is wanted", async () => {
    await runTask(await task());
    await configure({ more: "root_caches = 0\n" });
    expect((await runTask(await task())).stdout).toContain("installing minimal buildroot");
    expect((await standIn.calls()).at(-2)?.scrub).toEqual(["bootstrap", "chroot", "root-cache"]);
    expect(await ours()).toEqual([]);
    expect(await remembered()).toEqual([]);
    expect(await childConfig()).not.toContain("root_cache");
  });

  test("a change of the host's configuration counts", async () => {
    await runTask(await task());
    const site = join(standIn.configDirectory, "site-defaults.cfg");
    const wait = 1100 - (Date.now() - (await stat(site)).mtimeMs);
    await new Promise((resolve) => setTimeout(resolve, wait));
    await writeFile(site, "config_opts['use_bootstrap'] = False\nconfig_opts['update_before_build'] = False\n");
    const { stdout } = await runTask(await task());
    expect(stdout).toContain("newer than root cache");
    expect(stdout).toContain("installing minimal buildroot");
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
