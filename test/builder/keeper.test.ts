import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../../scripts/docs/generated-files.ts";
import { slotsAt } from "../../src/builder/state/state-directory.ts";
import { makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { output } from "../support/program.ts";

test("a builder that was killed after it had marked its success, and before it could say so, has had none", async () => {
  const host = await startBuilderHost();
  onTestFinished(() => host.close());
  const task = rpmTask(await makeRepository(host.directory, "good", { "good.spec": specText("good", "true") }));
  expect((await host.runTask(task)).exitCode).toBe(0);
  const marked = ["success", "results.json"].map((name) => join(host.stateDirectory, "results", name));
  expect(marked.map((path) => existsSync(path))).toEqual([true, true]);
  // As the builder's last write but one has it.
  const path = join(host.stateDirectory, "status.json");
  const { mark, pid, ...status } = JSON.parse(await readFile(path, "utf8")) as { mark: string; pid: number };
  const [directory] = slotsAt(host.stateDirectory, 1, {});

  const keep = (of: string): Promise<string> =>
    output([process.execPath, join(repository, "dist/copr-builder-keeper.cjs"), JSON.stringify(directory), of, String(pid), ""]);
  await keep(mark);
  expect(
    marked.map((file) => existsSync(file)),
    "it has said so",
  ).toEqual([true, true]);
  await writeFile(path, JSON.stringify({ ...status, mark, pid, state: "collecting", ended_on: null, exit_code: null }));
  await keep("00000000-0000-4000-8000-000000000000");
  expect(
    marked.map((file) => existsSync(file)),
    "another's",
  ).toEqual([true, true]);
  await keep(mark);
  expect(marked.map((file) => existsSync(file))).toEqual([false, false]);
  expect((await host.builder("status")).stdout).toMatch(/^died /);
});
