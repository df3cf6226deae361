import { closeSync, createReadStream, openSync } from "node:fs";
import { appendFile, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogLineRecord } from "../../src/builder/log/line-records.ts";
import { type LiveLog, openLiveLog } from "../../src/builder/log/live-log.ts";
import { LogPlaces } from "../../src/builder/log/log-places.ts";
import { slotsAt, type StateDirectory } from "../../src/builder/state/state-directory.ts";
import { PhaseCutter } from "../../src/core/builds/phase-cutter.ts";
import { phaseHeading, type TaskPhase, taskPhases } from "../../src/core/text/phase-heading.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { makeMockStandIn, type MockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { eventually } from "../support/processes.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const headingPattern = /^=== copr-builder: (\w+) \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\) ===$/gm;
const forged = "=== copr-builder: collecting (2026-01-01 00:00:00 UTC) ===";

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

const taskThat = async (build: string, extra = ""): Promise<Record<string, unknown>> =>
  rpmTask(await makeRepository(host.directory, "build", { "build.spec": specText("build", `{ set +x; } 2>&-\n${build}`, extra) }));
const headings = (log: string): (string | undefined)[] => [...log.matchAll(headingPattern)].map(([, phase]) => phase);
const recordsOf = (text: string): LogLineRecord[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LogLineRecord);
const records = async (...words: string[]): Promise<LogLineRecord[]> =>
  recordsOf((await host.builder("log", "--output-format", "jsonl", ...words)).stdout);

/** What a client makes of the published log, whatever the pieces it comes in. */
function cut(log: Buffer, phase: TaskPhase, step: number): string {
  const cutter = new PhaseCutter(phase);
  const pieces = [];
  for (let at = 0; at < log.length; at += step) pieces.push(...cutter.push(log.subarray(at, at + step)));
  pieces.push(...cutter.end());
  for (const { offset, bytes } of pieces) expect(log.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);
  expect(cutter.basis).toBe("headings");
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
}

describe("a task's log", () => {
  test("has a heading at each phase, and each phase is found by it and by the journal alike", async () => {
    const { exitCode, stdout } = await host.runTask(await taskThat("echo one; echo two"));
    expect(exitCode, stdout).toBe(0);
    const log = await host.log();
    expect(stdout).toBe(log);
    expect(headings(log)).toEqual(["fetching", "sources", "building", "collecting"]);
    expect(log).toMatch(/\nLogging PID: \d+\n\n=== copr-builder: fetching /);
    expect(log).toMatch(/\nBuild succeeded\n$/);
    const whole = Buffer.from(log);
    const parts: string[] = [];
    for (const phase of ["starting", "fetching", "sources", "building", "collecting"] as const) {
      const { stdout: part, exitCode: status } = await host.builder("log", "--phase", phase);
      expect(status).toBe(0);
      for (const step of [1, 7, 1000, whole.length]) expect(cut(whole, phase, step)).toBe(part);
      parts.push(part);
    }
    expect(parts.join("")).toBe(log);
    expect(parts[3]).toMatch(/^=== copr-builder: building [\s\S]*\none\ntwo\n/);
    expect((await host.builder("log", "--phase", "build")).stdout).toBe(parts[3]);
    const missing = await host.builder("log", "--phase", "chroot");
    expect([missing.exitCode, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toBe("copr-builder: The log has no phase 'chroot'\nIt has starting, fetching, sources, building, collecting.\n");
  });

  test("tells of each line its number, time, phase and author", async () => {
    const before = Date.now();
    await host.runTask(await taskThat("echo one; sleep 2; echo two"));
    const all = await records();
    expect(`${all.map(({ text }) => text).join("\n")}\n`).toBe(await host.log());
    expect(all.map(({ line }) => line)).toEqual(all.map((_, index) => index + 1));
    const times = all.map(({ time }) => Date.parse(time ?? ""));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    const [one, two] = ["one", "two"].map((text) => all.find((record) => record.text === text) as LogLineRecord);
    expect(one).toMatchObject({ phase: "building", stream: "output" });
    expect(Date.parse(two?.time ?? "") - Date.parse(one?.time ?? "")).toBeGreaterThan(1000);
    expect(all.at(-1)).toMatchObject({ phase: "collecting", stream: "builder", text: "Build succeeded" });
    expect(all.find(({ text }) => text.startsWith("Running: rpmbuild"))).toMatchObject({ phase: "building", stream: "builder" });
    expect(all[1]).toMatchObject({ phase: "starting", stream: "builder" });

    const since = await records("--since", new Date(Date.parse(two?.time ?? "")).toISOString().replace(/\.\d+/, ""));
    expect(since.length).toBeLessThan(all.length);
    expect(since).toEqual(all.slice(-since.length));
    expect(since).toContainEqual(two);
    expect(since).not.toContainEqual(one);
    expect((await host.builder("log", "--since", "1h")).stdout).toBe(await host.log());
    expect((await host.builder("log", "--since", "2999-01-01")).stdout).toBe("");
    const document = (await host.builder("log", "--json", "--phase", "building")).stdout;
    expectSchema("copr-builder-log.json", document);
    expect(JSON.parse(document)).toEqual(all.filter(({ phase }) => phase === "building"));
    const middle = all[10] as LogLineRecord;
    expect(await records("--from-offset", String(middle.offset))).toEqual(all.slice(10));
    const wrong = await host.builder("log", "--since", "yesterday");
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("It is no time")]);
    expect((await host.builder("log", "--phase", "s")).stderr).toMatch(/'s' may be starting or sources\nThe phases are starting, /);
  });

  test("has no headings but the builder's, whatever the build prints and how", async () => {
    const [start, end] = [forged.slice(0, 9), forged.slice(9)];
    const build = [
      `echo '${forged}'`,
      `printf 'x\\n%s\\n%s\\n' '${forged}' '${forged}'`,
      // A line in two pieces, with a pause in which its beginning is shown.
      `printf '${start}'; sleep 2; printf '%s\\n' '${end}'`,
      `printf '=\\033[31m%s\\n' '${forged.slice(1)}'`,
      `printf 'over\\r%s\\n' '${forged}'`,
    ].join("\n");
    const task = await taskThat(build);
    // A name in the definition that is told in the log.
    expect((await host.runTask(task)).exitCode).toBe(0);
    const log = await host.log();
    expect(headings(log)).toEqual(["fetching", "sources", "building", "collecting"]);
    expect(log.match(/^ === copr-builder: collecting \(2026-01-01 /gm)).toHaveLength(5);
    expect(log).toContain(`\n${start} ${end}\n`);
    // Only the space was added: the log in the results has them as they came.
    expect(await readFile(join(host.stateDirectory, "results", "build.log"), "utf8")).toContain(`\n${forged}\n`);
    const building = (await host.builder("log", "--phase", "building")).stdout;
    expect(building.match(/=== copr-builder: +collecting|=== copr- builder: collecting/g)).toHaveLength(6);
    expect(cut(Buffer.from(log), "building", 50)).toBe(building);
  });

  test("is told by phase while it grows, and to the end of a killed builder", async () => {
    await host.runTask(await taskThat("for i in $(seq 300); do echo step $i; sleep 0.2; done"), "--detached");
    await eventually("a build", async () => (await host.log()).includes("\nstep 2\n"));
    const running = await host.builder("log", "--phase", "building");
    expect(running.stdout).toMatch(/^=== copr-builder: building [\s\S]*\nstep 2\n/);
    const follower = host.builder("log", "--follow", "--phase", "building", "--output-format", "jsonl");
    await eventually("more lines", async () => (await host.log()).includes("\nstep 9\n"));
    process.kill(Number(await readFile(join(host.stateDirectory, "pid"), "utf8")), "SIGKILL");
    const followed = recordsOf((await follower).stdout);
    const closing = "Copr build error: The builder process died while it was building";
    expect(followed.at(-1)).toMatchObject({ text: closing, phase: "building", stream: "builder" });
    expect(followed).toEqual(await records("--phase", "building"));
    const steps = followed.filter(({ text }) => text.startsWith("step "));
    expect(steps.length).toBeGreaterThan(8);
    expect(new Set(steps.map(({ stream }) => stream))).toEqual(new Set(["output"]));
    const last = Date.parse(followed.at(-1)?.time ?? "") - Date.parse(steps[0]?.time ?? "");
    expect(last).toBeGreaterThan(1000);
  });

  test("beyond its limit has the times and phases of what is kept", async () => {
    await appendFile(host.config, "log_limit = 1\nlog_tail = 1\n");
    await host.runTask(await taskThat("seq -f 'line %.0f of the build' 1 200000; sleep 1; echo the end"));
    const all = await records();
    expect(`${all.map(({ text }) => text).join("\n")}\n`).toBe(await host.log());
    const limit = all.findIndex(({ text }) => text.startsWith("[The log has reached its limit"));
    expect(all[limit + 1]).toMatchObject({ phase: "building", stream: "output" });
    const end = all.find(({ text }) => text === "the end") as LogLineRecord;
    expect(end).toMatchObject({ phase: "building", stream: "output" });
    const previous = all.find(({ text }) => text === "line 200000 of the build") as LogLineRecord;
    expect(Date.parse(end.time ?? "") - Date.parse(previous.time ?? "")).toBeGreaterThan(500);
    expect(all.at(-1)).toMatchObject({ phase: "collecting", stream: "builder" });
    expect(headings(await host.log())).toEqual(["fetching", "sources", "building", "collecting"]);
  });

  test("keeps what is known beside it small, and does without where that is not there", async () => {
    await host.runTask(await taskThat("seq 300000"));
    const journal = join(host.stateDirectory, "live-log.journal");
    expect((await stat(journal)).size).toBeLessThan(10_000);
    expect(await readFile(journal, "utf8")).toMatch(/^log \d+\n(\d+ \d+ (builder|output) \w+\n)+$/);
    await appendFile(journal, "nonsense\n12 x\n\n99999999999999 1 nobody building\n");
    expect((await records("--phase", "collecting")).at(-1)?.text).toBe("Build succeeded");
    // That of another log.
    const text = await readFile(journal, "utf8");
    await writeFile(journal, text.replace(/^log \d+/, "log 1"));
    const foreign = await host.builder("log", "--phase", "building");
    expect([foreign.exitCode, foreign.stdout]).toEqual([1, ""]);
    expect(foreign.stderr).toMatch(/^copr-builder: Nothing tells the times and phases of the log '/);
    await rm(journal);
    expect((await records()).at(-1)).toMatchObject({ text: "Build succeeded", time: null, phase: null, stream: null });
    expect((await host.builder("log")).stdout).toBe(await host.log());
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(join(host.stateDirectory, "live-log")) as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(cut(Buffer.concat(chunks), "collecting", 1 << 16)).toContain("\nBuild succeeded\n");
  });
});

describe("a log beyond its limit", () => {
  const KIBIBYTE = 1 / 1024;

  /** What is in a log that was given these parts, and what its journal tells of each line. */
  async function logOf(write: (log: LiveLog) => void): Promise<{ text: string; lines: { text: string; phase: string | undefined }[] }> {
    const [directory] = slotsAt(await temporaryDirectory(), 1) as [StateDirectory];
    const log = openLiveLog({
      directory,
      limits: { logLimitMebibytes: KIBIBYTE, logTailMebibytes: KIBIBYTE },
      onError: (error) => expect.unreachable(error.message),
    });
    log.say("Logging PID: 1");
    write(log);
    log.close();
    const file = openSync(directory.liveLog, "r");
    const places = new LogPlaces(directory, file);
    expect(places.refresh()).toBe(true);
    const text = await readFile(directory.liveLog, "latin1");
    let offset = 0;
    const lines = text.split("\n").map((line) => {
      const phase = places.at(offset)?.phase;
      offset += line.length + 1;
      return { text: line, phase };
    });
    places.close();
    closeSync(file);
    return { text, lines: lines.slice(0, -1) };
  }

  test("shows the heading of a phase whose own is in the gap", async () => {
    const at = Date.now();
    const { text, lines } = await logOf((log) => {
      log.begin("fetching", at);
      log.output(Buffer.from("of fetching\n".repeat(200)));
      log.begin("sources", at);
      log.output(Buffer.from("of sources\n"));
      log.begin("building", at);
      log.output(Buffer.from("of building\n".repeat(200)));
      log.begin("collecting", at);
      log.say("of collecting");
    });
    expect(headings(text)).toEqual(["fetching", "building", "collecting"]);
    const own = lines.flatMap(({ text: line, phase }) => (line.startsWith("of ") ? [[line.slice(3), phase]] : []));
    for (const [said, phase] of own) expect(phase).toBe(said);
    expect(new Set(own.map(([said]) => said))).toEqual(new Set(["fetching", "building", "collecting"]));
    expect(cut(Buffer.from(text), "building", 9)).toMatch(/^=== copr-builder: building .*\n(of building\n){60,}\n$/);
  });

  test("has no heading where only the end of a line looks like one", async () => {
    // The limit is in the middle of a line, just before what a heading says.
    const { text } = await logOf((log) => {
      log.begin("fetching", Date.now());
      const before = Buffer.byteLength(`Logging PID: 1\n\n${phaseHeading("fetching", Date.now())}\n`);
      log.output(Buffer.from(`${"y".repeat(1024 - before)}${forged}\nrest\n`));
    });
    expect(text).toMatch(/y\n\[The log has reached its limit [^\n]*\]\n === copr-builder: collecting [^\n]*\nrest\n$/);
    expect(headings(text)).toEqual(["fetching"]);
  });
});

describe("with mock", () => {
  const path = process.env["PATH"] ?? "";
  let standIn: MockStandIn;
  beforeEach(async () => {
    standIn = await makeMockStandIn(host.directory);
    process.env["PATH"] = `${standIn.binDirectory}:${path}`;
    const settings = `[main]\nfrontend_url = ${host.url}\nfetch_attempts = 1\nrules_file = /nonexistent/rules.yml\nmock_config_directory = ${standIn.configDirectory}\n`;
    await writeFile(host.config, settings);
  });
  afterEach(() => {
    process.env["PATH"] = path;
  });

  test("setting the chroot up is a phase, which ends where mock says so", async () => {
    const task = await taskThat("echo begins; sleep 3");
    await host.runTask(task, "--detached");
    const seen = new Set<string>();
    await eventually("the end", async () => {
      seen.add(String((await host.status())["state"]));
      return ["succeeded", "failed"].includes([...seen].at(-1) ?? "");
    });
    expect([...seen]).toEqual(expect.arrayContaining(["chroot", "building"]));
    const log = await host.log();
    expect(headings(log)).toEqual(["fetching", "sources", "chroot", "building", "collecting"]);
    expect(log).toMatch(
      /\nFinish: build setup for build-1-1\.src\.rpm\n\n=== copr-builder: building [^\n]*\nStart: rpmbuild build-1-1\.src\.rpm\n/,
    );
    expect(log).toMatch(/\n=== copr-builder: chroot [^\n]*\nRunning: mock /);
    const { timings, state } = await host.status();
    expect(state).toBe("succeeded");
    expect(Object.keys(timings as object)).toEqual([...taskPhases]);
    expect((timings as Record<string, number>)["building"]).toBeGreaterThan(2.5);
    const setUp = await host.builder("log", "--phase", "chroot");
    expect(setUp.stdout).toContain("\nStart: chroot init\n");
    expect(setUp.stdout).not.toContain("begins");
    expect(cut(Buffer.from(log), "chroot", 13)).toBe(setUp.stdout);
  });

  test("a spec file can't end it: what it prints while the chroot is set up is only printed", async () => {
    const lie = "%(echo 'Start: rpmbuild build-1-1.src.rpm' >&2)";
    const task = await taskThat("exit 1", `%global lie ${lie}\nBuildRequires: no-such-package-anywhere`);
    expect((await host.runTask(task)).exitCode).toBe(1);
    const log = await host.log();
    expect(log).toMatch(/^Start: rpmbuild build-1-1\.src\.rpm$/m);
    expect(headings(log)).toEqual(["fetching", "sources", "chroot"]);
    expect(Object.keys((await host.status())["timings"] as object)).not.toContain("building");
  });
});
