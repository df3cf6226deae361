import { expect, test } from "vitest";
import type { SignsOfKill } from "../../src/builder/cost/cost-meter.ts";
import type { TaskCost } from "../../src/builder/cost/task-cost.ts";
import type { TaskCause } from "../../src/builder/state/status.ts";
import { shortageOf } from "../../src/builder/task/shortage.ts";

const GiB = 1024 ** 3;
const small = 0.1 * GiB;
const high = 7.6 * GiB;

const costOf = (peak: number): TaskCost => ({
  by: { cpu_seconds: "sampling", peak_memory: "sampling" },
  wall_seconds: 1,
  cpu_seconds: 1,
  peak_memory: peak,
  memory_limit: 8 * GiB,
  written: 0,
  largest: [{ pid: 7, name: "cc1plus", memory: peak }],
  phases: {},
});

const causeOf = (category: TaskCause["category"], text: string): TaskCause => ({
  phase: "build",
  category,
  lines: [{ file: "builder-live.log", line: 1, text }],
  advice: null,
  rule: "a-rule",
});

/** What a task is told to have lacked, whose kernel tells of no kill, or only of how many. */
function told(reason: string, cause: TaskCause | undefined, peak: number, isCounted = false): Promise<string | undefined> {
  const kills = ({ isSuspected }: SignsOfKill) => ({ isSure: isCounted && isSuspected, victims: [] });
  return shortageOf({ reason, cause, cost: costOf(peak), meter: { kills, disks: { tell: () => undefined } as never } });
}

const failed = "Build failed: rpmbuild ended with 1";
const killed = causeOf("out-of-memory", "g++: fatal error: Killed signal terminated program cc1plus");

test.each([
  [failed, killed, small, "cc1plus was killed; the build had 0.1 of 8 GiB"],
  [failed, killed, high, "cc1plus was killed, most likely by the kernel for want of memory; the build had 7.6 of 8 GiB"],
  [failed, causeOf("out-of-memory", "Killed"), small, "A program was killed; the build had 0.1 of 8 GiB"],
  ["Build failed: mock ended with 137", undefined, small, "mock was killed; the build had 0.1 of 8 GiB"],
  [
    "Build failed: rpmbuild ended with 137",
    undefined,
    high,
    "rpmbuild was killed, most likely by the kernel for want of memory; the build had 7.6 of 8 GiB",
  ],
  ["Build failed: the script ended with 137", undefined, small, "A program was killed; the build had 0.1 of 8 GiB"],
  [
    failed,
    causeOf("script-failed", "make: *** [Makefile:2: all] Error 137"),
    high,
    "A program was killed, most likely by the kernel for want of memory; the build had 7.6 of 8 GiB",
  ],
  [failed, causeOf("script-failed", "make: *** [Makefile:2: all] Error 1"), high, undefined],
  [failed, causeOf("script-failed", "make: *** [Makefile:137: all] Error 1"), small, undefined],
  [failed, causeOf("compile-error", "gcc: internal compiler error: Segmentation fault (program cc1plus)"), high, undefined],
  ["Build failed: rpmbuild ended with 1377", undefined, small, undefined],
  [failed, undefined, small, undefined],
])("%s, %o, %d bytes at most: %s", async (reason, cause, peak, expected) => {
  expect(await told(reason, cause, peak)).toBe(expected);
});

test.each([
  [failed, killed, small, "The kernel ended cc1plus for want of memory; the build had 0.1 of 8 GiB"],
  ["Build failed: mock ended with 137", undefined, small, "The kernel ended mock for want of memory; the build had 0.1 of 8 GiB"],
  [
    failed,
    causeOf("script-failed", "make: *** [all] Error 137"),
    small,
    "The kernel ended a program, most likely cc1plus, for want of memory; the build had 0.1 of 8 GiB",
  ],
  [failed, undefined, high, "The kernel ended a program, most likely cc1plus, for want of memory; the build had 7.6 of 8 GiB"],
  [failed, undefined, small, undefined],
])("where the kernel has counted one: %s, %o, %d bytes at most: %s", async (reason, cause, peak, expected) => {
  expect(await told(reason, cause, peak, true)).toBe(expected);
});

// Other tasks of the host may run in the same cgroup.
test.each([
  [undefined, "The kernel ended python3 for want of memory; the build had 0.2 of 8 GiB"],
  [causeOf("unknown", "error: Bad exit status"), "The kernel ended python3 for want of memory; the build had 0.2 of 8 GiB"],
  [causeOf("script-failed", "error: Bad exit status"), "The kernel ended python3 for want of memory; the build had 0.2 of 8 GiB"],
  [causeOf("compile-error", "x.c:1:1: error: no"), undefined],
  [causeOf("test-failure", "1 of 9 tests failed"), undefined],
])("of a kill that is known by the builder's cgroup alone, with the cause %o: %s", async (cause, expected) => {
  const python = { pid: 8, name: "python3", residentBytes: 0.2 * GiB, groupBytes: undefined };
  const kills = ({ isUnexplained }: SignsOfKill) => ({ isSure: false, victims: isUnexplained ? [python] : [] });
  const lacked = shortageOf({ reason: failed, cause, cost: costOf(small), meter: { kills, disks: { tell: () => undefined } as never } });
  expect(await lacked).toBe(expected);
});
