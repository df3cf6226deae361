import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../support/processes.ts";
import { bin, runProgram } from "../support/program.ts";

const [node, program] = bin.loggify as [string, string];

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** The filter, with its ends in the test's hands. */
function start() {
  const child = spawn(node, [program], { stdio: ["pipe", "pipe", "pipe"] });
  children.push(child);
  const shown = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (shown.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (shown.stderr += String(chunk)));
  child.stdin.on("error", () => undefined);
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, shown, closed };
}

const highestMemory = (pid: number | undefined): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;

test("terminal control is taken out, everything else stays; arguments mean nothing", async () => {
  const stdin = "\u001b[31mred\u001b[0m é\t→\r\n10%\r100%\nlast line without an end";
  const { exitCode, stdout, stderr } = await runProgram([node, program, "--help", "x"], { stdin });
  expect([exitCode, stdout, stderr]).toEqual([0, "red é\t→\n100%\nlast line without an end", ""]);
});

test("nothing in, nothing out", async () => {
  expect(await runProgram([node, program])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("a line goes on at once, a partial one soon, a character whole", async () => {
  const { child, shown, closed } = start();
  child.stdin.write("first\nhal");
  await eventually("the first line", () => shown.stdout === "first\n");
  await eventually("the partial line", () => shown.stdout === "first\nhal");
  child.stdin.write(Buffer.of(0x66, 0xc3));
  await eventually("its next character", () => shown.stdout === "first\nhalf");
  child.stdin.write(Buffer.of(0xa9, 0x0a));
  await eventually("its end", () => shown.stdout === "first\nhalfé\n");
  child.stdin.end();
  expect(await closed).toBe(0);
});

test("a bar that moves is not shown, one that stands still is", async () => {
  const { child, shown, closed } = start();
  const timer = setInterval(() => child.stdin.write("\r10%\r20%"), 100);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  clearInterval(timer);
  expect(shown.stdout).toBe("");
  await eventually("the state where it stands still", () => shown.stdout === "20%");
  child.stdin.end("\r100%\n");
  expect(await closed).toBe(0);
  expect(shown.stdout).toBe("20%\n100%\n");
});

test("a reader that goes away is no error, and ends the work", async () => {
  const { exitCode, stdout, stderr } = await runProgram(["bash", "-c", 'yes | "$@" | head -n 1', "bash", node, program]);
  expect([exitCode, stdout, stderr]).toEqual([0, "y\n", ""]);
});

test("a full disk is one sentence", async () => {
  const { exitCode, stderr } = await runProgram(["bash", "-c", 'echo text | "$@" >/dev/full', "bash", node, program]);
  expect([exitCode, stderr]).toEqual([1, "copr-rpmbuild-loggify: Cannot filter the log: no space left on the disk\n"]);
});

test.each([
  ["text without a line end", "x", "x".repeat(64 * 1024)],
  ["a string without an end", "\u001b]52;c;", "A".repeat(64 * 1024)],
  ["escapes", "", "\u001b".repeat(64 * 1024)],
  ["a progress bar without a line end", "", "\r10% [===>       ]".repeat(4000)],
  ["first bytes without their second", "", Buffer.alloc(64 * 1024, 0xc2)],
])("300 MB of %s, and a reader that takes its time: memory stays small", async (_, opening, block) => {
  const { child, closed } = start();
  child.stdout.removeAllListeners("data");
  child.stdin.write(opening);
  const bytes = Buffer.from(block as string);
  let sent = 0;
  let highest = 0;
  let hasPaused = false;
  child.stdout.resume();
  while (sent < 300_000_000) {
    sent += bytes.length;
    const isTaken = child.stdin.write(bytes);
    if (!hasPaused && sent > 100_000_000) {
      hasPaused = true;
      child.stdout.pause();
      setTimeout(() => child.stdout.resume(), 1000);
    }
    if (!isTaken) await new Promise((resolve) => child.stdin.once("drain", resolve));
    highest = Math.max(highest, highestMemory(child.pid));
  }
  child.stdin.end();
  expect(await closed).toBe(0);
  expect(highest).toBeGreaterThan(20 * 1024 * 1024);
  expect(highest).toBeLessThan(200 * 1024 * 1024);
});
