import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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
