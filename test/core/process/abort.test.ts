import { describe, test } from "vitest";
import { run } from "../../../src/core/process/run.ts";
import { processesWithVariable } from "../../../src/core/process/table.ts";

/** Aborts a script once it has printed `ready`; tells the signals, with the whole tens of seconds that had passed since, and the end. */
async function abortScript(script: string) {
  const controller = new AbortController();
  const mark = `${process.pid}-${Math.random()}`;
  const signals: string[] = [];
  let output = "";
  let began = 0;
  const ending = await run(["bash", "-c", script], {
    env: { PATH: process.env["PATH"] ?? "", TEST_MARK: mark },
    signal: controller.signal,
    onSignal: (name) => {
      // A timer of Node's may come a millisecond early; on a busy machine it comes late.
      signals.push(`${name} ${Math.floor((Date.now() - began + 20) / 10_000)}`);
    },
    onOutput: (chunk) => {
      output += chunk.toString();
      if (!output.includes("ready") || controller.signal.aborted) return;
      began = Date.now();
      controller.abort();
    },
  });
  return { ...ending, signals, output, leftovers: processesWithVariable("TEST_MARK", mark).length };
}

// The waits are real and long, so they run side by side.
describe.concurrent("an abort", () => {
  test("is INT first, which lets a program tidy up", async ({ expect }) => {
    const ended = await abortScript("trap 'echo tidied; exit 5' INT; echo ready; while :; do sleep 0.1; done");
    expect(ended).toEqual({ exitCode: 5, wasAborted: true, signals: ["INT 0"], output: "ready\ntidied\n", leftovers: 0 });
  });

  test("reaches the whole group", async ({ expect }) => {
    const ended = await abortScript(
      "trap 'wait; exit 6' INT; (trap 'echo child; exit' INT; echo ready; while :; do sleep 0.1; done) & wait",
    );
    expect(ended).toMatchObject({ exitCode: 6, wasAborted: true, signals: ["INT 0"], leftovers: 0 });
    expect(ended.output).toContain("child\n");
  });

  test("is TERM after 10 s", async ({ expect }) => {
    const ended = await abortScript("trap '' INT; trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done");
    expect(ended).toMatchObject({ exitCode: 7, wasAborted: true, signals: ["INT 0", "TERM 1"], leftovers: 0 });
  });

  test("is KILL after 20 s, whatever the program does", async ({ expect }) => {
    const ended = await abortScript("trap '' INT TERM; (while :; do sleep 0.1; done) & echo ready; while :; do sleep 0.1; done");
    expect(ended).toMatchObject({ exitCode: 137, wasAborted: true, signals: ["INT 0", "TERM 1", "KILL 2"], leftovers: 0 });
  });

  test("that came before the start ends the program at once", async ({ expect }) => {
    const ending = await run(["sleep", "100"], { signal: AbortSignal.abort(), onOutput: () => undefined });
    expect(ending).toEqual({ exitCode: 130, wasAborted: true });
  });

  test("that comes after the end changes nothing", async ({ expect }) => {
    const controller = new AbortController();
    const ending = await run(["true"], { signal: controller.signal, onOutput: () => undefined });
    controller.abort();
    expect(ending).toEqual({ exitCode: 0, wasAborted: false });
  });
});
