import { expect, test } from "vitest";
import { run } from "../../src/core/process/run.ts";
import { readProcess } from "../../src/core/process/table.ts";
import { markVariable } from "../../src/builder/task/environment.ts";
import { endTaskProcesses } from "../../src/builder/task/leftovers.ts";
import { eventually } from "../support/processes.ts";

/** Ends a script that counts its interrupts and goes by TERM; resolves to the count. Nobody is killed, so no terminal presses Ctrl-C. */
async function interruptsOf(hasTerminal: boolean): Promise<string> {
  const mark = `${process.pid}-${Math.random()}`;
  let output = "";
  let pid = 0;
  const script = "count=0; trap 'count=$((count + 1))' INT; trap 'echo $count; exit' TERM; echo ready; while :; do sleep 0.1; done";
  const running = run(["bash", "-c", script], {
    hasTerminal,
    env: { PATH: process.env["PATH"] ?? "", [markVariable]: mark },
    onStart: (started) => void (pid = started),
    onOutput: (chunk) => void (output += chunk.toString()),
  });
  await eventually("the script runs", () => output === "ready\n");
  const program = { process_group: pid, start_time: readProcess(pid)?.startTime ?? 0, has_terminal: hasTerminal };
  expect(await endTaskProcesses({ mark, program, pid_start_time: 0 }, { isGentle: true })).toEqual([]);
  await running;
  // Before it the shell may tell of its sleep's end.
  return output.trim().split("\n").at(-1) ?? "";
}

// The waits for an answer to INT are real.
test.concurrent.each([
  [false, "1"],
  [true, "0"],
])("a killed builder's program is interrupted by its terminal or by us, never by both: %s", async (hasTerminal, count) => {
  expect(await interruptsOf(hasTerminal)).toBe(count);
});
