import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildState } from "./build-state.ts";
import { ask, uploadForm } from "./fixtures/api-client.ts";
import { makeSrpm } from "./fixtures/example-srpm.ts";
import type { Account, Build } from "./models.ts";
import { runProgram } from "./programs.ts";
import { type Sandbox, startSandboxWithWorld } from "./sandbox.ts";
import type { World } from "./world.ts";

const fakeBuilder = join(import.meta.dirname, "fixtures", "fake-builder.mjs");
const chroots = ["fedora-rawhide-x86_64", "fedora-43-x86_64", "epel-10-aarch64"];

let root: string;
let sandbox: Sandbox;
let world: World;
let account: Account;
const events: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sandbox-"));
  const started = await startSandboxWithWorld({
    directory: join(root, "sandbox"),
    builder: [process.execPath, fakeBuilder],
    buildroot: "host",
    chroots: Object.fromEntries(chroots.map((name) => [name, ""])),
    onEvent: (line) => events.push(line),
  });
  ({ sandbox, world } = started);
  account = world.accounts[0] as Account;
  await ask(sandbox.url, "POST", "/api_3/project/add/demo", { account, json: { name: "first", chroots } });
});

afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

async function submit(name: string, options: object = {}): Promise<Build> {
  const srpm = await makeSrpm(join(root, name), name);
  const form = await uploadForm(srpm, { ownername: "demo", projectname: "first", ...options });
  const { body } = await ask(sandbox.url, "POST", "/api_3/build/create/upload", { account, form });
  return world.build((body as { id: number }).id);
}

async function reached(build: Build, state: string): Promise<void> {
  await vi.waitFor(() => expect(buildState(build)).toBe(state), { timeout: 80_000, interval: 20 });
}

async function get(path: string): Promise<Response> {
  return await fetch(`${sandbox.url}${path}`);
}

test("a build goes through all states and publishes its results", async () => {
  const build = await submit("hello");
  await reached(build, "succeeded");
  const id = String(build.id).padStart(8, "0");

  const own = events.filter((line) => line.startsWith(`build ${build.id}: `)).map((line) => line.slice(9));
  expect(own).toEqual([
    "starting",
    "running",
    "importing",
    "pending",
    ...chroots.flatMap((name) => ["starting", "running", "succeeded"].map((state) => `${name} ${state}`)),
    "succeeded",
  ]);
  expect(build).toMatchObject({
    version: "1.0-1",
    srpm_url: `${sandbox.url}/results/demo/first/srpm-builds/${id}/hello-1.0-1.src.rpm`,
  });
  expect(build.chroots[0]?.built_packages).toEqual([
    { name: "hello", epoch: null, version: "1.0", release: "1", arch: "noarch" },
    { name: "hello", epoch: null, version: "1.0", release: "1", arch: "src" },
  ]);

  const listing = await (await get(`/results/demo/first/fedora-43-x86_64/${id}-hello/`)).text();
  const names = [...listing.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);
  expect(names.join(" ")).toBe(
    "../ backend.log.gz build.log builder-live.log.gz hello-1.0-1.noarch.rpm hello-1.0-1.src.rpm hello.spec results.json success",
  );
  const log = await get(`/results/demo/first/fedora-43-x86_64/${id}-hello/builder-live.log.gz`);
  const text = gunzipSync(Buffer.from(await log.arrayBuffer())).toString();
  const options = `--detached --state-dir ${sandbox.builderStateDirectory} --config ${sandbox.builderConfig}`;
  const url = `${sandbox.url}/backend/get-build-task/${build.id}-fedora-43-x86_64`;
  expect(text).toContain(`arguments: run ${options} --buildroot host --task-url ${url}\n`);
});

test("what was imported can be cloned, with big sources in the lookaside", async () => {
  const build = await submit("twice");
  await reached(build, "succeeded");
  const again = await submit("twice");
  await reached(again, "succeeded");

  const clone = join(root, "clone");
  await runProgram(["git", "clone", "--quiet", `${sandbox.url}/git/demo/first/twice`, clone]);
  const git = async (...parameters: string[]) => await runProgram(["git", "-C", clone, ...parameters]);
  expect((await git("branch", "--remotes", "--format=%(refname:lstrip=3)")).split("\n").toSorted()).toEqual([
    "HEAD",
    "epel10",
    "f43",
    "master",
  ]);
  expect(await git("log", "--format=%s", "origin/f43")).toBe(
    `automatic import of build ${again.id}\nautomatic import of build ${build.id}`,
  );
  expect((await git("ls-files")).split("\n")).toEqual(["hello.sh", "sources", "twice.spec"]);
  expect(await readFile(join(clone, "sources"), "utf8")).toMatch(/^SHA512 \(data\.tar\.gz\) = [0-9a-f]{128}\n$/);
  expect(build.chroots.map((chroot) => chroot.git_hash)).not.toContain(null);
});

test("a failing package fails in every chroot", async () => {
  const build = await submit("failing", { chroots: ["fedora-43-x86_64"] });
  await reached(build, "failed");
  const [chroot] = build.chroots;
  expect(chroot?.state).toBe("failed");
  expect(chroot?.ended_on).not.toBeNull();
  const directory = join(sandbox.resultsDirectory, "demo/first/fedora-43-x86_64", chroot?.result_dir ?? "");
  expect(existsSync(join(directory, "builder-live.log"))).toBe(false);
  expect(gunzipSync(await readFile(join(directory, "builder-live.log.gz"))).toString()).toContain("Copr build error: Build failed");
});

test("a log that ends badly fails the build even if it says success", async () => {
  const build = await submit("crashing", { chroots: ["fedora-43-x86_64"] });
  await reached(build, "failed");
  const directory = join(sandbox.resultsDirectory, "demo/first/fedora-43-x86_64", build.chroots[0]?.result_dir ?? "");
  expect(existsSync(join(directory, "success"))).toBe(true);
});

test("a source that cannot be fetched fails the build and its chroots", async () => {
  const json = {
    ownername: "demo",
    projectname: "first",
    chroots: ["fedora-43-x86_64"],
    pkgs: [`${sandbox.url}/missing.src.rpm`],
  };
  const { body } = await ask(sandbox.url, "POST", "/api_3/build/create/url", { account, json });
  const [created] = (body as { items: { id: number }[] }).items;
  const build = world.build(created?.id ?? 0);
  await reached(build, "failed");
  expect(build.chroots).toMatchObject([{ state: "failed" }]);
  expect(build.package).toBeNull();
});

test("chroots of an excluded architecture are skipped", async () => {
  const build = await submit("onlyarm");
  await reached(build, "succeeded");
  expect(build.chroots.map(({ name, state }) => [name, state])).toEqual([
    ["fedora-rawhide-x86_64", "skipped"],
    ["fedora-43-x86_64", "skipped"],
    ["epel-10-aarch64", "succeeded"],
  ]);
});

test("the live log of a running build can be followed, and a cancel ends it", async () => {
  const build = await submit("endless", { chroots: ["fedora-43-x86_64"] });
  await reached(build, "running");
  await vi.waitFor(() => expect(build.chroots[0]?.state).toBe("running"), { timeout: 80_000 });
  const path = `/results/demo/first/fedora-43-x86_64/${build.chroots[0]?.result_dir}`;
  await vi.waitFor(async () => expect(await (await get(`${path}/builder-live.log`)).text()).toContain("Task: "), { timeout: 80_000 });
  const next = await submit("hello", { chroots: ["fedora-43-x86_64"] });

  const { status } = await ask(sandbox.url, "PUT", `/api_3/build/cancel/${build.id}`, { account });
  expect(status).toBe(200);
  await reached(next, "succeeded");
  expect(buildState(build)).toBe("canceled");
  expect((await get(`${path}/builder-live.log`)).status).toBe(404);
  expect((await get(`${path}/results.json`)).status).toBe(404);
});

test("closing in the middle of a build leaves no process behind", async () => {
  const { sandbox: own, world: ownWorld } = await startSandboxWithWorld({
    directory: join(root, "closing"),
    builder: [process.execPath, fakeBuilder],
  });
  const [ownAccount] = ownWorld.accounts;
  const json = { name: "first", chroots: ["fedora-43-x86_64"] };
  await ask(own.url, "POST", "/api_3/project/add/demo", { account: ownAccount, json });
  const form = await uploadForm(await makeSrpm(join(root, "endless"), "endless"), {
    ownername: "demo",
    projectname: "first",
  });
  await ask(own.url, "POST", "/api_3/build/create/upload", { account: ownAccount, form });
  await vi.waitFor(() => expect(ownWorld.builds[0]?.chroots[0]?.state).toBe("running"), { timeout: 80_000 });
  const pid = Number(await readFile(join(own.builderStateDirectory, "pid"), "utf8"));
  expect(isAlive(pid)).toBe(true);
  await own.close();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  await expect(fetch(own.url)).rejects.toThrow("fetch failed");
});

/** A zombie that nobody has waited for yet is dead. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, "utf8"));
}
