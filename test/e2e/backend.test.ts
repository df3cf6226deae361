import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BackendDriver, BackendTask } from "../support/backend-driver.ts";
import { type BackendHost, CHROOT, startBackendHost } from "../support/backend-host.ts";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask } from "../support/builder-host.ts";
import { eventually, isAlive } from "../support/processes.ts";
import { needsTerminals, opensTerminals } from "../support/ssh-server.ts";

let machine: BackendHost;
let host: BuilderHost;
let backend: BackendDriver;
beforeAll(async () => {
  machine = await startBackendHost("host");
  ({ host, backend } = machine);
});
afterAll(() => machine?.close());

async function uploadTask(): Promise<BackendTask> {
  const srpm = await makeSrpm(host.directory, "uploaded");
  host.pages.set(`/tmp/x/${basename(srpm)}`, { body: await readFile(srpm) });
  return machine.serve("get-srpm-build-task/7", srpmTask(`${host.url}/tmp/x/${basename(srpm)}`));
}

async function packagesTask(name: string, build: string): Promise<BackendTask> {
  const repository = await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, build) });
  // The backend's tasks come from a web server; a local repository is only for task files.
  return machine.serve(`get-build-task/7-${CHROOT}`, rpmTask(host.publishRepository(repository)));
}

describe.skipIf(!opensTerminals)(`a whole task over ssh${needsTerminals}`, () => {
  test("a source package", async () => {
    const { log, directory } = await backend.doTask(await uploadTask(), { disconnects: 2 });
    expect(log).toBe(await host.log());
    expect(log).toMatch(/^\nYou can reproduce this build[\s\S]*\nBuild succeeded\n$/);
    expect((await readdir(directory)).sort()).toEqual(["results.json", "success", "uploaded-1-1.src.rpm", "uploaded.spec"]);
    const results = JSON.parse(await readFile(join(directory, "results.json"), "utf8")) as unknown;
    expect(results).toMatchObject({ name: "uploaded", epoch: null, version: "1", release: "1" });
  });

  test("packages", async () => {
    const cutsBefore = backend.cuts;
    const { log, directory } = await backend.doTask(await packagesTask("steps", "for i in $(seq 20); do echo step $i; sleep 0.2; done"), {
      disconnects: 2,
    });
    expect(log).toBe(await host.log());
    expect(backend.cuts - cutsBefore).toBe(2);
    expect(log).toMatch(/\nstep 1\n[\s\S]*\nstep 20\n[\s\S]*\nBuild succeeded\n$/);
    expect(await readdir(directory)).toEqual(expect.arrayContaining(["results.json", "success", "steps-1-1.noarch.rpm", "steps.spec"]));
    const { packages } = JSON.parse(await readFile(join(directory, "results.json"), "utf8")) as {
      packages: { name: string; arch: string }[];
    };
    expect(packages.filter(({ arch }) => arch !== "src")).toMatchObject([{ name: "steps", version: "1" }]);
  });

  test("packages that fail: no success, but the log and what explains it", async () => {
    const { log, directory } = await backend.doTask(await packagesTask("broken", "echo about to fail; false"));
    expect(log).toMatch(/\nabout to fail\n[\s\S]*\nCopr build error: Build failed/);
    const names = await readdir(directory);
    expect(names).toEqual(expect.arrayContaining(["build.log", "broken.spec"]));
    expect(names.filter((name) => /^(success|results\.json)$|noarch\.rpm$/.test(name))).toEqual([]);
  });
});

describe.skipIf(!opensTerminals)(`cancel${needsTerminals}`, () => {
  test("ends the build and whoever follows its log, quickly", async () => {
    const task = await packagesTask("endless", "echo begun; sleep 600");
    expect((await backend.start(task)).exitCode).toBe(0);
    const following = backend.followLog(join(host.directory, "canceled.log"));
    await eventually("the build has begun", async () => (await host.log()).includes("\nbegun\n"));
    const began = Date.now();
    expect(await backend.cancel()).toMatchObject({ exitCode: 0, stdout: "success\n" });
    expect(await following).toMatch(/\nCopr build error: The task was canceled\n$/);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(await host.status()).toMatchObject({ state: "canceled" });
    expect(await readdir(join(host.stateDirectory, "results"))).not.toContain("success");
  });

  test("of nothing is no failure", async () => {
    expect(await backend.cancel()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PID \S+ not found\n$/) as string });
  });
});

test.skipIf(!opensTerminals)(`twenty detached starts in a row: none is lost, none says a word${needsTerminals}`, async () => {
  const task = await packagesTask("sleeper", "sleep 600");
  for (let round = 0; round < 20; round += 1) {
    expect(await backend.start(task)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await isAlive(await readFile(join(host.stateDirectory, "pid"), "utf8"))).toBe(true);
    expect((await backend.cancel()).exitCode).toBe(0);
  }
});

test.skipIf(!opensTerminals)(`a busy builder refuses a second task in one line${needsTerminals}`, async () => {
  const task = await packagesTask("busy", "sleep 600");
  await backend.start(task);
  const { exitCode, stdout } = await backend.start(task);
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^copr-rpmbuild: This builder is busy: .*\n.*\n$/)]);
  await backend.cancel();
});

// copr-backend's resalloc runs it as root between two tasks.
test.skipIf(process.getuid?.() !== 0)(
  "the clean-up (as root) ends a task, leaves nothing of it, and the next task is none the worse",
  async () => {
    await backend.start(await packagesTask("interrupted", "echo begun; sleep 600"));
    await eventually("the build has begun", async () => (await host.log()).includes("\nbegun\n"));
    expect(await backend.command("copr-builder-cleanup")).toMatchObject({ exitCode: 0 });
    // The history of the host outlives its tasks.
    const stays = /^(lockfile|results|workspace|root-caches|history\.jsonl(\.reserve)?)$/;
    expect((await readdir(host.stateDirectory)).filter((name) => !stays.test(name))).toEqual([]);
    expect(await readdir(join(host.stateDirectory, "results"))).toEqual([]);
    expect(await backend.command("copr-builder-cleanup")).toMatchObject({ exitCode: 0 });
    const { log } = await backend.doTask(await packagesTask("afterwards", "true"));
    expect(log).toMatch(/\nBuild succeeded\n$/);
  },
);
