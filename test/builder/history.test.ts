import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HistoryEntry, HistoryRecord } from "../../src/builder/history/history-record.ts";
import { appendToJournal, type Journal, readJournal, readLateEntry } from "../../src/builder/history/journal.ts";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { eventually, isAlive } from "../support/processes.ts";
import { expectSchema } from "../support/schemas.ts";
import { canMount, mountDisk } from "../support/small-disk.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const mounts = await canMount();

const markOf = (number: number): string => `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
const entryOf = (number: number): HistoryEntry => ({
  mark: markOf(number),
  state: "failed",
  task_id: `${number}`,
  started_on: number,
  ended_on: number + 1,
  exit_code: 1,
  reason: "no".repeat(100),
  timings: { building: 1 },
});

const isJson = (line: string): boolean => {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
};

describe("the history of a host", () => {
  let host: BuilderHost;
  beforeEach(async () => {
    host = await startBuilderHost("min_free = 0");
  });
  afterEach(() => host.close());

  const history = async (...words: string[]): Promise<HistoryRecord[]> => {
    const { exitCode, stdout, stderr } = await host.builder("history", "--json", ...words);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expectSchema("copr-builder-history.json", stdout);
    return JSON.parse(stdout) as HistoryRecord[];
  };
  const upload = async (name: string): Promise<Record<string, unknown>> => {
    host.pages.set(`/${name}.src.rpm`, { body: await readFile(await makeSrpm(host.directory, name)) });
    return srpmTask(`${host.url}/${name}.src.rpm`, { package_name: name });
  };

  test("has every task, newest first, also one that runs and one whose builder was killed", async () => {
    expect(await history()).toEqual([]);
    expect(await host.builder("history")).toMatchObject({ exitCode: 0, stdout: "" });
    await host.runTask(await upload("hello"));
    await host.runTask(srpmTask(`${host.url}/nothing.src.rpm`, { task_id: "8", build_id: 8, package_name: "other" }));
    await host.runTask("no definition");
    const long = rpmTask(await makeRepository(host.directory, "long", { "long.spec": specText("long", "sleep 300") }));
    await host.runTask(long, "--detached");
    await eventually("the build", async () => (await history())[0]?.state === "building");
    const [running] = await history();
    expect(running).toMatchObject({
      task_id: "7-fedora-43-x86_64",
      project: "alice/prj",
      ended_on: null,
      wall: null,
      exit_code: null,
      slot: 1,
    });
    const { pid } = await host.status();
    process.kill(Number(pid), "SIGKILL");
    await eventually("the end of the builder", async () => !(await isAlive(Number(pid))));

    const all = await history();
    const told = all.map(({ task_id, state, exit_code, package: name }) => [task_id, state, exit_code, name]);
    expect(told).toEqual([
      ["7-fedora-43-x86_64", "died", 6, null],
      [null, "failed", 1, null],
      ["8", "failed", 1, "other"],
      ["7", "succeeded", 0, "hello"],
    ]);
    expect(all[3]).toMatchObject({ reason: null, timings: { fetching: expect.any(Number), sources: expect.any(Number) } });
    expect(all[3]?.wall).toBeGreaterThan(0);
    expect(all[0]).toMatchObject({ wall: null, reason: "The builder process died while it was building" });

    // The next task notes what could not be told.
    await host.runTask(await upload("last"));
    expect((await history()).map(({ state }) => state)).toEqual(["succeeded", "died", "failed", "failed", "succeeded"]);
    expect((await readFile(join(host.stateDirectory, "history.jsonl"), "utf8")).match(/"state":"died"/g)).toHaveLength(1);
  });

  test("is told in part, and as text", async () => {
    await mkdir(host.stateDirectory);
    const journal = join(host.stateDirectory, "history.jsonl");
    const now = Math.floor(Date.now() / 1000);
    const tasks: Partial<HistoryEntry>[] = [
      {
        task_id: "7",
        state: "succeeded",
        started_on: now - 90_000,
        ended_on: now - 89_915,
        package: "hello",
        project: "alice/prj",
        peak_memory: 3 * 2 ** 29,
      },
      {
        task_id: "7-fedora-43-x86_64",
        state: "failed",
        started_on: now - 80_000,
        ended_on: now - 70_000,
        reason: "no\n\u001b[31mway",
        package: "hello",
      },
      { state: "died", started_on: now - 60, package: "other" },
    ];
    for (const [number, task] of tasks.entries()) await appendToJournal(journal, { mark: markOf(number), ...task });
    const ids = async (...words: string[]): Promise<(string | null)[]> => (await history(...words)).map(({ task_id: id }) => id);
    expect(await ids("--limit", "1")).toEqual([null]);
    expect(await ids("--state", "failed,died", "--limit", "0")).toEqual([null, "7-fedora-43-x86_64"]);
    expect(await ids("--task", "7", "--package", "he*")).toEqual(["7-fedora-43-x86_64", "7"]);
    expect(await ids("--task", "7-fedora-43-x86_64")).toEqual(["7-fedora-43-x86_64"]);
    expect(await ids("--since", "1h")).toEqual([null]);
    const lines = (await host.builder("history", "--output-format", "jsonl")).stdout.trimEnd().split("\n");
    for (const line of lines) expectSchema("copr-builder-history.jsonl", line);
    expect(lines).toHaveLength(3);
    expect((await host.builder("history")).stdout.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/gm, "TIME")).toBe(
      [
        "TIME  died                    (no definition) other",
        "TIME  failed         2:46:40  7-fedora-43-x86_64 hello: no way",
        "TIME  succeeded         1:25    1.5 GiB  7 alice/prj hello",
        "",
      ].join("\n"),
    );
    for (const [words, message] of [
      [["--limit", "many"], "It is no number of tasks."],
      [["--state", "sad"], "'sad' is no state"],
      [["--since", "soon"], "It is no time"],
    ] as const) {
      const { exitCode, stderr } = await host.builder("history", ...words);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  test("outlives a clean-up of the machine", async () => {
    await appendFile(host.config, `state_dir = ${host.stateDirectory}\n`);
    await host.runTask(await upload("hello"));
    const { settle } = await import("../../src/builder/history/task-notes.ts");
    const { slotsAt } = await import("../../src/builder/state/state-directory.ts");
    const [slot] = slotsAt(host.stateDirectory, 1);
    const status = (await host.status()) as never;
    await rm(join(host.stateDirectory, "history.jsonl"));
    // As copr-builder-cleanup does before it removes the status; twice tells nothing twice.
    await settle(slot as never, status);
    await settle(slot as never, status);
    await rm(join(host.stateDirectory, "status.json"));
    expect((await history()).map(({ task_id: id, state }) => [id, state])).toEqual([["7", "succeeded"]]);
    expect((await readFile(join(host.stateDirectory, "history.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(1);
  });

  // Skipped for users who may not mount: a full disk can't be had otherwise.
  test.skipIf(!mounts)("has the tasks of a full disk, too (mounting needs root)", async () => {
    await mountDisk(host, "size=4m");
    const task = await upload("hello");
    await host.runTask(task);
    const balloon = join(host.stateDirectory, "balloon");
    await writeFile(balloon, Buffer.alloc(8 * 2 ** 20)).catch(() => undefined);
    const before = await readFile(join(host.stateDirectory, "history.jsonl"), "utf8");
    for (let round = 0; round < 3; round += 1) expect((await host.runTask(task)).exitCode).toBe(1);
    expect(await readFile(join(host.stateDirectory, "history.jsonl"), "utf8")).toContain(before);
    expect((await history()).map(({ state }) => state)).toEqual(["failed", "failed", "failed", "succeeded"]);
    await rm(balloon);
    await host.runTask(task);
    expect((await history()).map(({ state }) => state)).toEqual(["succeeded", "failed", "failed", "failed", "succeeded"]);
    for (const line of (await readFile(join(host.stateDirectory, "history.jsonl"), "utf8")).trimEnd().split("\n")) JSON.parse(line);
  });
});

describe("a journal", () => {
  test("that was cut short anywhere loses no more than the line that was cut", async () => {
    const path = join(await temporaryDirectory(), "history.jsonl");
    for (let number = 0; number < 20; number += 1) await appendToJournal(path, entryOf(number));
    const whole = await readFile(path);
    for (let cut = 0; cut <= whole.length; cut += 7) {
      await writeFile(path, whole.subarray(0, cut));
      const complete = whole.subarray(0, cut).toString().split("\n").filter(isJson).length;
      await appendToJournal(path, entryOf(99));
      const { entries } = await readJournal(path);
      expect(entries).toEqual([...Array.from({ length: complete }, (_, number) => entryOf(number)), entryOf(99)]);
    }
  });

  test("keeps to its size, and what goes stays in the sums", async () => {
    const path = join(await temporaryDirectory(), "history.jsonl");
    let largest = 0;
    const tasks = 6000;
    for (let number = 0; number < tasks; number += 1) {
      await appendToJournal(path, entryOf(number));
      if (number % 50 === 0) largest = Math.max(largest, (await stat(path)).size);
    }
    expect(largest).toBeLessThan(1.01 * 2 ** 20);
    const { dropped, entries } = await readJournal(path);
    expect(entries.length).toBeGreaterThan(700);
    const counted = Object.values(dropped.tasks).reduce((sum, number) => sum + number, 0);
    expect(counted + entries.length).toBe(tasks);
    expect(dropped.phases["building"]?.sum).toBe(tasks - entries.length);
    expect(entries.at(-1)).toEqual(entryOf(tasks - 1));
    expect(await readLateEntry(path, entryOf(tasks - 1).mark)).toEqual(entryOf(tasks - 1));
    expect(await readLateEntry(path, entryOf(0).mark)).toBeUndefined();
    expect((await readdir(join(path, ".."))).toSorted()).toEqual(["history.jsonl", "history.jsonl.reserve"]);

    // One that nobody could write anew for long: what is not told one by one any more is counted all the same.
    const lines = Array.from({ length: 50_000 }, (_, number) => `${JSON.stringify(entryOf(tasks + number))}\n`);
    // Its end was never written down.
    const { mark, task_id, started_on } = entryOf(tasks + lines.length);
    await appendFile(path, `${lines.join("")}${JSON.stringify({ mark, task_id, started_on, state: "building" })}\n`);
    const large = await readJournal(path);
    const sum = ({ dropped: { tasks: counts } }: Journal): number => Object.values(counts).reduce((one, other) => one + other, 0);
    expect(large.entries.length).toBeGreaterThan(10_000);
    expect(sum(large) + large.entries.length).toBe(tasks + lines.length + 1);
    for (let number = 1; number < 3000; number += 1) await appendToJournal(path, entryOf(tasks + lines.length + number));
    expect((await stat(path)).size).toBeLessThan(1.01 * 2 ** 20);
    const kept = await readJournal(path);
    expect(kept.entries.at(-1)).toEqual(entryOf(tasks + lines.length + 2999));
    expect(sum(kept) + kept.entries.length).toBe(tasks + lines.length + 3000);
    expect(kept.dropped.tasks["srpm died"]).toBe(1);
  });

  test("that can't be read is not thrown away", async () => {
    const path = join(await temporaryDirectory(), "history.jsonl");
    await writeFile(path, "x".repeat(3 * 2 ** 20));
    await appendToJournal(path, entryOf(1));
    expect((await readJournal(path)).entries).toEqual([entryOf(1)]);
    await rm(path);
    await mkdir(path);
    await expect(appendToJournal(path, entryOf(2))).rejects.toThrow("history.jsonl': ");
    await expect(readJournal(path)).rejects.toThrow("is not a regular file");
  });

  test("of a writer that is killed again and again has all that was written", async () => {
    const path = join(await temporaryDirectory(), "history.jsonl");
    const script = fileURLToPath(new URL("../support/journal-writer.ts", import.meta.url));
    const rounds = Number(process.env["COPR_TEST_KILLS"] ?? 4);
    let last = -1;
    for (let round = 0; round < rounds; round += 1) {
      const child = spawn(process.execPath, ["--import", "tsx", script, path, String(last + 1)], { stdio: ["ignore", "pipe", "inherit"] });
      let printed = "";
      child.stdout.on("data", (chunk) => (printed += String(chunk)));
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, 150 + ((round * 397) % 900)));
      child.kill("SIGKILL");
      await once(child, "close");
      const numbers = printed.split("\n").slice(0, -1).map(Number);
      last = numbers.at(-1) as number;
      const { dropped, entries } = await readJournal(path);
      const ended = entries.filter(({ state }) => state === "failed");
      const count = (dropped.tasks["srpm failed"] ?? 0) + ended.length;
      // The one that was being written when the signal came may be there already.
      expect([last + 1, last + 2]).toContain(count);
      expect(ended.at(-1)?.started_on).toBe(count - 1);
      last = count - 1;
    }
    expect(last).toBeGreaterThan(100);
  });

  test("is replaced where it is a link, and read where it holds anything", async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, "history.jsonl");
    const other = join(directory, "other");
    await writeFile(other, "theirs\n");
    await symlink(other, path);
    await appendToJournal(path, entryOf(1));
    expect(await readFile(other, "utf8")).toBe("theirs\n");
    expect((await readJournal(path)).entries).toEqual([entryOf(1)]);
    await appendFile(path, `\0\0\nnull\n[]\n{"mark":7}\n{"mark":"${markOf(2)}","started_on":"soon"}\n{"dropped":{"tasks":[]}}\n`);
    await appendToJournal(path, entryOf(3));
    expect((await readJournal(path)).entries).toEqual([entryOf(1), entryOf(3)]);
  });
});
