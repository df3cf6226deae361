import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OrphanRecord } from "../../src/builder/orphans/orphan.ts";
import { readProcess } from "../../src/core/process/table.ts";
import { type BuilderHost, makeRepository, rpmTask, specText } from "../support/builder-host.ts";
import { type StartedBuilder, startBuilder } from "../support/dead-task.ts";
import type { MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { type MockingHost, startMockingHost } from "../support/mocking-host.ts";
import { nobody } from "../support/private-machine.ts";
import { eventually, isAlive, processesMentioning } from "../support/processes.ts";
import { nameOfBuilder, type Outcome, output, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { canMount } from "../support/small-disk.ts";

const mounts = await canMount();

const days = (count: number): Date => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
/** A number that no process has: the largest that there is is one less. */
const noPid = 4_194_304;
const nothing = { exitCode: 0, stdout: "Nothing is left over\n", stderr: "" };

let machine: MockingHost;
let host: BuilderHost;
let mock: MockStandIn;
let path: string;
beforeEach(async () => {
  machine = await startMockingHost();
  ({ host, mock, path } = machine);
  await configure();
  await mkdir(host.stateDirectory);
});
afterEach(async () => {
  for (const pid of started.splice(0)) if (await isAlive(pid)) process.kill(pid, "SIGKILL");
  await machine.close();
});

/** More keys of main.ini. */
const configure = (keys: Readonly<Record<string, string | number>> = {}): Promise<void> =>
  machine.configure({ buildroot: "host", expiration_file: join(host.directory, "expiration"), ...keys });

const cleanUp = (...words: string[]): Promise<Outcome> =>
  runProgram([...nameOfBuilder("copr-builder-cleanup"), "--orphans", "--config", host.config, ...words], {
    env: { PATH: path, TMPDIR: host.directory },
  });
/** What was found, as data. */
async function found(...words: string[]): Promise<OrphanRecord[]> {
  const { stdout, stderr } = await cleanUp("--json", ...words);
  expect(stderr).toBe("");
  expectSchema("copr-builder-cleanup.json", stdout);
  return JSON.parse(stdout) as OrphanRecord[];
}
const state = (...names: string[]): string => join(host.stateDirectory, ...names);
const chroot = (name: string): string => join(host.directory, "mock/lib", name);
const cache = (name: string): string => join(host.directory, "mock/cache", name);

/** A file with its directories, which was changed then. */
async function put(file: string, content = "", changed = new Date()): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  for (let at = file; at !== host.directory; at = dirname(at)) await utimes(at, changed, changed);
}

/** Processes that are to end with the test. */
const started: number[] = [];

/** A process with these words and variables. */
function startProcess(words: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const child = spawn(words[0] as string, words.slice(1), { env: { PATH: process.env["PATH"], ...env }, detached: true, stdio: "ignore" });
  started.push(child.pid as number);
  return child.pid as number;
}

/** The same for a process whose starter is gone. */
async function startAbandoned(env: Readonly<Record<string, string>> = {}): Promise<number> {
  const printed = await output(["sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!"], { env: { HOME: "/", ...env } });
  started.push(Number(printed));
  return Number(printed);
}

/** A task that builds until it is ended, and has a child in a session of its own. */
async function startTask(name: string): Promise<StartedBuilder> {
  const repository = await makeRepository(host.directory, name, {
    [`${name}.spec`]: specText(name, "setsid sleep 300 & echo begun; sleep 300"),
  });
  const task = join(host.directory, `${name}.json`);
  await writeFile(task, JSON.stringify(rpmTask(repository)));
  const builder = startBuilder(["--config", host.config, "--task-file", task], { PATH: path });
  await eventually("a build", () => builder.output().includes("\nbegun\n"));
  return builder;
}

test("what a killed task has left is listed, removed, and then nothing is left; the task beside it goes on", async () => {
  await configure({ slots: 2 });
  const dead = await startTask("dead");
  const living = await startTask("living");
  await dead.kill({ withKeeper: true });

  const listed = await found("--dry-run");
  const kinds = (records: OrphanRecord[], kind: string): OrphanRecord[] => records.filter((record) => record.kind === kind);
  expect(new Set(listed.map(({ outcome, slot }) => `${outcome} ${slot}`))).toEqual(new Set(["found 1"]));
  expect(kinds(listed, "process").filter(({ name }) => name === "sleep 300")).toHaveLength(2);
  expect(kinds(listed, "work")).toHaveLength(1);
  expect(
    kinds(listed, "file")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["build.running", "logger_pid", "pid"].map((name) => state(name)));
  for (const { pid } of kinds(listed, "process")) expect(await isAlive(pid as number)).toBe(true);

  const removed = await cleanUp();
  expect(removed).toMatchObject({ exitCode: 0, stderr: "" });
  const lines = removed.stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^Removed \d+ processes, 1 work directory, 3 files; \d.* of disk$/);
  expect(lines).toHaveLength(listed.length + 1);
  expect(removed.stdout).toMatch(/^Ended the process \d+, 'sleep 300': its task is over$/m);
  for (const { pid } of kinds(listed, "process")) expect(await isAlive(pid as number)).toBe(false);
  expect(await readdir(state("workspace"))).toEqual([]);
  expect(await cleanUp()).toEqual(nothing);
  // It is told how it ended as before.
  expect((await runProgram([...nameOfBuilder("copr-builder"), "status", "--config", host.config])).stdout).toMatch(/^slot 1: died/);
  expect(await isAlive(living.pid)).toBe(true);
  await living.kill();
});

describe("processes", () => {
  test("with a mark of a task that nobody does are ended, others are not", async () => {
    const mark = randomUUID();
    const kept = randomUUID();
    const HOME = state("workspace/workdir-abcdef/home");
    // Of a task before the last one of a slot: whoever started it.
    const orphans = [startProcess(["sleep", "300"], { COPR_BUILDER_TASK: randomUUID(), HOME })];
    orphans.push(await startAbandoned({ COPR_BUILDER_TASK: mark }), await startAbandoned({ COPR_BUILDER_TASK: mark }));
    const others = [
      await startAbandoned(),
      await startAbandoned({ COPR_BUILDER_TASK: "" }),
      await startAbandoned({ COPR_BUILDER_TASK: "mine" }),
      await startAbandoned({ COPR_BUILDER_TASK_OF: mark }),
      // Of another state directory.
      await startAbandoned({ COPR_BUILDER_TASK: randomUUID(), HOME: "/elsewhere/workspace/workdir-abcdef/home" }),
      // Who has started it lives.
      startProcess(["sleep", "300"], { COPR_BUILDER_TASK: randomUUID() }),
      // A keeper says that the task lives.
      await startAbandoned({ COPR_BUILDER_TASK: kept }),
    ];
    await writeFile(join(host.directory, "copr-builder-keeper.cjs"), "setTimeout(() => undefined, 300_000);\n");
    others.push(startProcess([process.execPath, join(host.directory, "copr-builder-keeper.cjs"), "{}", kept, "1"]));
    await eventually("all run", async () => (await processesMentioning(join(host.directory, "copr-builder-keeper.cjs"))).length > 0);
    if (process.getuid?.() === 0) {
      const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "sleep", "300"];
      orphans.push(startProcess(asNobody, { COPR_BUILDER_TASK: randomUUID(), HOME }));
      await eventually("another user's", async () => (await readFile(`/proc/${orphans.at(-1)}/cmdline`, "utf8")).startsWith("sleep"));
    }
    const { exitCode, stdout } = await cleanUp();
    for (const pid of orphans) {
      expect(stdout).toContain(`Ended the process ${pid}, 'sleep 300': its task is over\n`);
      expect(await isAlive(pid)).toBe(false);
    }
    for (const pid of others) {
      expect(stdout).not.toContain(` ${pid},`);
      expect(await isAlive(pid)).toBe(true);
    }
    expect(exitCode).toBe(0);
  });

  /** What a task has written that is dead by now. */
  const status = (program: object | null): string =>
    JSON.stringify({
      schema_version: 1,
      state: "building",
      pid: noPid,
      pid_start_time: 1,
      started_on: 1,
      updated_on: 1,
      ended_on: null,
      program,
      chroot: null,
      mark: randomUUID(),
    });

  test("that got the number of a dead task's are not ended", async () => {
    const innocent = startProcess(["sleep", "300"]);
    // A group that goes on without its leader.
    const script = "sleep 300 & echo $! >'pid'; exit";
    const leader = spawn("sh", ["-c", script], { cwd: host.directory, detached: true, stdio: "ignore" });
    await eventually("the leader is gone", async () => !(await isAlive(leader.pid as number)));
    const member = Number(await readFile(join(host.directory, "pid"), "utf8"));
    started.push(member);
    for (const group of [innocent, leader.pid as number]) {
      await put(state("status.json"), status({ process_group: group, start_time: 1, has_terminal: false }));
      expect(await found()).toEqual([]);
    }
    expect([await isAlive(innocent), await isAlive(member)]).toEqual([true, true]);
  });

  test("of a dead task's group are ended while its leader is the one that was meant", async () => {
    const leader = startProcess(["sleep", "300"]);
    const start_time = readProcess(leader)?.startTime;
    await put(state("status.json"), status({ process_group: leader, start_time, has_terminal: false }));
    expect(await found()).toMatchObject([{ kind: "process", pid: leader, slot: 1, outcome: "removed" }]);
    expect(await isAlive(leader)).toBe(false);
  });
});

describe("chroots", () => {
  const name = "fedora-43-x86_64";
  const dead = `${name}-1700000000.${noPid}`;

  test("of processes that are gone are removed by mock, with their bootstrap chroots, but no others", async () => {
    const now = Math.floor(Date.now() / 1000);
    const others = [name, `${name}-mine`, `${name}-bootstrap`, `${name}-${now}.${process.pid}`, `${name}-1700000001.${noPid}`];
    for (const one of [dead, `${name}-bootstrap-1700000000.${noPid}`, ...others]) await put(join(chroot(one), "root/etc/x"));
    await mkdir(join(host.directory, "precious"));
    await symlink(join(host.directory, "precious"), chroot(`${name}-1700000002.${noPid}`));
    // One was left to the user of a lent machine, whose lease runs.
    await put(state(`kept-chroots/1700000001.${noPid}.cfg`), `include('${mock.configDirectory}/${name}.cfg')\n`, days(1));
    await put(join(host.directory, "expiration"), String(now + 3600));
    await put(state("lockfile"));
    const records = await found();
    expect(records).toMatchObject([{ kind: "chroot", name: chroot(dead), outcome: "removed", slot: null }]);
    expect((await mock.chroots()).sort()).toEqual([...others, `${name}-1700000002.${noPid}`].sort());
    const [call] = await mock.calls();
    expect(call).toMatchObject({ unique: `1700000000.${noPid}`, scrub: ["bootstrap", "chroot"], config: { root: name } });
    // When the lease is over, the user's chroot goes, and the lease.
    await put(join(host.directory, "expiration"), String(now - 7200), days(1));
    expect((await found()).map(({ kind, slot }) => [kind, slot])).toEqual([
      ["chroot", 1],
      ["lease", null],
    ]);
    expect(await mock.chroots()).not.toContain(`${name}-1700000001.${noPid}`);
    expect(await readdir(state("kept-chroots"))).toEqual([]);
  });

  test("of killed tasks are removed by the configuration that they have noted", async () => {
    await configure({ buildroot: "mock" });
    const killed = await startTask("killed");
    await killed.kill({ withKeeper: true });
    expect(await mock.chroots()).toHaveLength(1);
    const before = (await mock.calls()).length;
    const records = await found();
    expect(records.filter(({ kind }) => kind === "chroot")).toMatchObject([{ slot: 1, outcome: "removed" }]);
    expect((await mock.calls())[before]?.config).toMatchObject({ chroot_setup_cmd: "install bash gcc make" });
    expect(await mock.chroots()).toEqual([]);
    expect(await readdir(host.stateDirectory)).not.toContain("chroot.cfg");
  });

  test.skipIf(!mounts)("go from a full disk, too, on which mock's configuration finds no room (mounting needs root)", async () => {
    await put(join(chroot(dead), "root/etc/x"));
    await put(state("lockfile"));
    const disk = join(host.directory, "full");
    await mkdir(disk);
    await output(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk]);
    try {
      await expect(writeFile(join(disk, "balloon"), Buffer.alloc(2 ** 22))).rejects.toThrow("ENOSPC");
      const words = [...nameOfBuilder("copr-builder-cleanup"), "--orphans", "--config", host.config];
      const outcome = await runProgram(words, { env: { PATH: path, TMPDIR: disk } });
      expect(outcome).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringMatching(/^Removed the chroot .*\nRemoved 1 chroot; /),
      });
      expect([await readdir(disk), await mock.chroots()]).toEqual([["balloon"], []]);
    } finally {
      await output(["umount", disk]);
    }
  });

  test("are removed once by clean-ups at the same time, also after one that was killed", async () => {
    await put(state("lockfile"));
    for (let number = 0; number < 3; number += 1) await put(join(chroot(`${name}-170000000${number}.${noPid}`), "root/etc/x"));
    for (let number = 0; number < 10; number += 1) await put(state(`workspace/workdir-${number}/x`));
    const [program, ...words] = nameOfBuilder("copr-builder-cleanup") as [string, ...string[]];
    const env = { ...process.env, PATH: path, TMPDIR: host.directory };
    const killed = spawn(program, [...words, "--orphans", "--config", host.config], { env, stdio: ["ignore", "pipe", "inherit"] });
    await once(killed.stdout, "data");
    killed.kill("SIGKILL");
    for (const outcome of await Promise.all([cleanUp(), cleanUp(), cleanUp()])) expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect([await mock.chroots(), await readdir(state("workspace")), await readFile(state("lockfile"), "utf8")]).toEqual([[], [], ""]);
    expect(await cleanUp()).toEqual(nothing);
  });

  test("that mock can't remove are told, and do not keep the rest from it", async () => {
    await put(join(chroot(dead), "x"));
    await put(state("lockfile"));
    await put(state("workspace/workdir-a/x"));
    await writeFile(join(mock.binDirectory, "mock"), "#!/bin/sh\nexit 5\n");
    const { exitCode, stdout, stderr } = await cleanUp();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^copr-builder-cleanup: Could not remove the chroot .*: mock can't remove it\n$/);
    expect(stdout).toMatch(/\nRemoved 1 work directory; [\d.]+ \w+ of disk; 1 could not be removed\n$/);
  });
});

describe("caches", () => {
  const [used, old, forgotten] = ["a", "b", "c"].map((digit) => digit.repeat(32)) as [string, string, string];
  const names = async (): Promise<string[]> => (await mock.caches()).filter((one) => one !== "copr-builder-none");

  beforeEach(async () => {
    for (const [key, age] of [
      [used, 0],
      [old, 40],
    ] as const) {
      await put(join(cache(`copr-builder-${key}`), "root_cache/cache.tar.gz"), "x".repeat(2 ** 20));
      await put(state(`root-caches/${key}.cfg`), "", days(age));
    }
    await put(join(cache(`copr-builder-${forgotten}-bootstrap`), "yumcache.lock"), "", days(3));
    await put(join(cache("fedora-40-x86_64"), "dnf_cache/fedora/repodata/x"), "x", days(40));
    await put(join(cache("fedora-43-x86_64"), "dnf_cache/fedora/repodata/x"), "x".repeat(2 ** 20), days(2));
    await put(join(cache("fedora-43-x86_64-bootstrap"), "root_cache/x"), "x", days(2));
    await put(join(cache("not ours"), "x"), "x", days(400));
  });

  test("that nobody has used for long, or of which no slot knows, are removed", async () => {
    const reasons = Object.fromEntries((await found()).map(({ name, reason }) => [name, reason]));
    expect(reasons).toEqual({
      [cache(`copr-builder-${old}`)]: "nobody has used it for 30 days",
      [cache(`copr-builder-${forgotten}-bootstrap`)]: "no slot knows it",
      [cache("fedora-40-x86_64")]: "nobody has used it for 30 days",
    });
    expect(await names()).toEqual([`copr-builder-${used}`, "fedora-43-x86_64", "fedora-43-x86_64-bootstrap", "not ours"]);
    expect(await readdir(state("root-caches"))).toEqual([`${used}.cfg`]);
    expect(await cleanUp()).toEqual(nothing);
  });

  test("beyond a total size go, the least recently used first", async () => {
    const records = await found("--cache-max-age", "0", "--cache-max-size", "2", "--dry-run");
    expect(records.map(({ name, reason }) => [name, reason])).toEqual([
      [cache(`copr-builder-${forgotten}-bootstrap`), "no slot knows it"],
      ...[`copr-builder-${old}`, "fedora-40-x86_64", "fedora-43-x86_64"].map((name) => [
        cache(name),
        "all caches together take more than 2 MiB",
      ]),
    ]);
    expect(records.every(({ size }) => (size ?? 0) > 0)).toBe(true);
  });

  test("that a busy slot has or shares stay", async () => {
    const task = await startTask("busy");
    const records = await found();
    expect(records.map(({ name }) => name)).toEqual([cache(`copr-builder-${forgotten}-bootstrap`)]);
    expect(await names()).toContain("fedora-40-x86_64");
    await task.kill();
  });
});

test("files: half-written and old ones go, links are not followed, what has another name stays", async () => {
  const precious = join(host.directory, "precious");
  await put(join(precious, "sub/file"), "x");
  await put(state("lockfile"));
  await put(state("status.json.0123456789ab.tmp"), "{", days(1));
  await put(state(`root-caches/${"a".repeat(32)}.cfg.0123456789ab.tmp`), "", days(1));
  await put(state("results/a.rpm"), "x", days(15));
  await put(state("history.jsonl.0123456789ab.tmp"), "{", days(1));
  await put(state("results.left-0123456789ab/a"), "x");
  // Names that are hard to tell, and one that can't be told: its bytes are no text.
  await put(state("workspace/a\nb\u001b]0;x\u0007*\u202e"), "x");
  const noText = Buffer.concat([Buffer.from(state("workspace/x*[")), Buffer.from([0xff, 0x9b])]);
  await mkdir(noText);
  await writeFile(Buffer.concat([noText, Buffer.from("/x")]), "x");
  await put(state("workspace/workdir-old/x"), "x");
  await symlink(precious, state("workspace/workdir-link"));
  await symlink(precious, state("results/link"));
  await utimes(state("results"), days(15), days(15));
  await put(join(host.directory, "copr-scrub-abcdef/scrub.cfg"), "", days(1));
  // None of ours, or too young.
  const others = ["notes.txt", "notes.txt.0123456789ab.tmp", "pid.0123456789ab.tmp"];
  for (const name of others) await put(state(name), "", name.startsWith("pid") ? new Date() : days(9));
  await utimes(state("results"), days(15), days(15));
  await configure({ slots: 3 });
  await mkdir(state("slots/3"), { recursive: true });
  await symlink(precious, state("slots/2"));

  const { exitCode, stdout, stderr } = await cleanUp();
  expect(stderr).toBe(`copr-builder-cleanup: The directory of slot 2, '${state("slots/2")}', is a link: it is left alone\n`);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/\nRemoved 5 work directories, 4 files, 1 directory of results; .*; 1 place could not be looked at\n$/);
  expect(stdout.trimEnd().split("\n")).toHaveLength(11);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(await readdir(join(precious, "sub"))).toEqual(["file"]);
  expect((await readdir(host.stateDirectory)).sort()).toEqual(
    ["lockfile", ...others, "results", "root-caches", "slots", "workspace"].sort(),
  );
  for (const name of ["results", "root-caches", "workspace"]) expect(await readdir(state(name)), name).toEqual([]);
  await rm(state("slots/2"));
  expect(await cleanUp()).toEqual(nothing);
});

test("results and leases stay until their time", async () => {
  await put(state("lockfile"));
  await put(state("results/a.rpm"), "x", days(5));
  await put(join(host.directory, "expiration"), "0");
  expect(await cleanUp()).toEqual(nothing);
  expect(await found("--results-max-age", "0")).toEqual([]);
  expect(await found("--results-max-age", "4")).toMatchObject([{ kind: "results", name: state("results"), slot: 1 }]);
  // Released: the machine is to go at once, but who takes it has to see that.
  await utimes(join(host.directory, "expiration"), days(1), days(1));
  expect(await found("--dry-run")).toMatchObject([{ kind: "lease", outcome: "found" }]);
});

test("a list changes nothing, not even by a lock", async () => {
  await put(state("workspace/workdir-a/x"));
  expect((await cleanUp("--dry-run")).stdout).toMatch(
    /^Would remove the work directory .*\/workdir-a .*\nWould remove 1 work directory; .* of disk\n$/,
  );
  expect(await readdir(host.stateDirectory)).toEqual(["workspace"]);
});

test.each(["--dry-run", "--json", "--cache-max-age=3"])("%s is only for --orphans", async (word) => {
  const { exitCode, stdout, stderr } = await runProgram([...nameOfBuilder("copr-builder-cleanup"), word]);
  const [flag] = word.split("=");
  const message = `${flag} is only for --orphans`;
  // Who asks for data gets its errors so, too.
  const error = { kind: "usage", message, hint: null, status: null, exit_code: 2 };
  expect([exitCode, stdout, stderr]).toEqual([
    2,
    "",
    flag === "--json" ? `${JSON.stringify({ error })}\n` : `copr-builder-cleanup: ${message}\n`,
  ]);
});
