import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builderTree } from "../../scripts/docs/command-tree.ts";
import { type LogLineRecord, lineRecords } from "../../src/builder/log/line-records.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

const taskOf = async (name: string, build: string): Promise<Record<string, unknown>> =>
  rpmTask(await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, build) }));
const linesOf = (text: string): string[] => text.trimEnd().split("\n");
const recordsOf = (text: string): unknown[] => linesOf(text).map((line): unknown => JSON.parse(line));
/** With the configuration of the host, and a home of its own, whose key counts the time of a lease. */
const withConfig = (...words: string[]): Promise<Outcome> =>
  runProgram([...bin.builder, ...words, "--config", host.config], { env: { HOME: host.directory } });

test("every command that tells of something takes the three formats", () => {
  const formats = builderTree().commands.map(({ name, optionGroups }) => [
    name,
    optionGroups
      .flatMap(({ options }) => options)
      .find(({ flags }) => flags.includes("--output-format"))
      ?.choices.join() ?? "",
  ]);
  expect(Object.fromEntries(formats)).toEqual({
    run: "",
    build: "",
    help: "",
    // Prometheus has a format of its own.
    metrics: "",
    ...Object.fromEntries(["status", "log", "cancel", "history", "show", "prolong", "release"].map((name) => [name, "text,json,jsonl"])),
  });
});

describe("status", () => {
  test("without a task, and of one that failed", async () => {
    const idle = await host.builder("status", "--output-format", "jsonl");
    expect(idle).toMatchObject({ exitCode: 0, stdout: '{"schema_version":1,"state":"idle"}\n' });
    expectSchema("copr-builder-status.jsonl", idle.stdout);
    expectSchema("copr-builder-status.json", (await host.builder("status", "--json")).stdout);

    await host.runTask(await taskOf("bad", "cat >&2 <<END\nx.c:7:5: error: no\nEND\nexit 2"));
    const { stdout } = await host.builder("status", "--json");
    expect(stdout).toBe(`${JSON.stringify(await host.status(), null, 2)}\n`);
    expectSchema("copr-builder-status.json", stdout);
    const line = (await host.builder("status", "--output-format=jsonl")).stdout;
    expect(recordsOf(line)).toEqual([await host.status()]);
    expectSchema("copr-builder-status.jsonl", line);
    expect((await host.builder("status", "--json", "--fields", "state,exit_code")).stdout).toBe(
      '{\n  "state": "failed",\n  "exit_code": 1\n}\n',
    );
    expect((await host.builder("status", "--fields", "task_id,slot")).stdout).toBe("task_id: 7-fedora-43-x86_64\nslot: 1\n");
  });

  test("of several slots", async () => {
    await appendFile(host.config, `slots = 2\nstate_dir = ${host.stateDirectory}\n`);
    const json = (await withConfig("status", "--json")).stdout;
    expectSchema("copr-builder-status.json", json);
    expect(JSON.parse(json)).toMatchObject({ schema_version: 1, slots: [{ slot: 1, status: { state: "idle" } }, { slot: 2 }] });
    const lines = linesOf((await withConfig("status", "--output-format", "jsonl")).stdout);
    expect(lines).toHaveLength(2);
    for (const line of lines) expectSchema("copr-builder-status.jsonl", line);
    expect((await withConfig("status", "--json", "--fields", "slot,state")).stdout).toBe(
      `${JSON.stringify({ schema_version: 1, slots: [1, 2].map((slot) => ({ slot, state: "idle" })) }, null, 2)}\n`,
    );
    expect((await withConfig("status")).stdout).toBe("slot 1: idle\nslot 2: idle\n");
  });
});

describe("log", () => {
  test("as records with the offsets of their lines", async () => {
    await host.runTask(await taskOf("good", "echo 'née \"x\"'"));
    const log = Buffer.from(await host.log());
    const { stdout } = await host.builder("log", "--output-format", "jsonl");
    const records = recordsOf(stdout) as LogLineRecord[];
    for (const line of linesOf(stdout)) expectSchema("copr-builder-log.jsonl", line);
    expect(`${records.map(({ text }) => text).join("\n")}\n`).toBe(log.toString());
    for (const { offset, text } of records) expect(log.subarray(offset, offset + Buffer.byteLength(text)).toString()).toBe(text);
    const times = records.map(({ time }) => Date.parse(time ?? ""));
    expect(times).toEqual(times.toSorted((one, other) => one - other));

    const json = (await host.builder("log", "--json")).stdout;
    expectSchema("copr-builder-log.json", json);
    expect(JSON.parse(json)).toEqual(records);
    const third = records[2] as LogLineRecord;
    const rest = await host.builder("log", "--from-offset", String(third.offset), "--output-format", "jsonl", "--fields", "text,offset");
    expect(recordsOf(rest.stdout)).toEqual(records.slice(2).map(({ text, offset }) => ({ text, offset })));
    expect(JSON.parse((await host.builder("log", "--json", "--from-offset", "99999999")).stdout)).toEqual([]);
    expect((await host.builder("log")).stdout).toBe(log.toString());
  });

  test("as records while it grows, each with the time at which it was written", async () => {
    await host.runTask(await taskOf("slow", "for i in $(seq 8); do echo step $i; sleep 0.3; done"), "--detached");
    await eventually("a build", async () => (await host.log()).includes("\nstep 2\n"));
    const { exitCode, stdout } = await host.builder("log", "--follow", "--output-format", "jsonl");
    expect(exitCode).toBe(0);
    const records = recordsOf(stdout) as LogLineRecord[];
    expect(`${records.map(({ text }) => text).join("\n")}\n`).toBe(await host.log());
    const times = records.map(({ time }) => Date.parse(time ?? ""));
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(500);
  });

  test("is cut into lines in bounded memory, wherever its bytes are cut", () => {
    const bytes = Buffer.from(`one\n\nthree é ${"é".repeat(80_000)}\nlast`);
    for (const size of [1000, 1 << 20]) {
      const records: LogLineRecord[] = [];
      const lines = lineRecords({ offset: 7, line: 3, placeOf: () => undefined }, (record) => records.push(record));
      for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size));
      lines.end();
      expect(records.map(({ offset }) => offset).slice(0, 3)).toEqual([7, 11, 12]);
      expect([records[0]?.line, records.at(-1)?.line]).toEqual([3, 6]);
      expect(records.map(({ text }) => text).join("")).toBe(bytes.toString().replaceAll("\n", ""));
      expect(Math.max(...records.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(65_536);
      expect(records.at(-1)?.text).toBe("last");
    }
  });
});

test("cancel, show, prolong and release", async () => {
  await appendFile(host.config, `expiration_file = ${host.directory}/expiration\nstate_dir = ${host.stateDirectory}\n`);
  const unknown = await withConfig("show", "--json");
  expect(JSON.parse(unknown.stdout)).toEqual({ expires_on: null, remaining: null, pids: [] });
  expectSchema("copr-builder-show.json", unknown.stdout);
  const refused = await withConfig("prolong", "--hours", "1", "--json");
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expectSchema("error", refused.stderr);

  const end = Math.floor(Date.now() / 1000) + 3000;
  await writeFile(join(host.directory, "expiration"), String(end));
  await runProgram(["mkdir", join(host.directory, ".ssh")]);
  await writeFile(join(host.directory, ".ssh", "authorized_keys"), "");
  const prolonged = await withConfig("prolong", "--hours", "1", "--output-format", "jsonl");
  expect(prolonged.stdout).toBe(`{"expires_on":${end + 3600}}\n`);
  expectSchema("copr-builder-prolong.jsonl", prolonged.stdout);

  await host.runTask(await taskOf("slow", "sleep 60"), "--detached");
  const shown = await withConfig("show", "--output-format", "jsonl");
  const { pid } = await host.status();
  expect(JSON.parse(shown.stdout)).toEqual({ expires_on: end + 3600, remaining: expect.any(Number), pids: [pid] });
  expectSchema("copr-builder-show.jsonl", shown.stdout);
  const canceled = await host.builder("cancel", "--json");
  expect(JSON.parse(canceled.stdout)).toEqual({ outcome: "canceled", task_id: "7-fedora-43-x86_64", pid, warnings: [] });
  expectSchema("copr-builder-cancel.json", canceled.stdout);
  const nothing = await host.builder("cancel", "--output-format", "jsonl", "--fields", "outcome");
  expect(nothing.stdout).toBe('{"outcome":"nothing"}\n');

  const released = await withConfig("release", "--json");
  expect(released.stdout).toBe('{\n  "expires_on": 0\n}\n');
  expectSchema("copr-builder-release.json", released.stdout);
});

describe("errors", () => {
  test.each([
    [["status", "--json", "--fields", "nothing"], 2, "usage", /^Unknown field\(s\) specified in --fields: \['nothing'\], allowed: /],
    [["log", "--output-format", "jsonl"], 1, "client", /^There is no log at /],
    [["status", "--json", "--slot", "9"], 2, "usage", /^There is no slot 9/],
    [["show", "--json", "--nonsense"], 2, "usage", /^unknown option '--nonsense'/],
  ])("of %j are one line of JSON", async (words, code, kind, message) => {
    const { exitCode, stdout, stderr } = await host.builder(...words);
    expect([exitCode, stdout]).toEqual([code, ""]);
    expect(linesOf(stderr)).toHaveLength(1);
    expectSchema("error", stderr);
    expect(JSON.parse(stderr)).toMatchObject({ error: { kind, message: expect.stringMatching(message), exit_code: code, status: null } });
  });

  test("are text otherwise, and for upstream's names", async () => {
    expect((await host.builder("status", "--fields", "nothing")).stderr).toMatch(/^copr-builder: Unknown field/);
    expect((await host.builder("log")).stderr).toMatch(/^copr-builder: There is no log/);
  });
});
