import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isRunning, processesOfGroup, processesWithVariable, readProcess } from "../../../src/core/process/table.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A process of its own group that sleeps until the test has finished. */
function sleeper(file = "sleep", env: Record<string, string> = {}): number {
  const child = spawn(file, ["100"], { detached: true, stdio: "ignore", env: { PATH: process.env["PATH"], ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid as number;
}

test("a process is known by number, group, session and start", async () => {
  const pid = sleeper();
  const found = readProcess(pid);
  expect(found).toEqual({ pid, processGroup: pid, session: pid, startTime: expect.any(Number) });
  const uptime = Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
  // The kernel counts in hundredths.
  expect(Math.abs((found?.startTime ?? 0) / 100 - uptime)).toBeLessThan(10);
  expect(readProcess(process.pid)?.pid).toBe(process.pid);
});

test.each([") (", "a) S 1 1 1 (b", "x y", "(((", ")))", "new\nline"])("a program may be called %j", async (name) => {
  const file = join(await temporaryDirectory(), name);
  await copyFile("/bin/sleep", file);
  const pid = sleeper(file);
  await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/comm`, "utf8")).toContain(name.slice(0, 3)));
  expect(readProcess(pid)).toMatchObject({ pid, processGroup: pid, session: pid });
  expect(readProcess(pid)?.startTime).toBeGreaterThan(0);
});

test("a number that is not in use is no process", () => {
  expect([readProcess(2 ** 22 + 1), isRunning({ pid: 2 ** 22 + 1, startTime: 0 })]).toEqual([undefined, false]);
});

test("a zombie is dead", async () => {
  // The shell's child ends, and sleep, which the shell becomes, never asks for it.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 100"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  const before = readProcess(pid);
  expect(before).toMatchObject({ pid });
  await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/stat`, "utf8")).toContain(") Z "), 5000);
  expect(readProcess(pid)).toBeUndefined();
  expect(isRunning({ pid, startTime: before?.startTime ?? 0 })).toBe(false);
  expect(processesOfGroup(before?.processGroup ?? 0).map((process) => process.pid)).not.toContain(pid);
});

test("a number that was given to another process is not the same one", () => {
  const found = readProcess(sleeper());
  expect(found && isRunning(found)).toBe(true);
  expect(found && isRunning({ ...found, startTime: found.startTime - 1 })).toBe(false);
});

test("a group has its members and no others", async () => {
  const child = spawn("sh", ["-c", "sleep 100 & sleep 100 & echo; wait"], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const group = child.pid as number;
  onTestFinished(() => void process.kill(-group, "SIGKILL"));
  const other = sleeper();
  await once(child.stdout, "data");
  await vi.waitFor(() => expect(processesOfGroup(group)).toHaveLength(3));
  expect(processesOfGroup(group).map(({ pid }) => pid)).toContain(group);
  expect(processesOfGroup(group).map(({ pid }) => pid)).not.toContain(other);
});

test.each<[string, Record<string, string>, boolean]>([
  ["first", { MARK: "one", Z: "1" }, true],
  ["last", { A: "1", MARK: "one" }, true],
  ["after a variable whose name ends alike", { A_MARK: "one", MARK: "one" }, true],
  ["with a longer value", { MARK: "one more" }, false],
  ["with another name that ends alike", { A_MARK: "one" }, false],
  ["inside another value", { A: "MARK=one" }, false],
  ["not at all", {}, false],
])("a variable %s", async (_, variables, isFound) => {
  const mark = `one-${process.pid}-${Math.random()}`;
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value.replace("one", mark)]));
  const child = spawn("sleep", ["100"], { env: { ...env }, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  expect(processesWithVariable("MARK", mark).map(({ pid }) => pid)).toEqual(isFound ? [child.pid] : []);
});

test("a variable is found among bytes that are no text, and only in what is as young as was asked for", async () => {
  const mark = `${process.pid}-${Math.random()}`;
  const child = spawn("bash", ["-c", `export ODD=$'\\xff\\xfe' MARK=${mark} LAST=$'\\xe2'; exec sleep 100`], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await vi.waitFor(() => expect(processesWithVariable("MARK", mark).map(({ pid }) => pid)).toEqual([child.pid]), 5000);
  const { startTime = 0 } = readProcess(child.pid as number) ?? {};
  expect(processesWithVariable("MARK", mark, startTime)).toHaveLength(1);
  expect(processesWithVariable("MARK", mark, startTime + 1)).toEqual([]);
});

test("a group that is gone has no members", async () => {
  const child = spawn("true", { detached: true, stdio: "ignore" });
  await once(child, "exit");
  expect(processesOfGroup(child.pid as number)).toEqual([]);
});
