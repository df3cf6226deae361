import { appendFile, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryLock } from "../../src/core/files/lock.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";

let host: BuilderHost;
let task: string;
beforeEach(async () => {
  host = await startBuilderHost();
  const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "echo begun; sleep 300") });
  task = join(host.directory, "task.json");
  await writeFile(task, JSON.stringify(rpmTask(repository)));
});
afterEach(() => host.close());

/** Its commands with nothing but a configuration, which gets more lines. */
async function configured(lines: string): Promise<(...words: string[]) => Promise<Outcome>> {
  await writeFile(host.config, `[main]\nbuildroot = host\nstate_dir = ${host.stateDirectory}\n${lines}\n`);
  return (command = "", ...words) => runProgram([...bin.builder, command, "--config", host.config, ...words]);
}

test("two slots do two tasks, and are told, followed and ended apart", async () => {
  const builder = await configured("slots = 2");
  const second = join(host.stateDirectory, "slots", "2");
  expect(await builder("run", "--detached", "--task-file", task)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(await builder("run", "--detached", "--task-file", task)).toEqual({ exitCode: 0, stdout: `Slot: 2, in ${second}\n`, stderr: "" });
  const third = await builder("run", "--task-file", task);
  expect([third.exitCode, third.stderr.split("\n")[0]]).toEqual([3, "copr-builder: This builder is busy: each of its 2 slots has a task"]);
  await eventually("a build in each", async () => {
    const { stdout } = await builder("status");
    return /^slot 1: building \(task 7-fedora-43-x86_64\)\nslot 2: building \(task 7-fedora-43-x86_64\)\n$/.test(stdout);
  });
  expect(JSON.parse((await builder("status", "--json")).stdout)).toMatchObject({
    slots: [
      { slot: 1, status: { state: "building" } },
      { slot: 2, state_directory: second, status: { state: "building" } },
    ],
  });
  expect((await builder("cancel")).stderr).toMatch(/^copr-builder: Several tasks are running here, in the slots 1, 2\n/);
  expect((await builder("cancel", "--slot", "2")).exitCode).toBe(0);
  expect((await builder("status", "--slot", "2")).stdout).toMatch(/^canceled/);
  expect((await builder("log", "--slot", "2")).stdout).toContain(`\nSlot: 2, in ${second}\n`);
  expect((await builder("cancel")).stdout).toBe("Task 7-fedora-43-x86_64 was canceled\n");
  expect((await builder("status", "--wait")).exitCode).toBe(4);
  expect((await builder("status", "--slot", "3")).exitCode).toBe(2);
});

test("a link in the place of a slot's directory is no slot", async () => {
  await appendFile(host.config, "slots = 2\n");
  const theirs = join(host.directory, "theirs");
  for (const name of ["results", "workspace", "pid"]) await mkdir(join(theirs, name, "deep"), { recursive: true });
  const status = { state: "building", pid: 4_194_304, pid_start_time: 1, ended_on: null, mark: "x", program: null };
  await writeFile(join(theirs, "status.json"), JSON.stringify(status));
  await mkdir(join(host.stateDirectory, "slots"), { recursive: true });
  await symlink(theirs, join(host.stateDirectory, "slots/2"));
  const lock = await tryLock(join(host.stateDirectory, "lockfile"));
  const { exitCode, stderr } = await host.runTask(srpmTask(`${host.url}/x.src.rpm`));
  await lock?.release();
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringMatching(/^copr-builder: The directory of slot 2, '.*', is a link: no task begins there\n/),
  ]);
  const cancel = await host.builder("cancel", "--slot", "2", "--config", host.config);
  expect(cancel).toMatchObject({ exitCode: 0, stdout: "No task is running\n" });
  for (const name of ["results", "workspace", "pid"]) expect(await readdir(join(theirs, name))).toEqual(["deep"]);
  expect((await readdir(theirs)).sort()).toEqual(["pid", "results", "status.json", "workspace"]);
});

test("single files at other places", async () => {
  const place = (name: string): string => join(host.directory, "elsewhere", name);
  await mkdir(place("work"), { recursive: true });
  await writeFile(place("work/mine"), "");
  const keys = { resultdir: "r", workspace: "work", lockfile: "l/lock", logfile: "log/main.log", pidfile: "p", logger_pidfile: "lp" };
  const builder = await configured(
    Object.entries(keys)
      .map(([key, name]) => `${key} = ${place(name)}`)
      .join("\n"),
  );
  await builder("run", "--detached", "--task-file", task);
  await eventually("a build", async () => (await readFile(place("log/main.log"), "utf8")).includes("\nbegun\n"));
  expect(await readlink(place("log/main.log"))).toBe("../../state/live-log");
  expect(await readFile(place("lp"), "utf8")).toBe(`${await readFile(place("p"), "utf8")}\n`);
  expect(await readdir(place("work"))).toHaveLength(2);
  expect((await builder("cancel")).exitCode).toBe(0);
  expect((await readdir(join(host.directory, "elsewhere"))).sort()).toEqual(["l", "log", "r", "work"]);
  expect(await readdir(place("work"))).toEqual(["mine"]);
  expect((await readdir(host.stateDirectory)).sort()).toEqual([
    "history.jsonl",
    "history.jsonl.reserve",
    "live-log",
    "live-log.journal",
    "status.json",
  ]);
});

test.each([
  ["resultdir = /", /^copr-builder: The resultdir '\/' can't be used: it is emptied at each task, and '.*' lies in it\n/],
  ["state_dir = /proc/1/x", /^copr-builder: The state directory can't be below \/proc/],
  ["state_dir = /tmp/with blank", /^copr-builder: The state directory can't be '\/tmp\/with blank': rpm does not bear blanks in paths\n/],
  ["state_dir = /tmp/50%", /rpm does not bear '%' in paths\n/],
  ["pidfile = pid", /^copr-builder: The value of 'pidfile' in the configuration is not an absolute path: pid\n/],
  ["slots = 0", /^copr-builder: The value of 'slots' in the configuration must be a number from 1 to 64, not 0\n/],
])("refused at the start: %s", async (line, sentence) => {
  const builder = await configured(line.startsWith("state_dir") ? "" : line);
  if (line.startsWith("state_dir")) await writeFile(host.config, `[main]\nbuildroot = host\n${line}\n`);
  const { exitCode, stderr } = await builder("run", "--task-file", task);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(sentence);
});

test("a working directory that was removed is no bug", async () => {
  const gone = (...words: string[]): Promise<Outcome> =>
    runProgram(["sh", "-c", 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', join(host.directory, "gone"), ...bin.builder, ...words]);
  const options = ["--config", host.config, "--state-dir", host.stateDirectory];
  expect(await gone("status", ...options)).toEqual({ exitCode: 0, stdout: "idle\n", stderr: "" });
  expect((await gone("run", "--detached", "--task-file", task, ...options)).stderr).toBe("");
  expect((await gone("status", "--state-dir", "x")).stderr).toBe("copr-builder: The working directory does not exist any more\n");
});

test("a disk with too little room fails the task at once", async () => {
  const builder = await configured("min_free = 999999999");
  const { exitCode, stdout } = await builder("run", "--task-file", task);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/Copr build error: The disk of '.*' has only \d+ MiB free, and a task needs 999999999 MiB\. The key 'min_free'/);
});
