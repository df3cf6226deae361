import { spawn } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeSrpm, srpmTask } from "../support/builder-host.ts";
import { hasPrivateMachines, nobody, type PrivateMachine, startPrivateMachine } from "../support/private-machine.ts";
import { eventually } from "../support/processes.ts";
import { bin, nameOfBuilder, type Outcome } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const STATE = "/var/lib/copr-rpmbuild";

// As the package installs it: root and the members of a group share it.
describe.skipIf(!hasPrivateMachines)("the system's state directory (needs root and a mount namespace)", () => {
  let machine: PrivateMachine;
  let task: string;
  beforeEach(async () => {
    machine = await startPrivateMachine();
    for (const path of [STATE, `${STATE}/results`, `${STATE}/workspace`]) {
      await mkdir(machine.path(path), { recursive: true });
      await chown(machine.path(path), 0, nobody);
      await chmod(machine.path(path), 0o775);
    }
    await writeFile(machine.path("/etc/copr-rpmbuild/main.ini"), "[main]\nbuildroot = host\n");
    const directory = await temporaryDirectory();
    // A package that both users may read; git lets nobody clone another user's repository.
    task = `${directory}/task.json`;
    await writeFile(task, JSON.stringify(srpmTask(`file://${await makeSrpm(directory, "good")}`)));
    await chmod(directory, 0o755);
  });
  afterEach(() => machine.close());

  const words = (): string[] => [...nameOfBuilder("copr-rpmbuild"), "--drop-resultdir", "--srpm", "--task-file", task];
  const build = (isNobody: boolean): Promise<Outcome> => machine.run(words(), { isNobody });
  const results = (): Promise<string[]> => readdir(machine.path(`${STATE}/results`));
  const good = ["good-1-1.src.rpm", "good.spec", "results.json", "success"];

  test("stays as it was installed", async () => {
    expect((await build(true)).exitCode).toBe(0);
    for (const path of [STATE, `${STATE}/results`, `${STATE}/workspace`]) {
      const { uid, gid, mode } = await stat(machine.path(path));
      expect([path, uid, gid, mode & 0o777]).toEqual([path, 0, nobody, 0o775]);
    }
  });

  test("serves its user after root has built, and root after the user; hooks run as who has built", async () => {
    const hook = machine.path("/etc/copr-builder/hooks/complete.d/10-who");
    await mkdir(dirname(hook), { recursive: true });
    await writeFile(hook, "#!/bin/sh\nid -u >>/run/told\necho complaint >&2\nexit 1\n");
    for (const path of [dirname(dirname(hook)), dirname(hook), hook]) await chmod(path, 0o755);
    const told = machine.path("/run/told");
    await writeFile(told, "");
    await chmod(told, 0o666);
    for (const isNobody of [false, true, false, true]) {
      const { exitCode, stdout } = await build(isNobody);
      expect(exitCode, stdout).toBe(0);
      expect((await results()).sort()).toEqual(good);
    }
    const spool = machine.path(`${STATE}/hooks-pending`);
    await eventually("the hooks", async () => (await readdir(spool)).length === 0);
    const users = (await readFile(told, "utf8")).trimEnd().split("\n");
    expect(users.toSorted()).toEqual(["0", "0", String(nobody), String(nobody)]);
    const lines = await Promise.all(["hooks.log", "hooks.log.1"].map((name) => readFile(machine.path(`${STATE}/${name}`), "utf8")));
    expect(lines.join("")).toContain("the hook '10-who' failed: exit status 1: complaint\n");
    const { stdout } = await machine.run([...bin.builder, "history", "--json"], { isNobody: true });
    expect((JSON.parse(stdout) as { state: string }[]).map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => "succeeded"));
  });

  test("keeps what both have built where nothing is to be dropped", async () => {
    const keeping = words().filter((word) => word !== "--drop-resultdir");
    for (const isNobody of [false, true, false]) {
      const { exitCode, stdout } = await machine.run(keeping, { isNobody });
      expect(exitCode, stdout).toBe(0);
      expect((await results()).sort()).toEqual(good);
    }
  });

  test("shows root no other user's process to end, and no configuration of theirs to run", async () => {
    const stranger = spawn("sleep", ["300"], { detached: true });
    const program = { process_group: stranger.pid, start_time: 0, has_terminal: false };
    const chroot = { config: `${STATE}/chroot.cfg`, unique: "1.2" };
    const status = { state: "building", pid: 1_000_000, pid_start_time: 1, mark: "theirs", ended_on: null, program, chroot };
    await writeFile(machine.path(`${STATE}/status.json`), JSON.stringify(status));
    await writeFile(machine.path(`${STATE}/chroot.cfg`), "# theirs");
    for (const name of ["status.json", "chroot.cfg"]) await chown(machine.path(`${STATE}/${name}`), nobody, nobody);
    await mkdir(machine.path("/run/bin"));
    await writeFile(machine.path("/run/bin/mock"), "#!/bin/sh\nid -u >>/run/ran\n", { mode: 0o755 });
    await writeFile(machine.path("/run/ran"), "");
    await chmod(machine.path("/run/ran"), 0o666);
    const { exitCode } = await machine.run(words(), { env: { PATH: `/run/bin:${process.env["PATH"]}` } });
    const isAlive = stranger.exitCode === null && stranger.signalCode === null;
    stranger.kill("SIGKILL");
    expect([exitCode, isAlive, await readFile(machine.path("/run/ran"), "utf8")]).toEqual([0, true, `${nobody}\n`]);
  });

  test("directories that root has left, and can't be removed, are set aside until the clean-up", async () => {
    await build(false);
    await mkdir(machine.path(`${STATE}/results/configs`));
    await writeFile(machine.path(`${STATE}/results/configs/x`), "");
    expect((await build(true)).exitCode).toBe(0);
    expect((await results()).sort()).toEqual(good);
    expect(await readdir(machine.path(STATE))).toContainEqual(expect.stringMatching(/^results\.left-/));
    expect((await machine.run(nameOfBuilder("copr-builder-cleanup"))).exitCode).toBe(0);
    expect(await readdir(machine.path(STATE))).not.toContainEqual(expect.stringMatching(/^results\.left-/));
  });

  test("bears a workspace that only root can write to", async () => {
    await chmod(machine.path(`${STATE}/workspace`), 0o755);
    await writeFile(machine.path(`${STATE}/workspace/theirs`), "");
    const { exitCode, stdout } = await build(true);
    expect(exitCode, stdout).toBe(0);
    expect((await machine.run(nameOfBuilder("copr-builder-cleanup"))).exitCode).toBe(0);
    expect(await readdir(machine.path(STATE))).not.toContainEqual(expect.stringMatching(/^workspace\.left-/));
  });

  test("shares its slots, too", async () => {
    await writeFile(machine.path("/etc/copr-rpmbuild/main.ini"), "[main]\nbuildroot = host\nslots = 2\n");
    const lockfile = machine.path(`${STATE}/lockfile`);
    const holder = spawn("flock", ["--exclusive", lockfile, "sleep", "300"], { detached: true });
    await eventually("the first slot is taken", async () => (await stat(lockfile).catch(() => undefined)) !== undefined);
    try {
      for (const isNobody of [false, true]) expect((await build(isNobody)).exitCode).toBe(0);
      expect(await readdir(machine.path(`${STATE}/slots/2/results`))).toContain("success");
    } finally {
      process.kill(-(holder.pid as number), "SIGKILL");
    }
  });

  test("that a user can't write is no place for copr-rpmbuild, nor is any other; 'copr-builder run' takes the user's own", async () => {
    await chmod(machine.path(STATE), 0o755);
    const { exitCode, stderr } = await build(true);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^copr-rpmbuild: This user can't write to the state directory '\/var\/lib\/copr-rpmbuild'\n/);
    const home = await temporaryDirectory();
    await chown(home, nobody, nobody);
    // Below a place for everybody, too.
    const anywhere = ["run", "--task-file", task, "--state-dir", `/tmp/copr-${process.pid}-state`];
    expect((await machine.run([...bin.builder, ...anywhere], { isNobody: true })).exitCode).toBe(0);
    await rm(`/tmp/copr-${process.pid}-state`, { recursive: true });
    const own = await machine.run([...bin.builder, "run", "--task-file", task], {
      isNobody: true,
      env: { HOME: home, XDG_STATE_HOME: "" },
    });
    expect(own.exitCode, own.stdout).toBe(0);
    expect(await readFile(`${home}/.local/state/copr-builder/results/success`, "utf8")).toBe("done");
  });
});
