import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boundLog, type LogLimits } from "../../src/builder/log/bounded-log.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";

const MEBIBYTE = 1024 * 1024;

describe("a task's log", () => {
  let host: BuilderHost;
  beforeEach(async () => {
    host = await startBuilderHost();
  });
  afterEach(() => host.close());

  const taskThat = async (build: string): Promise<Record<string, unknown>> =>
    rpmTask(await makeRepository(host.directory, "build", { "build.spec": specText("build", `{ set +x; } 2>&-\n${build}`) }));
  const rawLog = (): Promise<Buffer> => readFile(join(host.stateDirectory, "live-log"));

  test("beyond its limit keeps head and tail, with one line between", async () => {
    await appendFile(join(host.directory, "main.ini"), "log_limit = 1\nlog_tail = 2\n");
    const task = await taskThat("seq -f 'line %.0f of the build' 1 300000");
    const running = host.runTask(task);
    const follower = host.builder("log", "--follow");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(Buffer.byteLength(stdout)).toBeLessThan(3 * MEBIBYTE + 200);
    const lines = stdout.split("\n");
    const marker = lines.indexOf("[The log has reached its limit of 1 MiB; of what follows only the last 2 MiB are kept]");
    expect(lines.filter((line) => line.startsWith("[The log"))).toHaveLength(1);
    const steps = (part: readonly string[]): number[] =>
      part.flatMap((line) => (/^line (\d+) of the build$/.exec(line) ?? []).slice(1).map(Number));
    const [head, tail] = [steps(lines.slice(0, marker)), steps(lines.slice(marker))];
    expect(head.length).toBeGreaterThan(20_000);
    expect(head).toEqual(head.map((_, index) => index + 1));
    expect(tail.length).toBeGreaterThan(40_000);
    expect(tail.at(-1)).toBe(300_000);
    expect(tail).toEqual(tail.map((_, index) => 300_001 - tail.length + index));
    expect(lines[marker + 1]).toMatch(/^line \d+ of the build$/);
    expect(stdout).toMatch(/\nBuild succeeded\n$/);
    expect((await rawLog()).toString()).toBe(stdout);
    expect((await follower).stdout).toBe(stdout);
    // The log in the results is another one.
    expect((await readFile(join(host.stateDirectory, "results", "build.log"), "utf8")).match(/^line/gm)).toHaveLength(300_000);
  });

  test("that reaches its limit tells so at once", async () => {
    await appendFile(join(host.directory, "main.ini"), "log_limit = 1\nlog_tail = 1\n");
    await host.runTask(await taskThat("seq 300000; sleep 300"), "--detached");
    await eventually("the line at the limit", async () => (await host.log()).includes("\n[The log has reached its limit of 1 MiB; "));
    const before = await rawLog();
    await host.builder("cancel");
    const after = await rawLog();
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(after.toString()).toMatch(/\n300000\n[\s\S]*Copr build error: The task was canceled\n$/);
  });

  test("shows a line that waits for its end, in whole characters", async () => {
    // A backslash for the shell of a spec file, which rpm leaves alone.
    await host.runTask(await taskThat("printf 'asking \\303'; sleep 4; printf '\\251 and done\\n'; sleep 300"), "--detached");
    await eventually("the partial line", async () => /^asking $/m.test(await host.log()));
    expect((await rawLog()).subarray(-8).toString()).toBe("\nasking ");
    await eventually(
      "the rest",
      async () => (await host.log()).endsWith("\nasking é and done\n") || /\nasking é and done\n/.test(await host.log()),
    );
  });

  test("gives the builder's own words a line of their own", async () => {
    await host.runTask(await taskThat("printf 'no end'; sleep 300"), "--detached");
    await eventually("the partial line", async () => (await host.log()).endsWith("\nno end"));
    await host.builder("cancel");
    expect(await host.log()).toMatch(/\nno end\n !! Canceled => sending INT\n/);
  });

  test.each(["x", "-1", "1.5"])("a limit of %s is refused", async (value) => {
    await appendFile(join(host.directory, "main.ini"), `log_limit = ${value}\n`);
    const { exitCode, stderr } = await host.runTask(await taskThat("true"));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`The value of 'log_limit' in the configuration is not a whole number: ${value}`);
  });
});

describe("a bounded log", () => {
  const KIBIBYTE = 1 / 1024;
  const textOf = (limits: LogLimits, writes: readonly Uint8Array[]): string => {
    const got: Buffer[] = [];
    const log = boundLog(limits, (bytes) => {
      // Whatever is appended is whole text, so that the file is at any time.
      expect(Buffer.from(bytes).toString()).not.toContain("\ufffd");
      got.push(Buffer.from(bytes));
    });
    for (const bytes of writes) log.write(bytes);
    log.end();
    return Buffer.concat(got).toString();
  };
  const text = fc.array(fc.constantFrom("line\n", "é", "→", "😀", "x".repeat(50), `${"a longer line ".repeat(9)}\n`, "\n"), {
    maxLength: 150,
  });
  const inPieces = (bytes: Buffer, step: number): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => bytes.subarray(index * step, (index + 1) * step));

  test("keeps beginning and end of anything, whatever the pieces", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3000 }), (parts, step) => {
        const whole = parts.join("");
        const size = Buffer.byteLength(whole);
        const kept = textOf({ logLimitMebibytes: KIBIBYTE, logTailMebibytes: KIBIBYTE }, inPieces(Buffer.from(whole), step));
        if (size <= 1024) {
          expect(kept).toBe(whole);
          return;
        }
        const [head, tail, ...others] = kept.split(/(?<=^|\n)\[The log has reached .*\]\n/) as [string, string];
        expect(others).toEqual([]);
        expect(Buffer.byteLength(head)).toBeLessThanOrEqual(1025);
        expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(1024);
        expect(whole.startsWith(head) || whole.startsWith(head.slice(0, -1))).toBe(true);
        expect(whole.endsWith(tail)).toBe(true);
        if (size <= 2000) expect([head + tail, head.slice(0, -1) + tail]).toContain(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test("without a limit keeps all", () => {
    const whole = "0123456789\n".repeat(1000);
    expect(textOf({ logLimitMebibytes: 0, logTailMebibytes: KIBIBYTE }, inPieces(Buffer.from(whole), 100))).toBe(whole);
  });

  test("without a tail says that nothing more is kept", () => {
    const kept = textOf({ logLimitMebibytes: 1, logTailMebibytes: 0 }, inPieces(Buffer.from("0123456789\n".repeat(200_000)), 65_536));
    expect(kept).toMatch(/\n\[The log has reached its limit of 1 MiB; nothing more is kept\]\n$/);
  });

  test("keeps the end of a line longer than its tail", () => {
    const kept = textOf({ logLimitMebibytes: KIBIBYTE, logTailMebibytes: KIBIBYTE }, [Buffer.from(`${"é".repeat(5000)}\nend\n`)]);
    expect(kept).toMatch(/^é{512}\n\[The log has .*\]\né{509}\nend\n$/);
  });
});
