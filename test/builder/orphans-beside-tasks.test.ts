import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText } from "../support/builder-host.ts";
import { startBuilder } from "../support/dead-task.ts";
import type { MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { type MockingHost, startMockingHost } from "../support/mocking-host.ts";
import { soakOrphans } from "../support/orphan-soak.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { nameOfBuilder, runProgram } from "../support/program.ts";
import { randomNumbers } from "../support/random.ts";

let machine: MockingHost;
let host: BuilderHost;
let mock: MockStandIn;
let path: string;
beforeEach(async () => {
  machine = await startMockingHost();
  ({ host, mock, path } = machine);
});
afterEach(() => machine.close());

const configure = (slots: number): Promise<void> => machine.configure({ buildroot: "mock", slots });

// COPR_TEST_ROUNDS=100 COPR_TEST_SEED=1 npx vitest run test/builder/orphans-beside-tasks.test.ts
const rounds = Number(process.env["COPR_TEST_ROUNDS"] ?? 2);
const seed = Number(process.env["COPR_TEST_SEED"] ?? 13);

test(`${rounds} random interleavings of tasks, kills and clean-ups, seed ${seed}`, { timeout: 60_000 + rounds * 60_000 }, async () => {
  await configure(2);
  const isLong = process.env["COPR_TEST_ROUNDS"] !== undefined;
  const onRound = (round: number, events: readonly string[]): void => {
    if (isLong) console.log(`round ${round}\n  ${events.join("\n  ")}`);
  };
  const { killed, sweeps } = await soakOrphans({ host, mock, path }, { rounds, random: randomNumbers(seed), onRound });
  expect(killed).toBeGreaterThan(0);
  expect(sweeps).toBe(3 * rounds);
});

test("a task that begins while its only slot is being cleaned up waits, and then builds", async () => {
  await configure(1);
  const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", "sleep 300") });
  const task = join(host.directory, "task.json");
  await writeFile(task, JSON.stringify(rpmTask(repository)));
  const words = ["--config", host.config, "--task-file", task];
  const dead = startBuilder(words, { PATH: path });
  await eventually("a chroot", async () => (await mock.chroots()).length > 0);
  await dead.kill({ withKeeper: true });
  // mock removes the dead one's chroot when it is allowed to.
  const program = join(mock.binDirectory, "mock");
  const go = join(host.directory, "go");
  await rename(program, `${program}.real`);
  const hold = `#!/bin/sh\ncase "$*" in *--scrub*) while [ ! -e '${go}' ]; do sleep 0.05; done ;; esac\nexec '${program}.real' "$@"\n`;
  await writeFile(program, hold);
  await chmod(program, 0o755);
  const cleaning = runProgram([...nameOfBuilder("copr-builder-cleanup"), "--orphans", "--config", host.config], { env: { PATH: path } });
  await eventually("mock is asked to remove it", async () =>
    (await processesMentioning("--scrub")).some((line) => line.includes(host.directory)),
  );
  expect(await readFile(join(host.stateDirectory, "lockfile"), "utf8")).toMatch(/^clean-up \d+ \d+\n$/);
  const quick = await makeRepository(host.directory, "quick", { "quick.spec": specText("quick", "true") });
  await writeFile(task, JSON.stringify(rpmTask(quick)));
  const next = startBuilder(words, { PATH: path });
  let hasEnded = false;
  void next.ended.then(() => (hasEnded = true));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect([hasEnded, next.output()]).toEqual([false, ""]);
  await writeFile(go, "");
  expect(await cleaning).toMatchObject({ exitCode: 0, stderr: "" });
  expect([await next.ended, next.output()]).toEqual([0, expect.stringContaining("\nBuild succeeded\n")]);
  expect(await readFile(join(host.stateDirectory, "lockfile"), "utf8")).toBe("");
});
