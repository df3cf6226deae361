import { chmod, chown, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyDirectory, removeByName } from "../../../src/builder/state/clean-state.ts";
import { slotsAt } from "../../../src/builder/state/state-directory.ts";
import { specText, makeRepository, rpmTask } from "../../support/builder-host.ts";
import { hasPrivateMachines, nobody, type PrivateMachine, startPrivateMachine } from "../../support/private-machine.ts";
import { eventually } from "../../support/processes.ts";
import { nameOfBuilder, type Outcome, output } from "../../support/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const STATE = "/var/lib/copr-rpmbuild";
const HOOKS = "/etc/copr-builder/hooks/cleanup";

// A state directory at the usual place can't be had otherwise without touching the real one.
describe.skipIf(!hasPrivateMachines)("copr-builder-cleanup (needs root and a mount namespace)", () => {
  let machine: PrivateMachine;
  beforeEach(async () => {
    machine = await startPrivateMachine();
    await chown(machine.path(STATE), nobody, nobody);
    await writeFile(machine.path("/etc/copr-rpmbuild/main.ini"), "[main]\nbuildroot = host\n");
  });
  afterEach(() => machine.close());

  const cleanUp = (): Promise<Outcome> => machine.run(nameOfBuilder("copr-builder-cleanup"));
  const names = async (path = STATE): Promise<string[]> => (await readdir(machine.path(path))).sort();

  test("is fine on a clean machine, again and again", async () => {
    for (let round = 0; round < 2; round += 1) expect(await cleanUp()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("is for root", async () => {
    const outcome = await machine.run(nameOfBuilder("copr-builder-cleanup"), { isNobody: true });
    expect(outcome).toEqual({ exitCode: 1, stdout: "", stderr: "copr-builder-cleanup: Only root can clean a builder up\n" });
  });

  test("ends the task of another user, and removes what tasks leave, but no more", async () => {
    const directory = await temporaryDirectory();
    await chown(directory, nobody, nobody);
    const repository = await makeRepository(directory, "slow", { "slow.spec": specText("slow", "echo begun; sleep 300") });
    await output(["chown", "-R", `${nobody}:${nobody}`, directory]);
    const task = `${directory}/task.json`;
    await writeFile(task, JSON.stringify(rpmTask(repository)));
    const start = [...nameOfBuilder("copr-rpmbuild"), "--detached", "--chroot", "fedora-43-x86_64", "--task-file", task];
    expect(await machine.run(start, { isNobody: true })).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    await eventually("a build", async () => (await readFile(machine.path(`${STATE}/live-log`), "utf8")).includes("\nbegun\n"));
    const pid = await readFile(machine.path(`${STATE}/pid`), "utf8");
    await writeFile(machine.path(`${STATE}/results/.hidden`), "");
    await mkdir(machine.path(`${STATE}/workspace/.deep/er`), { recursive: true });
    await mkdir(machine.path(`${STATE}/slots/3/results/old`), { recursive: true });

    expect(await cleanUp()).toEqual({ exitCode: 0, stdout: `Ended the task of process ${pid}\n`, stderr: "" });
    // The history is the host's, and no task's.
    expect(await names()).toEqual(["history.jsonl", "history.jsonl.reserve", "lockfile", "results", "slots", "workspace"]);
    const { stdout } = await machine.run([...nameOfBuilder("copr-builder"), "history", "--fields", "task_id,state"]);
    expect(stdout).toBe("task_id: 7-fedora-43-x86_64\nstate: canceled\n");
    for (const path of ["results", "workspace", "slots/3/results"]) expect(await names(`${STATE}/${path}`)).toEqual([]);
    const again = await machine.run([...nameOfBuilder("copr-rpmbuild"), "--srpm", "--task-file", "/nowhere"], { isNobody: true });
    expect(again.stdout).toContain("Copr build error: Cannot read the task file '/nowhere'");
  });

  test("follows no link", async () => {
    await mkdir(machine.path("/run/precious/sub"), { recursive: true });
    await writeFile(machine.path("/run/precious/file"), "x");
    await mkdir(machine.path(`${STATE}/results`));
    await symlink("/run/precious", machine.path(`${STATE}/results/inside`));
    await symlink("/run/precious", machine.path(`${STATE}/workspace`));
    await symlink("/run/precious/file", machine.path(`${STATE}/pid`));
    await writeFile(machine.path(`${STATE}/results/odd\nname`), "");
    // Who works in slots of their own may have made one of somebody else's directory.
    const theirs = ["results", "results.kept", "workspace", "kept-chroots", "pid", "status.json", "history.jsonl"];
    for (const name of theirs) await mkdir(machine.path(`/run/precious/sub/${name}/deep`), { recursive: true });
    await mkdir(machine.path(`${STATE}/slots/4/results/old`), { recursive: true });
    await symlink("/run/precious/sub", machine.path(`${STATE}/slots/2`));
    await symlink("/run/nowhere", machine.path(`${STATE}/slots/3`));
    await symlink("/run/precious/sub", machine.path(`${STATE}/kept-chroots`));
    expect(await cleanUp()).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await names()).toEqual(["results", "slots"]);
    expect(await names(`${STATE}/slots`)).toEqual(["4"]);
    expect(await names(`${STATE}/slots/4/results`)).toEqual([]);
    await rm(machine.path(`${STATE}/slots`), { recursive: true });
    await mkdir(machine.path("/run/precious/sub/2/results/deep"), { recursive: true });
    await symlink("/run/precious/sub", machine.path(`${STATE}/slots`));
    expect(await cleanUp()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await names()).toEqual(["results"]);
    expect(await names("/run/precious")).toEqual(["file", "sub"]);
    expect(await names("/run/precious/sub")).toEqual(["2", ...theirs].sort());
    for (const name of ["2/results", ...theirs]) expect(await names(`/run/precious/sub/${name}`), name).toEqual(["deep"]);
  });

  describe("chroots that are left", () => {
    const kept = `${STATE}/kept-chroots/1.2.cfg`;
    beforeEach(async () => {
      // Tells who runs it, and on what.
      await mkdir(machine.path("/run/bin"));
      const script = '#!/bin/sh\necho "$(id -u) $(cat "$2")" >>/run/ran\nexit "$(cat /run/status)"\n';
      await writeFile(machine.path("/run/bin/mock"), script, { mode: 0o755 });
      await writeFile(machine.path("/run/ran"), "");
      await chmod(machine.path("/run/ran"), 0o666);
      await writeFile(machine.path("/run/status"), "0");
      await mkdir(machine.path(`${STATE}/kept-chroots`));
      await writeFile(machine.path(kept), "# theirs");
      await chown(machine.path(kept), nobody, nobody);
    });
    const cleanUp = (): Promise<Outcome> =>
      machine.run(nameOfBuilder("copr-builder-cleanup"), { env: { PATH: `/run/bin:${process.env["PATH"]}` } });
    const ran = (): Promise<string> => readFile(machine.path("/run/ran"), "utf8");

    test("are removed by those who made them: their configuration is a program", async () => {
      expect(await cleanUp()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(await ran()).toBe(`${nobody} # theirs\n`);
      expect(await names()).toEqual([]);
    });

    test("and can't be removed make the machine unusable, and are tried again", async () => {
      await writeFile(machine.path("/run/status"), "5");
      for (const _ of [1, 2]) {
        const stderr = `copr-builder-cleanup: mock can't remove a chroot that '${STATE}' tells of\n`;
        expect(await cleanUp()).toEqual({ exitCode: 1, stdout: "", stderr });
      }
      expect((await ran()).split("\n")).toHaveLength(3);
    });

    test("are nobody's who is only named by a link", async () => {
      await writeFile(machine.path("/run/secret"), "# root's");
      await rm(machine.path(kept));
      await symlink("/run/secret", machine.path(kept));
      expect((await cleanUp()).exitCode).toBe(1);
      expect(await ran()).toBe("");
    });
  });

  test("runs the hooks in the order of their names, in one shell; a failure is one of the whole", async () => {
    await mkdir(machine.path(HOOKS), { recursive: true });
    await writeFile(machine.path(`${HOOKS}/20-second.sh`), "echo second $first; id -u");
    await writeFile(machine.path(`${HOOKS}/10 first.sh`), "first=one");
    await writeFile(machine.path(`${HOOKS}/README`), "exit 7");
    const good = await cleanUp();
    expect(good.exitCode).toBe(0);
    expect(good.stdout).toMatch(/^second one\n(.*\n)*0\n$/m);
    await writeFile(machine.path(`${HOOKS}/15-bad.sh`), "false\ntrue");
    const bad = await cleanUp();
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toBe(`copr-builder-cleanup: A hook in '${HOOKS}' failed with exit status 1\n`);
    expect(bad.stdout).not.toContain("second");
  });
});

test("does not remove through a link that is put there while it works", async () => {
  const directory = await temporaryDirectory();
  const [, slot] = slotsAt(`${directory}/state`, 2);
  if (slot === undefined) throw new Error("no second slot");
  await mkdir(`${directory}/precious/results/deep`, { recursive: true });
  await mkdir(`${directory}/state/slots`, { recursive: true });
  await symlink(`${directory}/precious`, slot.path);
  for (const remove of [emptyDirectory, removeByName])
    await expect(remove(slot.results, slot)).rejects.toThrow(`Cannot clean '${slot.results}' up: there is a link in this path`);
  expect(await readdir(`${directory}/precious/results`)).toEqual(["deep"]);
  // The way to the state directory itself is the administrator's.
  await symlink(`${directory}/state`, `${directory}/way`);
  const [first] = slotsAt(`${directory}/way`, 1);
  if (first === undefined) throw new Error("no slot");
  await mkdir(`${first.results}/old`, { recursive: true });
  await emptyDirectory(first.results, first);
  expect(await readdir(first.results)).toEqual([]);
});
