import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { bin, output, runProgram } from "../support/program.ts";
import { eventually } from "../support/processes.ts";
import { canMount, mountDisk } from "../support/small-disk.ts";

const mounts = await canMount();

let host: BuilderHost;
beforeEach(async () => {
  // The disks of these tests are tiny.
  host = await startBuilderHost("min_free = 0");
});
afterEach(() => host.close());

// Skipped for users who may not mount: a full disk can't be had otherwise.
describe.skipIf(!mounts)("a disk (mounting needs root)", () => {
  test("that is full after the start: a plain sentence, and a true status", async () => {
    await mountDisk(host, "size=1m");
    host.pages.set("/big.src.rpm", { body: Buffer.alloc(8 * 1024 * 1024, "x") });
    const { exitCode, stdout } = await host.runTask(srpmTask(`${host.url}/big.src.rpm`));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Copr build error: Cannot write '.*big\.src\.rpm': no space left on the disk\n$/);
    expect(await host.status()).toMatchObject({ state: "failed", exit_code: 1 });
    expect(await readdir(join(host.stateDirectory, "results"))).toEqual([]);
  });

  test("that the build's output fills up: the log's end is told in the status", async () => {
    const repository = await makeRepository(host.directory, "loud", {
      "loud.spec": specText("loud", "for i in $(seq 40000); do echo 0123456789012345678901234567890123456789; done"),
    });
    await mountDisk(host, "size=1m");
    const { exitCode } = await host.runTask(rpmTask(repository));
    expect(exitCode).toBe(1);
    const status = await host.status();
    expect(status).toMatchObject({ state: "failed" });
    expect(status["reason"]).toMatch(/Cannot write the log .*: no space left on the disk$/);
    expect(await readdir(join(host.stateDirectory, "results"))).not.toContain("success");
  });

  test("that is too full for a task: nothing of the task before is taken for its results", async () => {
    const results = join(host.stateDirectory, "results");
    await mountDisk(host, "size=10m");
    await mkdir(results, { recursive: true });
    for (const name of ["old-1-1.noarch.rpm", "build.log", "success"]) await writeFile(join(results, name), "");
    const config = join(host.directory, "large.ini");
    await writeFile(config, "[main]\nbuildroot = host\nmin_free = 100\n");
    const task = join(host.directory, "task.json");
    await writeFile(task, JSON.stringify(rpmTask({ url: "https://example.org/x", hash: "a" })));
    const words = ["run", "--task-file", task, "--config", config, "--state-dir", host.stateDirectory];
    expect((await runProgram([...bin.builder, ...words])).exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(/has only \d+ MiB free, and a task needs 100 MiB/);
    // copr-backend fetches it all the same, and asks another machine if there is nothing to fetch from.
    expect(await readdir(results)).toEqual([]);
  });

  test("that is full from the start: refused at once, nothing runs", async () => {
    await mountDisk(host, "size=4k,nr_inodes=2");
    const { exitCode, stderr } = await host.runTask(rpmTask({ url: "https://example.org/x", hash: "a" }));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^copr-builder: Cannot .*: no space left on the disk\n/);
  });

  test("that is read-only", async () => {
    await mountDisk(host, "size=1m,ro");
    for (const words of [[], ["--detached"]]) {
      const { exitCode, stderr } = await host.runTask(rpmTask({ url: "https://example.org/x", hash: "a" }), ...words);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^copr-builder: Cannot .*: the file system is read-only\n/);
    }
  });
});

test("a missing program is named", async () => {
  // A PATH with all that the builder needs but git.
  const path = join(host.directory, "bin");
  await output(["mkdir", path]);
  for (const program of ["mkfifo", "flock", "rpm", "rpmbuild"])
    await output(["ln", "-s", (await output(["which", program])).trim(), join(path, program)]);
  const task = join(host.directory, "task.json");
  await writeFile(task, JSON.stringify(rpmTask({ url: "https://example.org/x", hash: "a" })));
  const words = ["run", "--buildroot", "host", "--state-dir", host.stateDirectory, "--task-file", task];
  const { exitCode, stdout } = await runProgram([...bin.builder, ...words], { env: { PATH: path } });
  expect(exitCode).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("Copr build error: The program 'git' is not installed");
  expect(await readFile(join(host.stateDirectory, "live-log"), "utf8")).toBe(stdout);
});

test("a mock chroot that the host does not know", async () => {
  const repository = await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") });
  const { exitCode, stdout } = await host.runTask(
    rpmTask(repository, { chroot: "nosuch-1-x86_64", task_id: "7-nosuch-1-x86_64" }),
    "--buildroot",
    "mock",
  );
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/Copr build error: Chroot config \/etc\/mock\/nosuch-1-x86_64\.cfg not found\n$/);
});

test("a missing flock leaves a status that tells it", async () => {
  const words = ["run", "--buildroot", "host", "--state-dir", host.stateDirectory, "--task-file", "x"];
  const { exitCode, stderr } = await runProgram([...bin.builder, ...words], { env: { PATH: "/nowhere" } });
  expect([exitCode, stderr]).toEqual([1, "copr-builder: The program 'flock' is not installed\n"]);
  expect(await host.status()).toMatchObject({ state: "failed", exit_code: 1, reason: "The program 'flock' is not installed" });
});

test("a reader that stalls does not stall the deadline", async () => {
  const flood = specText("flood", "while :; do echo 0123456789012345678901234567890123456789; done");
  const task = join(host.directory, "flood.json");
  await writeFile(task, JSON.stringify(rpmTask(await makeRepository(host.directory, "flood", { "flood.spec": flood }), { timeout: 3 })));
  const words = [...bin.builder, "run", "--buildroot", "host", "--state-dir", host.stateDirectory, "--task-file", task];
  const enough = join(host.directory, "enough");
  const reader = `"$@" | while [ ! -e '${enough}' ]; do sleep 0.1; done`;
  const piped = runProgram(["sh", "-c", reader, "sh", ...words]);
  await eventually("the deadline", async () => (await host.status().catch(() => ({ state: "" })))["state"] === "timed-out");
  await writeFile(enough, "");
  await piped;
});
