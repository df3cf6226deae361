import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText } from "../support/builder-host.ts";
import { type MockHost, startMockHost } from "../support/mock-host.ts";
import type { MockStandIn } from "../support/mock-stand-in/stand-in.ts";

let mock: MockHost;
let host: BuilderHost;
let standIn: MockStandIn;
beforeEach(async () => {
  mock = await startMockHost();
  ({ host, standIn } = mock);
});
afterEach(() => mock.close());

describe("root caches", () => {
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
    await mock.runTask(await task());
    const first = await mock.childConfig();
    await mock.runTask(await task());
    expect(await mock.childConfig()).toBe(first);
    expect(await ours()).toHaveLength(1);
  });

  test.each([
    ["packages", { buildroot_pkgs: ["which"] }],
    ["modules", { modules: { toggle: [{ enable: "a:1" }] } }],
    ["network", { enable_net: true }],
    ["bootstrap", { bootstrap: "on" }],
  ])("other %s, another cache", async (_name, changes) => {
    await mock.runTask(await task());
    const { stdout, exitCode } = await mock.runTask(await task(changes));
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("installing minimal buildroot");
    expect(await ours()).toHaveLength(2);
  });

  test("no project's repository gets into another's chroot, also not through a bootstrap chroot left by a crash", async () => {
    const repos = async (name: string) => [{ id: "copr_base", name, baseurl: await standIn.addRepository(name, ["x"]) }];
    const slow = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "echo be''gun; sleep 600") });
    const { pid, ended } = await mock.startTask(rpmTask(slow, { bootstrap: "on", repos: await repos("theirs") }), "\nbegun\n");
    process.kill(pid, "SIGKILL");
    await ended;
    // Even if nobody cleans up.
    await writeFile(join(host.stateDirectory, "status.json"), "{}");
    const { stdout } = await mock.runTask(await task({ bootstrap: "on", repos: await repos("ours") }));
    const first = stdout.slice(0, stdout.indexOf("creating root cache"));
    expect(first).toContain("installing minimal buildroot");
    expect(first).not.toContain("unpacking root cache");
  });

  test("a bootstrap chroot's is used again, and goes with the others", async () => {
    await mock.configure("root_caches = 1\n");
    const bootstraps = async (): Promise<string[]> => (await standIn.caches()).filter((name) => name.endsWith("-bootstrap"));
    expect((await mock.runTask(await task({ bootstrap: "on" }))).stdout).not.toContain("Start(bootstrap): unpacking root cache");
    const { stdout } = await mock.runTask(await task({ bootstrap: "on" }));
    expect(stdout).toContain("Start(bootstrap): unpacking root cache");
    expect(await standIn.chroots()).toEqual([]);
    expect(await bootstraps()).toHaveLength(1);
    await mock.runTask(await task({ bootstrap: "on", buildroot_pkgs: ["which"] }));
    expect(await bootstraps()).toEqual([]);
  });

  /** Every root cache, also of bootstrap chroots. */
  const archives = async (): Promise<string[]> =>
    (await readdir(join(host.directory, "mock/cache"), { recursive: true }))
      .filter((name) => /\/root_cache\/cache\.tar\./.test(name))
      .map((name) => join(join(host.directory, "mock/cache"), name));

  test("one that a killed mock has left half made is made anew", async () => {
    await mock.configure(`mock_cache_directory = ${join(host.directory, "mock/cache")}\n`);
    await mock.runTask(await task({ bootstrap: "on" }));
    const made = await archives();
    expect(made).toHaveLength(2);
    // As it is when mock is killed over it: shorter than it says, and younger than the last use that came to its end.
    for (const path of made) await writeFile(path, (await readFile(path)).subarray(0, 40));
    const { exitCode, stdout } = await mock.runTask(await task({ bootstrap: "on" }));
    expect(exitCode, stdout).toBe(0);
    for (const path of made)
      expect(stdout).toContain(
        `The root cache '${path}' is of a build that did not come to its end, and may be half of one: it is made anew\n`,
      );
    expect(stdout).toContain("creating root cache");
    expect((await mock.runTask(await task({ bootstrap: "on" }))).stdout).not.toContain("creating root cache");
  });

  test("one that a build has left which failed is whole", async () => {
    await mock.configure(`mock_cache_directory = ${join(host.directory, "mock/cache")}\n`);
    const bad = await makeRepository(host.directory, "bad", { "bad.spec": specText("bad", "false") });
    for (const word of ["creating", "unpacking"]) {
      const { exitCode, stdout } = await mock.runTask(rpmTask(bad));
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`${word} root cache`);
      expect(stdout).not.toContain("did not come to its end");
    }
  });

  test("the least recently used ones are removed", async () => {
    await mock.configure("root_caches = 2\n");
    await mock.runTask(await task());
    await mock.runTask(await task({ buildroot_pkgs: ["which"] }));
    await mock.runTask(await task());
    const before = await ours();
    await mock.runTask(await task({ buildroot_pkgs: ["patch"] }));
    expect(await ours()).toHaveLength(2);
    expect(await remembered()).toHaveLength(2);
    expect((await ours()).filter((name) => before.includes(name))).toHaveLength(1);
    expect((await mock.runTask(await task())).stdout, "used twice, so it stayed").not.toContain("installing minimal buildroot");
  });

  test("nothing of a hundred that are removed stays behind, in mock's directories or in ours", { timeout: 900_000 }, async () => {
    await mock.configure("root_caches = 1\n");
    await mock.runTask(await task());
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
    await mock.runTask(await task(), 800_000);
    expect([await standIn.caches(), await standIn.chroots()]).toEqual(before);
    expect(await ours()).toEqual([kept]);
    expect(await remembered()).toEqual([note]);
  });

  test("none is kept when none is wanted", async () => {
    await mock.runTask(await task());
    await mock.configure("root_caches = 0\n");
    expect((await mock.runTask(await task())).stdout).toContain("installing minimal buildroot");
    expect((await standIn.calls()).at(-2)?.scrub).toEqual(["bootstrap", "chroot", "root-cache"]);
    expect(await ours()).toEqual([]);
    expect(await remembered()).toEqual([]);
    expect(await mock.childConfig()).not.toContain("root_cache");
  });

  test("a change of the host's configuration counts", async () => {
    await mock.runTask(await task());
    const site = join(standIn.configDirectory, "site-defaults.cfg");
    const wait = 1100 - (Date.now() - (await stat(site)).mtimeMs);
    await new Promise((resolve) => setTimeout(resolve, wait));
    await writeFile(site, "config_opts['use_bootstrap'] = False\nconfig_opts['update_before_build'] = False\n");
    const { stdout } = await mock.runTask(await task());
    expect(stdout).toContain("newer than root cache");
    expect(stdout).toContain("installing minimal buildroot");
  });
});
