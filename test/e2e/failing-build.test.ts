import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeSrpm } from "../support/builder-host.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { expectSchema } from "../support/schemas.ts";
import { runOnTerminal } from "../support/terminal-run.ts";

// A real package that does not compile, from copr-cli build to why it failed.

const CHROOT = "fedora-43-x86_64";
const CAUSE = "main.c:1:18: error: ";
let directory: string;
let sandbox: Sandbox;
let srpm: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-failing-"));
  sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  await mkdir(join(directory, ".config"));
  await writeFile(join(directory, ".config", "copr"), sandbox.configText);
  srpm = await makeSrpm(directory, "broken", "echo 'int main(void) { retrun 0; }' > main.c\ngcc -c main.c");
  const { exitCode, stderr } = await copr("create", "prj", "--chroot", CHROOT);
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const words = (...options: string[]): string[] => [...bin.cli, "build", "prj", srpm, "--poll-interval", "1", ...options];
const copr = (...options: string[]): Promise<Outcome> => runProgram([...bin.cli, ...options], { cwd: directory, env: { HOME: directory } });

test("on a terminal: the board, the cause, and exit status 4", async () => {
  const run = await runOnTerminal(words(), { columns: 120, rows: 40, env: { HOME: directory } });
  const screen = run.screen.join("\n");
  expect(screen).toMatch(/✘ Build \d+ {2}broken 1-1 {2}failed/);
  expect(screen).toMatch(/ {2}✘ fedora-43-x86_64 {2}failed/);
  expect(screen).toMatch(/broken-1-1\S* failed in fedora-43-x86_64, in %build.*: compile-error\n/);
  expect(screen).toContain(CAUSE);
  expect(screen).toMatch(/More: copr-cli logs \d+ -r fedora-43-x86_64/);
  expect(screen).toMatch(/\n {2}Log: http:\S+\/fedora-43-x86_64\/\S+\/builder-live\.log\.gz\n/);
  expect([run.exit, run.isRestored, run.isCursorVisible]).toEqual([4, true, true]);
});

test("on a pipe: lines as upstream prints them, and exit status 4", async () => {
  const { exitCode, stdout, stderr } = await runProgram(words(), { env: { HOME: directory } });
  expect(stdout).toMatch(/\nWatching build\(s\): \(this may be safely interrupted\)\n( {2}\d\d:\d\d:\d\d Build \d+: \w+\n)+$/);
  expect(stderr).toMatch(/^\nBuild error: Build\(s\) \d+ failed\.\n$/);
  expect(exitCode).toBe(4);
});

test("as JSON: the builds at the end, the error on standard error", async () => {
  const { exitCode, stdout, stderr } = await runProgram(words("--json"), { env: { HOME: directory } });
  expectSchema("copr-cli-build.json", stdout);
  expect(JSON.parse(stdout)).toMatchObject({
    builds: [{ project: "demo/prj", package: "broken", version: "1-1", state: "failed", chroots: [{ name: CHROOT, state: "failed" }] }],
  });
  expectSchema("error", stderr);
  expect(JSON.parse(stderr)).toMatchObject({ error: { kind: "build", exit_code: 4 } });
  expect(exitCode).toBe(4);
});

test("as lines of JSON: what happens as it happens, and the cause; a killed client has told its build", async () => {
  const child = spawn(bin.cli[0], words("--output-format", "jsonl").slice(1), { env: { ...process.env, HOME: directory } });
  let told = "";
  child.stdout.on("data", (chunk) => {
    told += String(chunk);
    if (told.includes("running")) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  const [first] = told.split("\n");
  expectSchema("copr-cli-build.jsonl", first as string);
  const { event, build } = JSON.parse(first as string) as { event: string; build: number };
  expect(event).toBe("created");

  // Somebody else goes on to watch it.
  const watched = await copr("watch-build", String(build), "--poll-interval", "1", "--output-format", "jsonl");
  const events = watched.stdout.trimEnd().split("\n");
  for (const line of events) expectSchema("copr-cli-watch-build.jsonl", line);
  const all = events.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(all.at(-1)).toEqual({ event: "finished", build, state: "failed" });
  expect(all).toContainEqual(expect.objectContaining({ event: "state", chroot: CHROOT, state: "failed" }));
  const cause = all.find((one) => one["event"] === "cause") as { category: string; lines: { text: string }[] };
  expect(cause).toMatchObject({ build, chroot: CHROOT, phase: "build", category: "compile-error" });
  expect(cause.lines[0]?.text).toContain(CAUSE);
  expect(watched.exitCode).toBe(4);
});

test("explain, logs, get-build and download-build tell the same afterwards", async () => {
  const explained = await copr("explain", "1");
  expect(explained.stdout).toMatch(/^broken-1-1\S* failed in fedora-43-x86_64, in %build/);
  const json = await copr("explain", "1", "--json");
  expectSchema("copr-cli-explain.json", json.stdout);
  const line = await copr("explain", "1", "--output-format", "jsonl");
  expectSchema("copr-cli-explain.jsonl", line.stdout);

  const log = await copr("logs", "1", "--tail", "500");
  expect(log.stdout).toContain(CAUSE);
  const data = await copr("logs", "1", "--json");
  expectSchema("copr-cli-logs.json", data.stdout);
  const lines = (await copr("logs", "1", "--tail", "3", "--output-format", "jsonl")).stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  for (const one of lines) expectSchema("copr-cli-logs.jsonl", one);

  const build = await copr("get-build", "1", "--json");
  expectSchema("copr-cli-get-build.json", build.stdout);
  expect((await copr("get-build", "1")).stdout).toMatch(/^Build 1 of demo\/prj: broken-1-1\nfailed, submitted /);
  expectSchema("copr-cli-get-build.jsonl", (await copr("get-build", "1", "--output-format", "jsonl")).stdout);

  const fetched = await copr("download-build", "1", "--logs", "--dest", "out", "--output-format", "jsonl");
  expectSchema("copr-cli-download-build.jsonl", fetched.stdout);
  expectSchema("copr-cli-download-build.json", (await copr("download-build", "1", "--logs", "--dest", "out", "--json")).stdout);
  const local = await runProgram([...bin.cli, "explain", join(directory, "out", CHROOT), "--json"], { env: { HOME: "/nonexistent" } });
  expect(JSON.parse(local.stdout)).toMatchObject({ phase: "build", category: "compile-error", build: null });
});
