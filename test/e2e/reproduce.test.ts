import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeRepository, specText } from "../support/builder-host.ts";
import { leaveDirectories } from "../support/left-directories.ts";
import { makeMockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { bin, type Outcome, output, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";

// Builds that the sandbox's backend has done, done again by `copr-cli reproduce`, and compared; and `local-build`.

const [CHROOT, OTHER] = ["fedora-43-x86_64", "epel-10-x86_64"] as const;
let directory: string;
let sandbox: Sandbox;
/** In front of the frontend: it answers what a test says. */
let front: Server;
const answers = new Map<string, string | number>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-reproduce-"));
  for (const name of [".config", "tmp", "sources"]) await mkdir(join(directory, name));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  front = createServer((request, response) => void passOn(request, response)).listen(0, "127.0.0.1");
  await eventually("it listens", () => front.listening);
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  await writeFile(join(directory, ".config", "copr"), sandbox.configText);
  await writeFile(join(directory, "behind-front"), sandbox.configText.replace(sandbox.url, url));

  await writeFile(join(directory, "sources", "data.bin"), Buffer.from([1, 0, 2, 0]));
  await writeFile(join(directory, "sources", "pkg.spec"), spec("pkg", "grep -c . %{SOURCE0} || true"));
  await done("create", "prj", "--chroot", CHROOT, "--chroot", OTHER);
  const nowait = ["--nowait"];
  await done("build", "prj", await srpm("pkg"), ...nowait);
  await writeFile(join(directory, "sources", "broken.spec"), spec("broken", "echo 'int main(void) { retrun 0; }' > main.c\ngcc -c main.c"));
  await done("build", "prj", await srpm("broken"), "-r", CHROOT, ...nowait);
  const script = join(directory, "script");
  await writeFile(script, `#!/bin/sh -e\ncat > made.spec <<'E'\n${specText("made", "true")}E\n`);
  await done("buildcustom", "prj", "--script", script, "--script-chroot", CHROOT, "-r", CHROOT, ...nowait);
  await done("buildscm", "prj", "--clone-url", await repository("scm"), "--method", "make_srpm", "-r", CHROOT, ...nowait);
  await copr("watch-build", "2", "3", "4", "--poll-interval", "1");
}, 180_000);
afterAll(async () => {
  front?.close();
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  HOME: directory,
  TMPDIR: join(directory, "tmp"),
  COPR_BUILDER_CONFIG: sandbox.builderConfig,
  COPR_DISTGIT_CLIENT_CONFDIR: sandbox.distGitConfigDirectory,
});
const copr = (...words: string[]): Promise<Outcome> =>
  runProgram([...bin.cli, ...words], { cwd: directory, env: environment(), timeoutMs: 120_000 });
/** The same through the server in front. */
const behind = (...words: string[]): Promise<Outcome> => copr("--config", join(directory, "behind-front"), ...words);
async function done(...words: string[]): Promise<void> {
  const { exitCode, stderr } = await copr(...words);
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
}
const spec = (name: string, build: string): string => specText(name, build, "Source0: data.bin");
async function srpm(name: string): Promise<string> {
  const place = join(directory, "sources");
  const defines = ["_topdir", "_sourcedir", "_srcrpmdir"].flatMap((macro) => ["--define", `${macro} ${place}`]);
  const printed = await output(["rpmbuild", "-bs", "--nodeps", "--define", "dist %nil", ...defines, join(place, `${name}.spec`)]);
  return /^Wrote: (.*)$/m.exec(printed)?.[1] as string;
}

/** A repository with a Makefile for its source package, where the sandbox serves them; resolves to its address. */
async function repository(name: string): Promise<string> {
  await mkdir(join(directory, name, ".copr"), { recursive: true });
  const make = 'srpm:\n\trpmbuild -bs --nodeps --define "_sourcedir ." --define "_srcrpmdir $(outdir)" scm.spec\n';
  await makeRepository(directory, name, { "scm.spec": specText("scm", "true"), ".copr/Makefile": make });
  await output(["git", "clone", "--quiet", "--bare", join(directory, name), join(directory, "sandbox", "git", name)]);
  return `${sandbox.url}/git/${name}`;
}

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = answers.get(new URL(request.url ?? "", "http://x").pathname);
  if (typeof answer === "number") return void response.writeHead(answer).end("<html>no</html>");
  if (answer !== undefined) return void response.writeHead(200, { "content-type": "application/json" }).end(answer);
  const original = await fetch(`${sandbox.url}${request.url}`);
  response.writeHead(original.status, { "content-type": original.headers.get("content-type") ?? "" });
  response.end(Buffer.from(await original.arrayBuffer()));
}

/** What makes two results the same: `results.json`, the names of packages, and in each every file with its checksum. */
async function sameness(place: string): Promise<unknown> {
  const packages = (await readdir(place)).filter((name) => name.endsWith(".rpm")).toSorted();
  const format = "[%{FILENAMES} %{FILEDIGESTS} %{FILEMODES}\\n]%{NEVRA} %{SUMMARY}\\n[%{REQUIRES}\\n][%{PROVIDES}\\n]";
  const contents = await Promise.all(packages.map(async (name) => [name, await output(["rpm", "-qp", "--qf", format, join(place, name)])]));
  return [await readFile(join(place, "results.json"), "utf8"), contents];
}
const published = (chroot: string, build: string): string => join(sandbox.resultsDirectory, "demo", "prj", chroot, build);
const leftovers = (): Promise<string[]> => readdir(join(directory, "tmp"));

test.each([
  [["1", "-r", CHROOT], published.bind(null, CHROOT, "00000001-pkg")],
  [["1", "-r", OTHER], published.bind(null, OTHER, "00000001-pkg")],
  [["1", "-r", "srpm-builds"], published.bind(null, "srpm-builds", "00000001")],
  [["3", "-r", "srpm-builds"], published.bind(null, "srpm-builds", "00000003")],
  [["3"], published.bind(null, CHROOT, "00000003-made")],
  [["4", "-r", "srpm-builds"], published.bind(null, "srpm-builds", "00000004")],
] as const)("build %j makes the same once more", async (words, original) => {
  const dest = join(directory, `again-${words.join("-")}`);
  const { exitCode, stdout, stderr } = await copr("reproduce", ...words, "--host", "--dest", dest);
  expect([exitCode, stderr], stdout).toEqual([0, ""]);
  expect(await sameness(dest)).toEqual(await sameness(original()));
  expect(stdout).toMatch(/^Running: [^\n]*copr-builder\.js'? run --config \S+[^\n]*\n[\s\S]*\nBuild succeeded\nResults: /);
  expect(await readFile(join(dest, "builder-live.log"), "utf8")).toMatch(/\nBuild succeeded\n$/);
  expect(await leftovers()).toEqual([]);
});

test("a failure comes again: exit status 4, the cause in the log, and as data", async () => {
  const { exitCode, stdout, stderr } = await copr("reproduce", "2", "--host");
  expect(stdout).toMatch(/main\.c:1:18: error: [\s\S]*\nCopr build error: [^\n]*\nResults: build-2-fedora-43-x86_64\n$/);
  expect([exitCode, stderr]).toEqual([
    4,
    "\nBuild error: Build 2 failed here in fedora-43-x86_64, as it did in Copr: Build failed: rpmbuild ended with 1.\nIts logs are in build-2-fedora-43-x86_64.\n",
  ]);
  const data = await copr("reproduce", "2", "--host", "--json");
  expect(data.exitCode).toBe(4);
  expectSchema("copr-cli-reproduce.json", data.stdout);
  expect(JSON.parse(data.stdout)).toMatchObject({
    build: 2,
    result: "failed",
    cause: { phase: "build", category: "compile-error" },
    directory: "build-2-fedora-43-x86_64.2",
  });
  expect(JSON.parse(data.stderr)).toMatchObject({ error: { kind: "build", exit_code: 4 } });
});

test("with a frontend that keeps its definitions to itself, by what the API and the log tell", async () => {
  answers.set(`/backend/get-build-task/1-${CHROOT}`, 403);
  answers.set("/backend/get-srpm-build-task/3", 404);
  const dest = join(directory, "by-api");
  const { exitCode, stdout, stderr } = await behind("reproduce", "1", "-r", CHROOT, "--host", "--dest", dest);
  expect([exitCode, stderr], stdout).toEqual([
    0,
    "The frontend's own definition is not to be had (the frontend answers 403): it is made of what the API tells.\n",
  ]);
  expect(await sameness(dest)).toEqual(await sameness(published(CHROOT, "00000001-pkg")));
  const source = join(directory, "source-by-api");
  expect((await behind("reproduce", "3", "-r", "srpm-builds", "--host", "--dest", source)).exitCode).toBe(0);
  expect(await sameness(source)).toEqual(await sameness(published("srpm-builds", "00000003")));
});

test("with a dist-git that nobody can clone, from the source package", async () => {
  const [git, away] = [join(directory, "sandbox", "git"), join(directory, "git-away")];
  await rename(git, away);
  try {
    const dest = join(directory, "by-srpm");
    const { exitCode, stdout, stderr } = await copr("reproduce", "1", "-r", CHROOT, "--host", "--dest", dest);
    expect([exitCode, stderr], stdout).toEqual([
      0,
      `Its dist-git can't be cloned from here: the sources are those of ${sandbox.url}/results/demo/prj/srpm-builds/00000001/pkg-1-1.src.rpm\n`,
    ]);
    expect(await sameness(dest)).toEqual(await sameness(published(CHROOT, "00000001-pkg")));
  } finally {
    await rename(away, git);
  }
});

test("--dry-run prints a command that does it, and changes nothing here", async () => {
  const before = await readdir(directory);
  const { exitCode, stdout } = await copr("reproduce", "3", "--host", "--dry-run");
  expect([exitCode, await readdir(directory)]).toEqual([0, before]);
  const [, definition, place, command] = /^Definition: (\S+)\nConfiguration, and later results: (\S+)\n(.+)\n$/.exec(stdout) as string[];
  expect(definition).toBe(`${sandbox.url}/backend/get-build-task/3-${CHROOT}`);
  await output(["sh", "-c", command as string], { env: environment() });
  expect(await sameness(join(place as string, "results"))).toEqual(await sameness(published(CHROOT, "00000003-made")));
  const data = await copr("reproduce", "3", "--dry-run", "--output-format", "jsonl");
  expectSchema("copr-cli-reproduce.jsonl", data.stdout);
  for (const name of await leftovers()) await rm(join(directory, "tmp", name), { recursive: true });
});

test("in mock, as builders do it; --keep leaves the chroot and says where", async () => {
  const mock = await makeMockStandIn(directory);
  const config = join(directory, "mock.ini");
  await writeFile(config, `${await readFile(sandbox.builderConfig, "utf8")}mock_config_directory=${mock.configDirectory}\n`);
  await done("edit-chroot", `prj/${CHROOT}`, "--packages", "sed");
  const env = { ...environment(), PATH: `${mock.binDirectory}:${process.env["PATH"]}`, COPR_BUILDER_CONFIG: config };
  const run = (...words: string[]): Promise<Outcome> => runProgram([...bin.cli, "reproduce", "3", ...words], { cwd: directory, env });
  const plain = await run("--dest", "mocked");
  expect([plain.exitCode, plain.stderr], plain.stdout).toEqual([0, ""]);
  expect(JSON.parse(await readFile(join(directory, "mocked", "results.json"), "utf8"))).toMatchObject({
    packages: [{ name: "made" }, { name: "made" }],
  });
  expect((await mock.calls()).find(({ argv }) => argv.includes("--spec"))?.config).toMatchObject({ chroot_additional_packages: "sed" });
  expect([await mock.chroots(), await leftovers()]).toEqual([[], []]);

  const kept = await run("--dest", "kept", "--keep", "--json");
  const { work_directory: place, definition } = JSON.parse(kept.stdout) as { work_directory: string; definition: string };
  expect(await mock.chroots()).toHaveLength(1);
  expect(await readdir(join(place, "state", "kept-chroots"))).toHaveLength(1);
  expect(JSON.parse(await readFile(definition, "utf8"))).toMatchObject({ allow_user_ssh: true });
  await rm(place, { recursive: true });
});

test.each([
  ["a file of this machine for a repository", { git_repo: "file:///etc" }, /git_repo must begin with/],
  ["an option for a commit", { git_hash: "--upload-pack=sh" }, /git_hash is not a commit/],
  ["a path for a chroot", { chroot: "../../etc/x" }, /chroot is not the name of a chroot/],
  ["a template", { buildroot_pkgs: ["{{ evil }}"] }, /buildroot_pkgs.* template/],
  ["another task", { task_id: `7-${CHROOT}` }, /It is of task 7-fedora-43-x86_64 instead of 1-fedora-43-x86_64/],
])("a definition with %s is refused", async (_what, change, sentence) => {
  const path = `/backend/get-build-task/1-${CHROOT}`;
  const wire = (await (await fetch(`${sandbox.url}${path}`)).json()) as object;
  answers.set(path, JSON.stringify({ ...wire, ...change }));
  const { exitCode, stdout, stderr } = await behind("reproduce", "1", "-r", CHROOT, "--host");
  answers.delete(path);
  expect([exitCode, stdout]).toEqual([5, ""]);
  expect(stderr).toMatch(/^\nError: The definition of 1-fedora-43-x86_64 is refused\. [^\n]*\n$/);
  expect(stderr).toMatch(sentence);
  expect(await leftovers()).toEqual([]);
});

test("what is missing is told in one sentence", async () => {
  const here = dirname(bin.cli[1]);
  const alone = join(directory, "alone");
  await mkdir(join(alone, "bin"), { recursive: true });
  await symlink(join(here, "..", "dist"), join(alone, "dist"));
  await cp(bin.cli[1], join(alone, "bin", "copr-cli.js"));
  await cp(join(here, "package.json"), join(alone, "bin", "package.json"));
  const env = { ...environment(), PATH: "/usr/bin:/bin" };
  const run = (...words: string[]): Promise<Outcome> => runProgram([process.execPath, ...words], { cwd: directory, env });
  const noBuilder = await run(join(alone, "bin", "copr-cli.js"), "reproduce", "1", "-r", CHROOT);
  expect(noBuilder).toMatchObject({
    exitCode: 3,
    stderr:
      "\nError: The program 'copr-builder', which builds packages on this machine, is not installed\nInstall it: sudo dnf install copr-rpmbuild\n",
  });
  const noMock = await run(bin.cli[1], "reproduce", "1", "-r", CHROOT);
  expect(noMock.exitCode).toBe(3);
  expect(noMock.stderr).toMatch(/^\nError: The program 'mock', which makes the chroot of a build, is not installed\nInstall it and join/);
  const several = await copr("reproduce", "1", "--host");
  expect([several.exitCode, several.stderr]).toEqual([
    2,
    expect.stringMatching(
      /^ {2}srpm-builds +succeeded\n {2}\S+ +succeeded\n {2}\S+ +succeeded\n[\s\S]*Build 1 has several chroots: name one\n$/,
    ),
  ]);
  expect((await copr("reproduce", "1", "-r", "fedora-1-x86_64", "--host")).stderr).toContain("Build 1 has no chroot 'fedora-1-x86_64'.");
  await mkdir(join(directory, "full", "x"), { recursive: true });
  expect((await copr("reproduce", "3", "--host", "--dest", "full")).stderr).toBe(
    "\nError: The directory 'full' is not empty\nName another one by --dest.\n",
  );
  expect(await leftovers()).toEqual([]);
});

test("a chroot that the project has lost", async () => {
  await done("modify", "prj", "--chroot", CHROOT);
  const { exitCode, stderr } = await copr("reproduce", "1", "-r", OTHER, "--host");
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining("The frontend has no settings of epel-10-x86_64 for build 1 any more")]);
});

test("local-build: a directory and a source package, as the project would", async () => {
  await rm(join(directory, "sources", "broken.spec"));
  // Its only chroot needs no name.
  await done("modify", "prj", "--chroot", CHROOT);
  await done("edit-chroot", `prj/${CHROOT}`, "--rpmbuild-with", "docs");
  const text = spec("pkg", "true").replace("%description", "%bcond_with docs\n%if %{with docs}\nProvides: pkg-docs\n%endif\n%description");
  await writeFile(join(directory, "sources", "pkg.spec"), text);
  const ofDirectory = await runProgram([...bin.cli, "local-build", "prj", "--host", "--dest", "../of-directory"], {
    cwd: join(directory, "sources"),
    env: environment(),
  });
  expect([ofDirectory.exitCode, ofDirectory.stderr], ofDirectory.stdout).toEqual([0, ""]);
  const ofPackage = await copr("local-build", "prj", await srpm("pkg"), "--host", "--json");
  expectSchema("copr-cli-local-build.json", ofPackage.stdout);
  expect(JSON.parse(ofPackage.stdout)).toMatchObject({
    build: null,
    origin: "project",
    result: "succeeded",
    directory: `local-prj-${CHROOT}`,
  });
  const made = await sameness(join(directory, `local-prj-${CHROOT}`));
  expect(JSON.stringify(made)).toContain("pkg-docs");
  expect(await sameness(join(directory, "of-directory"))).toEqual(made);
  expect(await copr("local-build", "prj", "nothing", "--host")).toMatchObject({ exitCode: 2 });
  expect((await copr("local-build", "prj", "-r", OTHER, "sources", "--host")).stderr).toMatch(/has no chroot 'epel-10-x86_64'\n$/);
  expect(await leftovers()).toEqual([]);
});

test("a signal ends the build, at once and in order; so does a kill", async () => {
  await mkdir(join(directory, "slow"));
  await writeFile(join(directory, "slow", "slow.spec"), specText("slow", "for i in $(seq 600); do echo step $i; sleep 0.1; done"));
  const statuses = { SIGINT: 1, SIGTERM: 143, SIGKILL: "SIGKILL" } as const;
  await Promise.all(
    Object.entries(statuses).map(async ([signal, status]) => {
      const temporary = join(directory, "tmp", signal);
      await mkdir(temporary);
      const words = ["local-build", "prj", "-r", CHROOT, "slow", "--host", "--dest", `slow-${signal}`];
      const env = { ...process.env, ...environment(), TMPDIR: temporary };
      const child = spawn(bin.cli[0], [bin.cli[1], ...words], { cwd: directory, env });
      let told = "";
      child.stdout.on("data", (chunk) => (told += String(chunk)));
      const ended = new Promise((resolve) => child.on("exit", (code, name) => resolve(code ?? name)));
      await eventually("it builds", () => told.includes("\nstep 3\n"));
      child.kill(signal as NodeJS.Signals);
      expect(await ended).toBe(status);
      if (signal === "SIGKILL") {
        await eventually("nothing of it runs", async () => (await processesMentioning(temporary)).length === 0);
        return expectSwept(temporary);
      }
      expect(await processesMentioning(temporary)).toEqual([]);
      expect([await readdir(temporary), (await readdir(directory)).includes(`slow-${signal}`)]).toEqual([[], false]);
    }),
  );
});

/** The next one removes what a killed one has left, and nothing else that may look like it. */
async function expectSwept(temporary: string): Promise<void> {
  const [left = ""] = await readdir(temporary);
  expect(left).toMatch(/^copr-local-/);
  const { stay, end } = await leaveDirectories(temporary, "copr-local-", "state/lockfile");
  const { exitCode, stderr } = await runProgram(
    [...bin.cli, "local-build", "prj", "-r", CHROOT, await srpm("pkg"), "--host", "--dest", "swept"],
    {
      cwd: directory,
      env: { ...environment(), TMPDIR: temporary },
      timeoutMs: 120_000,
    },
  );
  await end();
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect((await readdir(temporary)).toSorted()).toEqual(stay);
}
