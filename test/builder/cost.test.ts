import { existsSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { costTable } from "../../src/builder/cost/cost-table.ts";
import type { TaskStatus } from "../../src/builder/state/status.ts";
import type { TaskEvent } from "../../src/builder/state/task-events.ts";
import { findProgram } from "../../src/core/process/find-program.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { makeSmallMachine, type SmallMachine, whyNoCgroup, whyNoMemoryCgroup, whyNoSmallMachine } from "../support/cgroups.ts";
import { makeMockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { eventually } from "../support/processes.ts";
import { bin, output, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { canMount } from "../support/small-disk.ts";

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

const MiB = 1024 ** 2;
const hasCompiler = (await findProgram("gcc", process.env["PATH"] ?? "")) !== undefined;
const noMemoryCgroup = whyNoMemoryCgroup();
const noCgroup = whyNoCgroup();
const noSmallMachine = whyNoSmallMachine();

const taskOf = async (name: string, build: string, changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
  rpmTask(await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, build) }), changes);
const statusOf = async (): Promise<TaskStatus> => (await host.status()) as unknown as TaskStatus;
const rules = (text: string): Promise<void> => writeFile(join(host.directory, "copr-rpmbuild.yml"), text);
const lastLines = async (count: number): Promise<string[]> => (await host.log()).trimEnd().split("\n").slice(-count);

/** A build whose compiler needs some 200 MB. */
const compile = `python3 -c 'print("int a[] = {" + ",".join(str(i) for i in range(650000)) + "};")' > large.c
gcc -c large.c`;

test("a task tells what it has cost: in its status, at the end of its log, by the command, as events", async () => {
  const work = `python3 -c '
import time
held = bytearray(60 * 1024 * 1024)
end = time.process_time() + 1
while time.process_time() < end: pass'`;
  const task = await taskOf("dear", work);
  const follower = host.builder("status", "--follow", "--output-format", "jsonl");
  expect((await follower).stdout).toMatch(/^\{"slot":1,"task_id":null,"event":"state","state":"idle","at":"[^"]*Z"\}\n$/);
  expect((await host.runTask(task, "--detached")).exitCode).toBe(0);
  const { stdout, exitCode } = await host.builder("status", "--follow", "--output-format", "jsonl");
  expect(exitCode).toBe(0);

  const status = await statusOf();
  const { cost } = status;
  if (cost === null) throw new Error("no cost");
  expect(Object.keys(cost.phases)).toEqual(["starting", "fetching", "sources", "building", "collecting"]);
  const building = cost.phases["building"];
  expect(building?.cpu_seconds).toBeGreaterThan(0.95);
  expect(building?.peak_memory).toBeGreaterThan(60 * MiB);
  expect(building?.largest[0]?.name).toMatch(/^python3/);
  expect(cost.peak_memory).toBe(building?.peak_memory);
  expect(cost.wall_seconds).toBeLessThanOrEqual((status.ended_on ?? 0) - status.started_on + 0.1);
  expect(cost.memory_limit).toBeGreaterThan(100 * MiB);

  const table = costTable(cost);
  expect(await host.log()).toContain(`\n${table}\nBuild succeeded\n`);
  expect(await lastLines(8)).toEqual([...table.split("\n"), "Build succeeded"]);
  expect((await host.builder("status")).stdout).toBe(`succeeded (task 7-fedora-43-x86_64)\n${table}\n`);
  expect(JSON.parse((await host.builder("status", "--json")).stdout)).toEqual(status);

  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TaskEvent); // prettier-ignore
  const phases = events.flatMap((event) => (event.event === "phase" ? [[event.phase, event.usage]] : []));
  expect(Object.fromEntries(phases)).toEqual(cost.phases);
  for (const line of stdout.trimEnd().split("\n")) expectSchema("copr-builder-status.jsonl", line);
  const head = { slot: 1, task_id: "7-fedora-43-x86_64" };
  expect(events.slice(-2)).toEqual([
    { ...head, event: "cost", cost },
    { ...head, event: "finished", state: "succeeded", exit_code: 0, reason: null },
  ]);
});

test("--follow is for events alone", async () => {
  for (const words of [["--json"], ["--fields", "state"]]) {
    const { exitCode, stderr } = await host.builder("status", "--follow", ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--follow tells events as they come, in text or with --output-format jsonl, and without --fields");
  }
});

describe("a build that lacks memory says so", () => {
  test.skipIf(!hasCompiler)("when a limit of its own is in the way", async () => {
    const { exitCode } = await host.runTask(await taskOf("bound", `ulimit -v 150000\n${compile}`));
    expect(exitCode).toBe(1);
    const status = await statusOf();
    expect(status.cause).toMatchObject({ category: "out-of-memory" });
    expect(status.reason).toMatch(
      /^(cc1|A program) got no more memory; the build had [\d.]+ (MiB )?of [\d.]+ [MG]iB, so a limit that it set itself may be in the way\. Build failed: rpmbuild ended with 1$/,
    );
    expect(await lastLines(3)).toEqual([
      expect.stringMatching(/^Cause: out-of-memory in %build: /),
      expect.stringMatching(/^Advice: /),
      `Copr build error: ${status.reason}`,
    ]);
  });

  test.skipIf(noMemoryCgroup !== undefined)(
    `when the kernel ends its program at a limit of the host's${noMemoryCgroup === undefined ? "" : ` (${noMemoryCgroup})`}`,
    async () => {
      await rules("task_rules: [{ memory: 64 MiB }]");
      const { exitCode } = await host.runTask(await taskOf("limited", "python3 -c 'print(len(bytearray(200 * 1024 * 1024)))'"));
      expect(exitCode).toBe(1);
      const status = await statusOf();
      expect(await host.log()).toContain("\nRules of this host: at most 64 MiB of memory\n");
      expect(status.reason).toMatch(
        /^The kernel ended python[\d.]* for want of memory; the build had 6[0-4](\.\d)? of 64 MiB\. Build failed: rpmbuild ended with 1$/,
      );
      expect(status.cost).toMatchObject({ by: { cpu_seconds: "cgroup", peak_memory: "cgroup" }, memory_limit: 64 * MiB });
    },
  );

  describe.skipIf(noSmallMachine !== undefined)(
    `when the kernel ends its program, and the builder has no cgroup that counts${noSmallMachine === undefined ? "" : ` (${noSmallMachine})`}`,
    () => {
      const buildOn = async (bytes: number, build: string): Promise<TaskStatus> => {
        const machine = makeSmallMachine(bytes) as SmallMachine;
        host.cleanUps.push(() => eventually("the machine is left", machine.isRemoved));
        const task = join(host.directory, "task.json");
        await writeFile(task, JSON.stringify(await taskOf("huge", build)));
        const words = ["run", "--config", host.config, "--task-file", task, "--state-dir", host.stateDirectory];
        expect((await runProgram([...machine.words, ...bin.builder, ...words])).exitCode).toBe(1);
        return statusOf();
      };

      test("for its size", async () => {
        const { reason, cost } = await buildOn(300 * MiB, "python3 -c 'print(len(bytearray(900 * 1024 * 1024)))'");
        expect(cost).toMatchObject({ by: { peak_memory: "sampling" }, memory_limit: 300 * MiB });
        expect(reason).toMatch(
          /^The kernel ended python[\d.]* for want of memory; the build had (2\d\d|300) of 300 MiB\. Build failed: rpmbuild ended with 1$/,
        );
      });

      test("one of a crowd of small ones, of which none is as large as the builder", async () => {
        const crowd = `cat > crowd.py <<'EOF'
import os, sys, time
def one():
    held = bytearray(3 * 1024 * 1024)
    time.sleep(3)
    os._exit(0)
children = [os.fork() or one() for _ in range(120)]
sys.exit(1 if any(os.waitpid(child, 0)[1] for child in children) else 0)
EOF
python3 crowd.py`;
        const { reason } = await buildOn(300 * MiB, crowd);
        expect(reason).toMatch(
          /^The kernel ended python[\d.]* for want of memory; the build had (2\d\d|300) of 300 MiB\. Build failed: rpmbuild ended with 1$/,
        );
      });
    },
  );

  test("but not when it fails for another reason", async () => {
    await host.runTask(await taskOf("other", "echo 'x.c:1:1: error: no'; exit 1"));
    expect((await statusOf()).reason).toBe("Build failed: rpmbuild ended with 1");
  });
});

const mounts = await canMount();

test.skipIf(!mounts)("a build that fills a disk tells which, and what has filled it (mounting needs root)", async () => {
  const small = join(host.stateDirectory, "workspace");
  await mkdir(small, { recursive: true });
  await output(["mount", "-t", "tmpfs", "-o", "size=40m", "none", small]);
  host.cleanUps.push(() => output(["umount", "--lazy", small]));
  await appendFile(host.config, "min_free = 0\n");
  expect(
    (await host.runTask(await taskOf("big", `dd if=/dev/zero of="$(printf 'ze\\033]0;x\\007\\nr\\233os\\342\\200\\256')" bs=1M count=60`)))
      .exitCode,
  ).toBe(1);
  const { reason } = await statusOf();
  expect(reason).toMatch(
    /^The disk of '[^']*\/workspace' is full: [\d.]+( [KM]iB)? of 40 MiB are free, and '[^']*\/ze r\ufffdos' has 3\d(\.\d)? MiB\. Build failed: /,
  );
  expect((await lastLines(1))[0]).toBe(`Copr build error: ${reason}`);
});

describe("rules of the host", () => {
  test("give a task more time than its definition does", async () => {
    await rules("task_rules: [{ owner: al*, package: slow, time_limit: 60 }]");
    const { exitCode } = await host.runTask(await taskOf("slow", "sleep 4", { timeout: 3, package_name: "slow" }));
    expect(exitCode).toBe(0);
    expect(await host.log()).toContain("\nRules of this host: at least 60 s of time\n");
    expect((await host.runTask(await taskOf("late", "sleep 20", { timeout: 3, package_name: "other" }))).exitCode).toBe(5);
  });

  test.skipIf(noMemoryCgroup === undefined)(
    "that can't be kept here are told at the start (needs a host without such cgroups)",
    async () => {
      await rules("task_rules: [{ tags: [big], memory: 1 GiB, cpu_weight: 200 }]");
      expect((await host.runTask(await taskOf("free", "true", { tags: ["big"] }))).exitCode).toBe(0);
      const log = await host.log();
      expect(log).toMatch(/\nRules of this host can't be kept: it can't limit memory to 1 GiB, as \S.+\n/);
      expect(log).toMatch(/\nRules of this host can't be kept: it can't give CPU weight 200, as \S.+\n/);
      expect(log.indexOf("can't be kept")).toBeLessThan(log.indexOf("Running: "));
    },
  );

  test("that are not understood fail the task", async () => {
    await rules("task_rules: [{ memori: 1 GiB }]");
    expect((await host.runTask(await taskOf("any", "true"))).exitCode).toBe(1);
    expect((await statusOf()).reason).toMatch(/^Cannot use the rules '.*': entry 1 of task_rules has a key 'memori' that is not known; /);
  });

  test("add options to the command lines by which mock builds", async () => {
    const standIn = await makeMockStandIn(host.directory);
    await rules("task_rules: [{ mock_options: [--define, of_host yes] }]");
    await appendFile(host.config, `mock_config_directory = ${standIn.configDirectory}\n`);
    const path = process.env["PATH"] ?? "";
    process.env["PATH"] = `${standIn.binDirectory}:${path}`;
    try {
      const { exitCode } = await host.runTask(await taskOf("plugged", "true"), "--buildroot", "mock");
      expect(exitCode, await host.log()).toBe(0);
    } finally {
      process.env["PATH"] = path;
    }
    const commands = (await host.log()).split("\n").filter((line) => line.startsWith("Running: mock "));
    expect(commands.filter((line) => line.includes(" --spec "))).toEqual([expect.stringContaining(" --define 'of_host yes' ")]);
    expect(commands.filter((line) => line.includes(" --scrub "))).toEqual([expect.not.stringContaining("of_host")]);
  });
});

test.skipIf(noCgroup !== undefined)(`a killed builder leaves no cgroup${noCgroup === undefined ? "" : ` (${noCgroup})`}`, async () => {
  await host.runTask(await taskOf("slow", "env -i setsid sleep 60 & sleep 60"), "--detached");
  await eventually("a build", async () => (await host.log()).includes("sleep 60"));
  const { cgroup, pid } = await statusOf();
  expect(existsSync(cgroup as string)).toBe(true);
  process.kill(pid, "SIGKILL");
  await eventually("the keeper has cleaned up", () => !existsSync(cgroup as string));
});
