import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { run, type RunOptions } from "../../../src/core/process/run.ts";
import { readProcess } from "../../../src/core/process/table.ts";
import { eventually, processesMentioning } from "../../support/processes.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Runs a shell script on a terminal. */
async function runScript(script: string, options: Partial<RunOptions> = {}) {
  let output = "";
  const onOutput = (chunk: Buffer): void => void (output += chunk.toString());
  const ending = await run(["bash", "-c", script], { hasTerminal: true, onOutput, ...options });
  return { ...ending, output };
}

/** The same; aborted when it has printed `ready`. */
async function abortScript(script: string) {
  const controller = new AbortController();
  const signals: string[] = [];
  let output = "";
  const ending = await run(["bash", "-c", script], {
    hasTerminal: true,
    signal: controller.signal,
    onSignal: (name) => signals.push(name),
    onOutput(chunk) {
      output += chunk.toString();
      if (output.includes("ready")) controller.abort();
    },
  });
  return { ...ending, output, signals };
}

describe("a program on a terminal", () => {
  test("has one, but not for its standard files", async () => {
    const { output } = await runScript(
      "for fd in 0 1 2; do test -t $fd && echo $fd is a terminal; done; : </dev/tty && echo there is one; cat",
    );
    expect(output).toBe("there is one\n");
  });

  test("is the process we started, and gets no other files and signals than without", async () => {
    let pid = 0;
    const onStart = (started: number): void => void (pid = started);
    const script = "echo $$; grep SigIgn /proc/$$/status; exec ls /proc/self/fd";
    const without = await runScript(script, { hasTerminal: false, onStart });
    expect(without.output).toMatch(new RegExp(`^${pid}\n`));
    const { output } = await runScript(script, { onStart });
    expect(output).toBe(without.output.replace(/^.*/, String(pid)));
  });

  test.each([
    ["exit 3", 3],
    ["kill -INT $$", 130],
    ["kill -KILL $$", 137],
  ])("'%s' ends with %i", async (script, status) => {
    expect(await runScript(script)).toMatchObject({ exitCode: status, wasAborted: false });
  });

  test("that is not there is told in one sentence", async () => {
    const onOutput = (): void => undefined;
    await expect(run(["no-such-program"], { hasTerminal: true, onOutput })).rejects.toThrow(
      "The program 'no-such-program' is not installed",
    );
  });

  test("is interrupted once", async () => {
    const script = "count=0; trap 'count=$((count + 1))' INT; echo ready; for i in $(seq 20); do sleep 0.05; done; echo $count";
    expect(await abortScript(script)).toMatchObject({ output: "ready\n1\n", signals: ["INT"], wasAborted: true, exitCode: 0 });
  });

  test("is interrupted once more when it goes on", async () => {
    const script = "count=0; trap 'count=$((count + 1))' INT; echo ready; until [ $count = 2 ]; do sleep 0.1; done; exit 4";
    expect(await abortScript(script)).toMatchObject({ exitCode: 4, signals: ["INT", "INT"] });
  });

  test("is interrupted with its whole group", async () => {
    const script = "trap 'wait; exit 6' INT; (trap 'echo child; exit' INT; echo ready; while :; do sleep 0.1; done) & wait";
    expect(await abortScript(script)).toMatchObject({ output: "ready\nchild\n", exitCode: 6 });
  });

  test("that was aborted before its start ends at once", async () => {
    const ending = await run(["sleep", "100"], { hasTerminal: true, signal: AbortSignal.abort(), onOutput: () => undefined });
    expect(ending).toEqual({ exitCode: 130, wasAborted: true });
  });

  test("is interrupted when we are killed, and leaves nobody behind", async () => {
    const file = join(await temporaryDirectory(), "interrupted");
    const fixture = fileURLToPath(new URL("./fixtures/terminal-owner.ts", import.meta.url));
    const script = `trap 'echo yes > ${file}; exit' INT; echo ready $$; while :; do sleep 0.1; done`;
    const owner = spawn(process.execPath, ["--import", "tsx", fixture, script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(owner.stdout, "data")) as [Buffer];
    const pid = Number(line.toString().replace("ready ", ""));
    owner.kill("SIGKILL");
    await eventually("the script has ended", async () => readProcess(pid) === undefined);
    expect(await readFile(file, "utf8")).toBe("yes\n");
    await eventually("nobody is left", async () => (await processesMentioning(file)).length === 0);
  });
});
