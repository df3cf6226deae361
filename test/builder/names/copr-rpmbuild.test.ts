import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tryLock } from "../../../src/core/files/lock.ts";
import { version } from "../../../src/core/version.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../../support/builder-host.ts";
import { nameOfBuilder, type Outcome, runProgram } from "../../support/program.ts";

let host: BuilderHost;
let config: string;
beforeAll(async () => {
  host = await startBuilderHost();
  config = join(host.directory, "rpmbuild.ini");
  await writeFile(config, `[main]\nbuildroot = host\nstate_dir = ${host.stateDirectory}\n`);
});
afterAll(() => host.close());

const rpmbuild = (...words: string[]): Promise<Outcome> => runProgram([...nameOfBuilder("copr-rpmbuild"), ...words]);

test.each([
  ["-v", "--version"],
  ["--version", "-v"],
  ["--srpm", "--vers"],
])("the version is told, whatever stands beside it: %s %s", async (...words) => {
  expect(await rpmbuild(...words)).toEqual({ exitCode: 0, stdout: `copr-rpmbuild version ${version}\n`, stderr: "" });
});

test("long options may be shortened as far as they are clear, and a definition need not name the chroot", async () => {
  const repository = await makeRepository(host.directory, "short", { "short.spec": specText("short", "true") });
  const { chroot: _, ...task } = rpmTask(repository, {
    repos: null,
    buildroot_pkgs: null,
    with_opts: null,
    without_opts: null,
    tags: null,
  });
  const path = join(host.directory, "task.json");
  await writeFile(path, JSON.stringify(task));
  const { exitCode, stdout } = await rpmbuild(`--conf=${config}`, "--drop", "--task-fi", path, "--chr", "fedora-43-x86_64");
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("\n  chroot: fedora-43-x86_64\n");
  expect(await rpmbuild("--task", path, "-r", "fedora-43-x86_64")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "copr-rpmbuild: unknown option '--task'\nSee 'copr-rpmbuild --help'.\n",
  });
});

test("the package of the working directory is built as a project would", async () => {
  const settings = {
    chroot: "fedora-43-x86_64",
    repos: [],
    additional_packages: [],
    additional_modules: [],
    with_opts: ["docs"],
    without_opts: [],
    enable_net: false,
    isolation: null,
  };
  host.pages.set("/api_3/project-chroot/build-config", { type: "application/json", body: JSON.stringify(settings) });
  const checkout = join(host.directory, "checkout");
  await mkdir(checkout);
  await writeFile(join(checkout, "mine.spec"), specText("mine", "echo docs=%{with docs} tag=%buildtag", "%bcond_with docs"));
  const own = join(host.directory, "project.ini");
  await writeFile(own, `[main]\nfrontend_url = ${host.url}\nbuildroot = host\nstate_dir = ${host.stateDirectory}\n`);
  const words = [...nameOfBuilder("copr-rpmbuild"), "--config", own, "--drop-resultdir", "--copr", "@copr/prj", "-r", "fedora-43-x86_64"];
  const { exitCode, stdout } = await runProgram(words, { cwd: checkout });
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("\ndocs=1 tag=.copr0\n");
  expect(await readFile(join(host.stateDirectory, "results", "success"), "utf8")).toBe("done");
});

describe("a task that is refused before it begins", () => {
  const left = join("results", "success");

  /** A host of its own whose last task succeeded. */
  async function afterSuccess(): Promise<{ state: string; words: string[] }> {
    const state = await mkdtemp(join(host.directory, "refused-"));
    const own = join(state, "main.ini");
    await writeFile(own, `[main]\nbuildroot = host\nstate_dir = ${state}\n`);
    await mkdir(join(state, "results"));
    await writeFile(join(state, left), "");
    return { state, words: ["--config", own, "--drop-resultdir"] };
  }

  test.each([
    ["an empty chroot", ["--chroot", "", "--build-id", "1"], 1],
    ["an empty chroot, in the background", ["--detached", "--chroot", "", "--build-id", "1"], 1],
    ["a chroot that is too long", ["--chroot", `fedora-43-${"x".repeat(300)}`, "--build-id", "1"], 1],
    ["a chroot that is a path", ["--chroot", "/etc/mock/fedora-43-x86_64.cfg", "--build-id", "1"], 1],
    ["no chroot", ["--build-id", "1"], 1],
    ["no task", ["--srpm"], 2],
    ["a task that is no number", ["--srpm", "--build-id", "x"], 2],
    ["an option that there is not", ["--srpm", "--build-id", "1", "--frob"], 2],
    ["options that exclude one another", ["--srpm", "--rpm", "--build-id", "1"], 2],
    ["an address that is none", ["--srpm", "--task-url", "x"], 2],
  ])("%s: nothing is left that could be taken for its results", async (_, words, expected) => {
    const { state, words: before } = await afterSuccess();
    const { exitCode, stderr, stdout } = await rpmbuild(...before, ...words);
    expect(exitCode, stdout + stderr).toBe(expected);
    expect(existsSync(join(state, left))).toBe(false);
  });

  test("its log can't be opened", async () => {
    const { state, words } = await afterSuccess();
    await mkdir(join(state, "main.log", "x"), { recursive: true });
    const { exitCode } = await rpmbuild(...words, "--srpm", "--build-id", "1");
    expect(exitCode).toBe(1);
    expect(existsSync(join(state, left))).toBe(false);
  });

  test("results stay where their removal was not asked for, and where a task runs", async () => {
    const { state, words } = await afterSuccess();
    await rpmbuild(...words.slice(0, 2), "--chroot", "", "--build-id", "1");
    expect(existsSync(join(state, left))).toBe(true);
    const lock = await tryLock(join(state, "lockfile"));
    await rpmbuild(...words, "--chroot", "", "--build-id", "1");
    await lock?.release();
    expect(existsSync(join(state, left))).toBe(true);
  });
});
