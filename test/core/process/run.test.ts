import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { CoprError } from "../../../src/core/errors.ts";
import { capture, type RunOptions, run } from "../../../src/core/process/run.ts";
import { pipeline } from "../../../src/core/process/pipeline.ts";
import { startDetached } from "../../../src/core/process/detached.ts";
import { endProcesses, sendSignal } from "../../../src/core/process/signals.ts";
import { processesWithVariable, readProcess } from "../../../src/core/process/table.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Who is held by what a script leaves behind waits for 100 s. */
const HELD_MS = 50_000;

/** Runs a shell script; what it printed, when, and how it ended. */
async function runScript(script: string, options: Partial<RunOptions> = {}) {
  const chunks: string[] = [];
  const start = Date.now();
  const ending = await run(["bash", "-c", script], { onOutput: (chunk) => chunks.push(chunk.toString()), ...options });
  return { ...ending, output: chunks.join(""), chunks, elapsedMs: Date.now() - start };
}

/** A variable that marks everything a test starts, so that leftovers can be found. */
function marked(): { env: Record<string, string>; leftovers: () => number[] } {
  const mark = `${process.pid}-${Math.random()}`;
  const find = () => processesWithVariable("TEST_MARK", mark);
  onTestFinished(() => {
    for (const found of find()) sendSignal(found, "SIGKILL");
  });
  return { env: { PATH: process.env["PATH"] ?? "", TEST_MARK: mark }, leftovers: () => find().map(({ pid }) => pid) };
}

describe("run", () => {
  test("standard output and error keep their order", async () => {
    const { output, exitCode, wasAborted } = await runScript("for n in $(seq 200); do echo out $n; echo err $n >&2; done");
    expect(output).toBe(Array.from({ length: 200 }, (_, index) => `out ${index + 1}\nerr ${index + 1}\n`).join(""));
    expect([exitCode, wasAborted]).toEqual([0, false]);
  });

  test("an expendable program is ended before us where memory is short, and so is what it starts", async () => {
    const ours = await readFile("/proc/self/oom_score_adj", "utf8");
    const script = "cat /proc/self/oom_score_adj; (cat /proc/self/oom_score_adj)";
    expect((await runScript(script)).output).toBe(ours.repeat(2));
    expect((await runScript(script, { isExpendable: true })).output).toBe("500\n500\n");
    expect(await readFile("/proc/self/oom_score_adj", "utf8")).toBe(ours);
  });

  test("output comes while the program runs", async () => {
    const seen: number[] = [];
    const start = Date.now();
    await run(["sh", "-c", "echo one; sleep 0.7; echo two"], { onOutput: () => seen.push(Date.now() - start) });
    expect(seen).toHaveLength(2);
    expect((seen[1] as number) - (seen[0] as number)).toBeGreaterThan(400);
  });

  test.each(["/dev/stdout", "/dev/stderr", "/proc/self/fd/1"])("the program can open %s", async (path) => {
    expect(await runScript(`echo before; echo opened > ${path}; echo after`)).toMatchObject({
      output: "before\nopened\nafter\n",
      exitCode: 0,
    });
  });

  test("all bytes of a large output arrive, as they are", async () => {
    let size = 0;
    const bytes = new Set<number>();
    const options = { onOutput: (chunk: Buffer) => void ((size += chunk.length), bytes.add(chunk[0] as number)) };
    expect(await run(["sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' '\\377'"], options)).toMatchObject({ exitCode: 0 });
    expect([size, [...bytes]]).toEqual([20_000_000, [255]]);
  });

  test("nothing is read from us, and no terminal is there", async () => {
    expect(await runScript("cat; test -t 1 || echo pipe")).toMatchObject({ output: "pipe\n" });
  });

  test("directory and environment are as asked for", async () => {
    const cwd = await temporaryDirectory();
    const { output } = await runScript("pwd; env", { cwd, env: { ONLY: "this", PATH: process.env["PATH"] ?? "" } });
    expect(output.split("\n")[0]).toBe(cwd);
    expect(output).toContain("\nONLY=this\n");
    expect(output).not.toContain("HOME=");
  });

  test("arguments are no shell's business", async () => {
    const chunks: Buffer[] = [];
    await run(["printf", "%s\n", "$(id)", ";x", "a b"], { onOutput: (chunk) => chunks.push(chunk) });
    expect(Buffer.concat(chunks).toString()).toBe("$(id)\n;x\na b\n");
  });

  test.each([
    ["exit 3", 3],
    ["exit 255", 255],
    ["kill -INT $$", 130],
    ["kill -KILL $$", 137],
    ["kill -TERM $$", 143],
    ["kill -SEGV $$", 139],
    ["kill -PIPE $$", 141],
    ["kill -USR1 $$", 138],
    ["kill -BUS $$", 135],
  ])("%s ends with %i", async (script, status) => {
    expect(await runScript(script)).toMatchObject({ exitCode: status, wasAborted: false });
  });

  test("a program that is not there is told in one sentence", async () => {
    const directory = await temporaryDirectory();
    const onOutput = () => undefined;
    await writeFile(join(directory, "text"), "");
    await expect(run(["no-such-program"], { onOutput })).rejects.toThrow("The program 'no-such-program' is not installed");
    // Where the user may not look into a directory of the search path, the system's own answer is another one.
    const env = { PATH: `${join(directory, "text")}:/bin` };
    await expect(run(["no-such-program"], { onOutput, env })).rejects.toThrow("The program 'no-such-program' is not installed");
    await mkdir(join(directory, "closed"), { mode: 0 });
    const closed = { PATH: `${join(directory, "closed")}:/usr/bin:/bin` };
    await expect(run(["no-such-program"], { onOutput, env: closed })).rejects.toThrow("The program 'no-such-program' is not installed");
    await expect(run([join(directory, "text")], { onOutput })).rejects.toThrow(`The program '${directory}/text' can't be executed`);
    await expect(run(["true"], { onOutput, cwd: join(directory, "none") })).rejects.toThrow(
      `Cannot start 'true': there is no directory '${directory}/none'`,
    );
    await expect(run(["no-such-program"], { onOutput })).rejects.toThrow(CoprError);
  });

  test("what stays behind in the group is ended", async () => {
    const { env, leftovers } = marked();
    const { output, elapsedMs } = await runScript("sleep 100 & (trap '' TERM; sleep 100) & echo done", { env });
    expect([output, leftovers()]).toEqual(["done\n", []]);
    expect(elapsedMs).toBeLessThan(HELD_MS);
  });

  test("what is left may finish its sentence", async () => {
    const { output } = await runScript("(sleep 0.3; echo late) & echo early");
    expect(output).toBe("early\nlate\n");
  });

  test("a daemon that holds the pipe does not hold us", async () => {
    const { env } = marked();
    const { output, exitCode, elapsedMs } = await runScript("setsid sleep 100 & echo done", { env });
    expect([output, exitCode]).toEqual(["done\n", 0]);
    expect(elapsedMs).toBeLessThan(HELD_MS);
  });

  test("no pipe and no file is left over", async () => {
    const before = (await readdir("/proc/self/fd")).length;
    // Pipes are made six at a time: after a multiple of it as many are to spare as before.
    for (let round = 0; round < 23; round += 1) await runScript("echo x");
    await expect(run(["no-such-program"], { onOutput: () => undefined })).rejects.toThrow("is not installed");
    await vi.waitFor(async () => expect((await readdir("/proc/self/fd")).length).toBeLessThanOrEqual(before));
  });
});

describe("capture", () => {
  test("gives both streams apart, whole", async () => {
    const result = await capture(["sh", "-c", "echo out; echo err >&2; exit 4"]);
    expect(result).toEqual({ exitCode: 4, wasAborted: false, stdout: Buffer.from("out\n"), stderr: Buffer.from("err\n") });
  });

  test("hands over input, and none when there is none", async () => {
    const input = Buffer.from([0, 255, 10]);
    expect((await capture(["cat"], { input })).stdout).toEqual(input);
    expect((await capture(["cat"])).stdout).toHaveLength(0);
  });

  test("a program that prints too much is ended", async () => {
    await expect(capture(["yes"], { maxBytes: 1000 })).rejects.toThrow("'yes' printed more than 1000 bytes");
    expect((await capture(["printf", "12345"], { maxBytes: 5 })).stdout.toString()).toBe("12345");
    await expect(capture(["printf", "123456"], { maxBytes: 5 })).rejects.toThrow(CoprError);
  });

  test.each(["sleep 100 & echo done", "setsid sleep 100 & echo done"])("%s does not hold us", async (script) => {
    const { env } = marked();
    const start = Date.now();
    expect((await capture(["bash", "-c", script], { env })).stdout.toString()).toBe("done\n");
    expect(Date.now() - start).toBeLessThan(HELD_MS);
  });

  test("an abort ends it", async () => {
    const result = await capture(["sleep", "100"], { signal: AbortSignal.timeout(200) });
    expect([result.exitCode, result.wasAborted]).toEqual([130, true]);
  });

  test("a program that is not there is told", async () => {
    await expect(capture(["no-such-program"])).rejects.toThrow("The program 'no-such-program' is not installed");
  });
});

describe("pipeline", () => {
  test.each([
    ["cat", "exit 0", 0],
    ["cat; exit 3", "cat", 3],
    ["cat", "cat; exit 4", 4],
    ["cat; exit 3", "exit 4", 3],
  ])("%s | %s ends with %i", async (first, second, status) => {
    const inputPath = join(await temporaryDirectory(), "input");
    await writeFile(inputPath, "input");
    expect(await pipeline(["sh", "-c", first], ["sh", "-c", `cat >/dev/null; ${second}`], { inputPath })).toBe(status);
  });

  test("bytes go through, whatever the names are", async () => {
    const directory = await temporaryDirectory();
    const [inputPath, output] = [join(directory, "x;touch PWNED;"), join(directory, "$(id).out")];
    await writeFile(inputPath, Buffer.alloc(3_000_000, "data"));
    expect(await pipeline(["cat"], ["tee", output], { inputPath, cwd: directory })).toBe(0);
    expect((await readFile(output)).equals(Buffer.alloc(3_000_000, "data"))).toBe(true);
    expect(await readdir(directory)).toHaveLength(2);
  });

  test.each([
    [["no-such-program"], ["cat"]],
    [["cat"], ["no-such-program"]],
  ])("%j | %j tells what is missing", async (first, second) => {
    const inputPath = join(await temporaryDirectory(), "input");
    await writeFile(inputPath, "x".repeat(1_000_000));
    await expect(pipeline(first, second, { inputPath })).rejects.toThrow("The program 'no-such-program' is not installed");
  });
});

describe("what goes on without us", () => {
  test("has a session of its own and our pipe", async () => {
    const { env, leftovers } = marked();
    const { pid, stdio } = await startDetached(["sh", "-c", "echo ready; exec sleep 100"], { env, stdio: ["ignore", "pipe", "ignore"] });
    const line = await new Promise((resolve) => stdio[1]?.once("data", resolve));
    expect([String(line), readProcess(pid)]).toEqual(["ready\n", expect.objectContaining({ pid, session: pid, processGroup: pid })]);
    expect(leftovers()).toEqual([pid]);
    await expect(startDetached(["no-such-program"], { stdio: ["ignore"] })).rejects.toThrow("is not installed");
  });

  test("is ended by TERM, and by KILL when it does not listen", async () => {
    const { env, leftovers } = marked();
    const options = { env, stdio: ["ignore", "pipe", "ignore"] as const };
    const { stdio } = await startDetached(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], options);
    await new Promise((resolve) => stdio[1]?.once("data", resolve));
    const find = () => leftovers().flatMap((pid) => readProcess(pid) ?? []);
    expect(find().length).toBeGreaterThan(0);
    expect(await endProcesses(find, { graceMs: 300 })).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  test("a signal never goes to another process with the same number", async () => {
    const { env } = marked();
    const { pid } = await startDetached(["sleep", "100"], { env, stdio: ["ignore", "ignore", "ignore"] });
    const startTime = readProcess(pid)?.startTime as number;
    expect([sendSignal({ pid, startTime: startTime - 1 }, "SIGKILL"), sendSignal({ pid, startTime }, "SIGCONT")]).toEqual([false, true]);
    expect(readProcess(pid)?.startTime).toBe(startTime);
  });
});
