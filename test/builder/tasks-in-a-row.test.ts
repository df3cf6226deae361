import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, startBuilderHost } from "../support/builder-host.ts";
import { randomNumbers } from "../support/random.ts";
import { soakTasks } from "../support/task-soak.ts";

/** COPR_TEST_TASKS=500 makes it a long run; COPR_TEST_SEED repeats one. */
const tasks = Number(process.env["COPR_TEST_TASKS"] ?? 12);
const seed = Number(process.env["COPR_TEST_SEED"] ?? 11);

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost("clone_retry_seconds = 0");
});
afterAll(() => host.close());

test("many tasks in a row, with kills among them, are told as they ran and leave nothing behind", {
  timeout: 120_000 + tasks * 15_000,
}, async () => {
  const figures = await soakTasks(host, {
    tasks,
    random: randomNumbers(seed),
    onCheck: (done) => tasks > 100 && console.log(`${done} tasks`),
  });
  if (tasks > 100) console.log(JSON.stringify(figures));
  expect(figures.kills).toBeGreaterThan(0);
  expect(Object.keys(figures.states).length).toBeGreaterThan(2);
  expect(figures.files[1]).toBeLessThanOrEqual(figures.files[0] + 3);
  expect(figures.memory[1]).toBeLessThan(figures.memory[0] * 1.25 + 10_000);
  expect((await readdir(join(host.stateDirectory, "hooks-pending"))).length).toBeLessThan(3);
});
