import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasPrivateMachines, nobody, type PrivateMachine, startPrivateMachine } from "../support/private-machine.ts";
import { nameOfBuilder, type Outcome } from "../support/program.ts";

const STATE = "/var/lib/copr-rpmbuild";
const DEAD = "/var/lib/mock/fedora-43-x86_64-1700000000.4194304";

// Mounts of a test's own, and mock's usual places.
describe.skipIf(!hasPrivateMachines)("orphans of root (needs root and a mount namespace)", () => {
  let machine: PrivateMachine;
  beforeEach(async () => {
    machine = await startPrivateMachine();
    await writeFile(machine.path("/etc/copr-rpmbuild/main.ini"), "[main]\n");
    // Tells who runs it, with which words, on what.
    await mkdir(machine.path("/run/bin"));
    const script = '#!/bin/sh\nid -u >/run/ran/who\necho "$@" >/run/ran/words\ncat "$2" >/run/ran/config\n';
    await writeFile(machine.path("/run/bin/mock"), script, { mode: 0o755 });
    await mkdir(machine.path("/run/ran"));
    await chown(machine.path("/run/ran"), nobody, nobody);
    await writeFile(machine.path(`${STATE}/lockfile`), "");
    await machine.run(["rm", "-rf", "/var/lib/mock", "/var/cache/mock"]);
  });
  afterEach(() => machine.close());

  const run = (...argv: string[]): Promise<Outcome> => machine.run(argv);
  const cleanUp = (...words: string[]): Promise<Outcome> =>
    machine.run([...nameOfBuilder("copr-builder-cleanup"), "--orphans", ...words], {
      env: { PATH: `/run/bin:${process.env["PATH"]}`, TMPDIR: "/tmp" },
    });
  const mounts = async (): Promise<string[]> =>
    (await run("cat", "/proc/mounts")).stdout.split("\n").flatMap((line) => /\S+ (\/var\/lib\/mock\S*)/.exec(line)?.[1] ?? []);

  test("mounts below dead chroots and work files go, the last first, also busy ones; others stay", async () => {
    const living = `/var/lib/mock/fedora-43-x86_64-${Math.floor(Date.now() / 1000)}.${process.pid}`;
    const work = `${STATE}/workspace/workdir-a`;
    for (const place of [`${DEAD}/root`, `${living}/root`, "/var/lib/mock/mine/root", work]) {
      await run("mkdir", "-p", place);
      await run("mount", "-t", "tmpfs", "none", place);
    }
    await run("mkdir", `${DEAD}/root/a b`);
    await run("mount", "-t", "tmpfs", "none", `${DEAD}/root/a b`);
    // Somebody uses it.
    const busy = spawn("sleep", ["60"], { cwd: machine.path(`${DEAD}/root`), stdio: "ignore" });
    try {
      const { exitCode, stdout, stderr } = await cleanUp();
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout.match(/^Unmounted the mount .*?(?=:)/gm)).toEqual(
        [work, `${DEAD}/root/a b`, `${DEAD}/root`].map((place) => `Unmounted the mount ${place}`),
      );
      expect(await mounts()).toEqual([`${living}/root`, "/var/lib/mock/mine/root"]);
      expect((await run("cat", "/proc/mounts")).stdout).not.toContain(work);
    } finally {
      busy.kill("SIGKILL");
    }
  });

  test("mock, which does not work for root, works for who does the tasks, on a configuration of root's", async () => {
    const ran = (name: string): Promise<string> => readFile(machine.path(`/run/ran/${name}`), "utf8");
    await run("mkdir", "-p", DEAD);
    // After a clean-up for the next user there is no status, so the usual user is taken.
    await run("sh", "-c", "echo mockbuilder:x:65533:65534::/:/bin/sh >>/etc/passwd; chmod 777 /run/ran");
    expect(await cleanUp()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await ran("who")).toBe("65533\n");
    await writeFile(machine.path(`${STATE}/status.json`), "{}");
    await chown(machine.path(`${STATE}/status.json`), nobody, nobody);
    await run("sh", "-c", "rm /run/ran/*");
    expect(await cleanUp()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await ran("who")).toBe(`${nobody}\n`);
    expect(await ran("words")).toMatch(
      /^-r \/tmp\/copr-scrub-\w+\/scrub\.cfg --uniqueext 1700000000\.4194304 --scrub bootstrap --scrub chroot --quiet\n$/,
    );
    expect(await ran("config")).toBe(
      [
        "config_opts['root'] = 'fedora-43-x86_64'",
        "config_opts['cache_topdir'] = '/var/cache/mock/copr-builder-none'",
        "config_opts['target_arch'] = config_opts['host_arch']",
        "config_opts['basedir'] = '/var/lib/mock'",
        "",
      ].join("\n"),
    );
    expect((await run("ls", "/tmp")).stdout).not.toContain("copr-scrub-");
  });
});
