import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask } from "../support/builder-host.ts";
import { type MockHost, startMockHost } from "../support/mock-host.ts";
import type { MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { bin, nameOfBuilder, runProgram } from "../support/program.ts";

const chroot = "fedora-43-x86_64";

let mock: MockHost;
let host: BuilderHost;
let standIn: MockStandIn;
beforeEach(async () => {
  mock = await startMockHost();
  ({ host, standIn } = mock);
});
afterEach(() => mock.close());

describe("what the builder tells mock", () => {
  test("one build, then the chroot is scrubbed, but no cache", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    await mock.runTask(rpmTask(repository));
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
    expect((await mock.runTask(rpmTask(repository, { allow_user_ssh: true }))).exitCode).toBe(0);
    const calls = await standIn.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.argv).toContain("--no-cleanup-after");
    expect(await standIn.chroots()).toEqual([`${chroot}-${calls[0]?.unique}`]);
    expect((await host.status())["chroot"]).toBe(null);
    // The next task leaves it alone, too.
    await mock.runTask(rpmTask(repository));
    expect(await standIn.chroots()).toEqual([`${chroot}-${calls[0]?.unique}`]);
  });

  test.skipIf(process.getuid?.() !== 0)("copr-builder-cleanup removes the chroots of users (for root)", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    for (const _ of [1, 2]) expect((await mock.runTask(rpmTask(repository, { allow_user_ssh: true }))).exitCode).toBe(0);
    expect(await standIn.chroots()).toHaveLength(2);
    const words = ["--config", mock.config, "--state-dir", host.stateDirectory];
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
    const { exitCode, stdout } = await mock.runTask(task);
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
    expect(await readFile(join(host.stateDirectory, "results", "installed_pkgs.log"), "utf8")).toMatch(
      /^own-tools-1-1\.noarch 0 0 copr_base$/m,
    );
    expect(await standIn.chroots()).toEqual([]);
  });

  test("a repository that is down fails the build", async () => {
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    const repos = [{ id: "copr_base", name: "Copr repository", baseurl: `${host.url}/nothing/` }];
    expect((await mock.runTask(rpmTask(repository, { repos }))).exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(/mock ended with 30/);
  });

  test("an upstream source package needs no mock", async () => {
    const srpm = await makeSrpm(host.directory, "hello");
    host.pages.set("/hello-1-1.src.rpm", { body: await readFile(srpm) });
    expect((await mock.runTask(srpmTask(`${host.url}/hello-1-1.src.rpm`))).exitCode).toBe(0);
    expect(await standIn.calls()).toEqual([]);
  });

  test("a chroot that this machine has not", async () => {
    const { exitCode } = await mock.runTask(rpmTask({ url: "file:///nowhere", hash: "a" }, { chroot: "fedora-99-x86_64" }));
    expect(exitCode).toBe(1);
    const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
    await mock.runTask(rpmTask(repository, { chroot: "fedora-99-x86_64" }));
    expect((await host.status())["reason"]).toBe(`Chroot config ${standIn.configDirectory}/fedora-99-x86_64.cfg not found`);
  });

  test("mock_config_directory must be absolute", async () => {
    await writeFile(mock.config, "[main]\nmock_config_directory = etc\n");
    const { exitCode, stderr } = await runProgram([...bin.builder, "run", "7", "--config", mock.config]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The value of 'mock_config_directory' in the configuration is not an absolute path: etc");
  });
});
