import { spawnSync } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exposition, histogramSamples } from "../../src/builder/metrics/exposition.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
  await appendFile(host.config, `slots = 2\nstate_dir = ${host.stateDirectory}\n`);
});
afterEach(async () => {
  await withConfig("cancel", "--slot", "2");
  await withConfig("cancel", "--slot", "1");
  await host.close();
});

const withConfig = (...words: string[]): Promise<Outcome> => runProgram([...bin.builder, ...words, "--config", host.config]);
const metrics = async (): Promise<string> => {
  const { exitCode, stdout, stderr } = await withConfig("metrics");
  expect([exitCode, stderr]).toEqual([0, ""]);
  return stdout;
};
/** The value of one line; undefined where there is none. */
const valueOf = (text: string, sample: string): number | undefined => {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

test("tell what the slots have done, do, and have left, and stay when the history is cut", async () => {
  const idle = await metrics();
  expect(valueOf(idle, "copr_builder_slots")).toBe(2);
  expect(valueOf(idle, 'copr_builder_slot_busy{slot="2"}')).toBe(0);
  expect(idle).not.toContain("copr_builder_tasks_total");

  for (let round = 0; round < 2; round += 1) await host.runTask(srpmTask(`${host.url}/nothing.src.rpm`));
  await host.runTask("no definition");
  const long = rpmTask(await makeRepository(host.directory, "long", { "long.spec": specText("long", "sleep 300") }));
  await host.runTask(long, "--detached");
  await host.runTask(long, "--detached");
  await eventually("two builds", async () => (await metrics()).match(/phase="building"/g)?.length === 2);
  const busy = await metrics();
  expect([1, 2].map((slot) => valueOf(busy, `copr_builder_slot_busy{slot="${slot}"}`))).toEqual([1, 1]);
  const { stdout } = await withConfig("status", "--json", "--slot", "2");
  process.kill((JSON.parse(stdout) as { pid: number }).pid, "SIGKILL");
  await withConfig("cancel", "--slot", "1");
  await eventually("two ends", async () => valueOf(await metrics(), 'copr_builder_slot_busy{slot="2"}') === 0);

  const after = await metrics();
  const tasks = (kind: string, outcome: string): number | undefined =>
    valueOf(after, `copr_builder_tasks_total{kind="${kind}",outcome="${outcome}"}`);
  expect([tasks("srpm", "failed"), tasks("unknown", "failed"), tasks("rpm", "died"), tasks("rpm", "canceled")]).toEqual([2, 1, 1, 1]);
  expect(valueOf(after, 'copr_builder_phase_seconds_count{phase="fetching"}')).toBe(5);
  expect(valueOf(after, 'copr_builder_phase_seconds_bucket{phase="fetching",le="+Inf"}')).toBe(5);
  expect(valueOf(after, `copr_builder_disk_free_bytes{directory="${host.stateDirectory}"}`)).toBeGreaterThan(0);
  expect(valueOf(after, 'copr_builder_root_cache_uses_total{result="hit"}')).toBe(0);

  // What is in one journal only is all that these have: the sums are of both.
  await writeFile(
    join(host.stateDirectory, "history.jsonl"),
    `${JSON.stringify({ dropped: { tasks: { "rpm succeeded": 40 }, phases: {}, memory: { counts: [], sum: 0 }, root_cache: { hit: 30, miss: 10 } } })}\n`,
  );
  const cut = await metrics();
  expect(valueOf(cut, 'copr_builder_tasks_total{kind="rpm",outcome="succeeded"}')).toBe(40);
  expect(valueOf(cut, 'copr_builder_root_cache_uses_total{result="hit"}')).toBe(30);
});

test("of mock tell whether a root cache served", async () => {
  const { rootCacheUse } = await import("../../src/builder/history/root-cache-use.ts");
  await mkdir(join(host.directory, "results"));
  const results = join(host.directory, "results");
  const now = Date.now() / 1000;
  expect(await rootCacheUse(results, now - 60)).toBeNull();
  const write = (...steps: string[]): Promise<void> =>
    writeFile(join(results, "state.log"), steps.map((step) => `2026-11-28 10:00:00,000 - ${step}\n`).join(""));
  await write("Start(bootstrap): unpacking root cache", "Start: creating root cache", "Finish: creating root cache");
  expect(await rootCacheUse(results, now - 60)).toBe("miss");
  await write("Start: chroot init", "Start: unpacking root cache", "Finish: unpacking root cache");
  expect(await rootCacheUse(results, now - 60)).toBe("hit");
  expect(await rootCacheUse(results, now + 60)).toBeNull();
});

test("are written as Prometheus reads them", () => {
  const text = exposition([
    { name: "a_total", type: "counter", help: 'one \\ "two"\nthree', samples: [{ labels: { path: 'x"\\\ny' }, value: 1 }] },
    { name: "b_seconds", type: "histogram", help: "h", samples: histogramSamples([1, 2.5], { counts: [3, 0, 1], sum: 7.5 }, { x: "y" }) },
    { name: "c", type: "gauge", help: "nothing", samples: [] },
  ]);
  expect(text).toBe(`# HELP a_total one \\\\ "two"\\nthree
# TYPE a_total counter
a_total{path="x\\"\\\\\\ny"} 1
# HELP b_seconds h
# TYPE b_seconds histogram
b_seconds_bucket{x="y",le="1"} 3
b_seconds_bucket{x="y",le="2.5"} 3
b_seconds_bucket{x="y",le="+Inf"} 4
b_seconds_sum{x="y"} 7.5
b_seconds_count{x="y"} 4
`);
});

test.skipIf(!hasPromtool)("are to promtool's liking (needs promtool of Prometheus)", async () => {
  await host.runTask(srpmTask(`${host.url}/nothing.src.rpm`));
  const journal = join(host.stateDirectory, "history.jsonl");
  const mark = "00000001-0000-4000-8000-000000000000";
  await appendFile(
    journal,
    `${JSON.stringify({ mark, state: "succeeded", task_id: "9-x-1-y", started_on: 1, ended_on: 2, peak_memory: 2 ** 30, root_cache: "hit" })}\n`,
  );
  const text = await metrics();
  expect(text).toContain("copr_builder_task_peak_memory_bytes_bucket");
  const { exitCode, stdout, stderr } = await runProgram(["promtool", "check", "metrics"], { stdin: text });
  expect([exitCode, stdout, stderr]).toEqual([0, "", ""]);
});
