import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { bytesOf, bytesText, parseBytes, secondsText } from "../../src/builder/cost/amounts.ts";
import { costTable } from "../../src/builder/cost/cost-table.ts";
import { type Grown, Growth } from "../../src/builder/cost/growth.ts";
import { ReapedAccount, type Used } from "../../src/builder/cost/reaped-account.ts";
import { grantFor, parseTaskRules } from "../../src/builder/host/task-rules.ts";
import { type ProcessUsage, readUsage } from "../../src/core/process/usage.ts";
import { eventually } from "../support/processes.ts";

const BUILDER = 10;
const INIT = 1;
const used = (parent: number, own: number, reaped = 0, startTime = 1): Used => ({ parent, own, reaped, startTime });

describe("the account of what processes use", () => {
  const open = (): ReapedAccount => new ReapedAccount(BUILDER, 5, 0.05);

  test("counts a process once: while it runs, and when it was waited for", () => {
    const account = open();
    account.update(5, new Map([[20, used(BUILDER, 3)]]));
    expect(account.total).toBe(3);
    account.update(
      5,
      new Map([
        [20, used(BUILDER, 4)],
        [21, used(20, 2)],
      ]),
    ); // prettier-ignore
    expect(account.total).toBe(6);
    // 21 was waited for by 20, having used a little more; then 20 by the builder.
    account.update(5, new Map([[20, used(BUILDER, 4, 2.5)]]));
    expect(account.total).toBe(6.5);
    account.update(5 + 6.5, new Map());
    expect(account.total).toBe(6.5);
  });

  test("keeps what nobody of the task has waited for", () => {
    const account = open();
    account.update(
      5,
      new Map([
        [20, used(BUILDER, 1)],
        [30, used(INIT, 7)],
        [21, used(20, 2)],
      ]),
    ); // prettier-ignore
    // The daemon is gone, and 20 threw its child away, as programs do that ignore SIGCHLD.
    account.update(5, new Map([[20, used(BUILDER, 1.5)]]));
    expect(account.total).toBe(10.5);
    account.update(6.5, new Map());
    expect(account.total).toBe(10.5);
  });

  test("sees what a whole family that is gone has left to the builder", () => {
    const account = open();
    account.update(
      5,
      new Map([
        [20, used(BUILDER, 1)],
        [21, used(20, 2)],
        [22, used(21, 4)],
      ]),
    ); // prettier-ignore
    account.update(5 + 7, new Map());
    expect(account.total).toBe(7);
  });

  test("takes a number that was used again for another process", () => {
    const account = open();
    account.update(5, new Map([[20, used(BUILDER, 9)]]));
    account.update(5 + 9, new Map([[20, used(BUILDER, 1, 0, 2)]]));
    expect(account.total).toBe(10);
  });
});

test("the growth of a process is told with the name of the program that it is now, and never for another of its number", async () => {
  const script = String.raw`import sys; x = bytearray(30_000_000); open("/proc/self/comm", "w").write("a\x1b[1m\nb"); print(1, flush=True); sys.stdin.read()`;
  const child = spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  await once(child.stdout, "data");
  const { pid, startTime } = readUsage(child.pid as number) as ProcessUsage;
  const told: Grown[] = [];
  const others: Grown[] = [];
  new Growth((grown) => others.push(grown)).follow({ pid, startTime: startTime - 1 }, 0);
  new Growth((grown) => told.push(grown)).follow({ pid, startTime }, 0);
  await eventually("it has grown", async () => told.length > 0);
  expect(told[0]).toMatchObject({ pid, name: "a b" });
  expect(told[0]?.bytes).toBeGreaterThan(30_000_000);
  expect(others).toEqual([]);
});

test("amounts for people", () => {
  const MiB = 1024 ** 2;
  expect([0, 999, 1024, 1024 * 1023.99, 200 * MiB, 8192 * MiB].map(bytesText)).toEqual([
    "0 B",
    "999 B",
    "1 KiB",
    "1 MiB",
    "200 MiB",
    "8 GiB",
  ]);
  expect([bytesOf(7.6 * 1024 * MiB, 8192 * MiB), bytesOf(MiB, 8192 * MiB), bytesOf(0, MiB)]).toEqual([
    "7.6 of 8 GiB",
    "1 MiB of 8 GiB",
    "0 of 1 MiB",
  ]);
  expect([0, 0.26, 59.94, 59.96, 3599.6, 86_400].map(secondsText)).toEqual(["0 s", "0.3 s", "59.9 s", "1:00", "1:00:00", "24:00:00"]);
  expect(["8 GiB", "8G", "0.5 KiB", "1024", " 64MB ", "8 Gi", "", "-1", "1e9", "8 GiB x"].map(parseBytes)).toEqual([
    8 * 1024 ** 3,
    8 * 1024 ** 3,
    512,
    1024,
    64 * MiB,
    ...Array.from({ length: 5 }, () => undefined),
  ]);
});

test("the table of a task's cost", () => {
  const usage = { wall_seconds: 0.1, cpu_seconds: 0, peak_memory: null, written: 0, largest: [] };
  const building = {
    wall_seconds: 61,
    cpu_seconds: 110.2,
    peak_memory: 812 * 1024 ** 2,
    written: 41_000_000,
    largest: ["cc1plus", "cc1plus", "make", "sh"].map((name, at) => ({ pid: at, name, memory: (400 - 100 * at) * 1024 ** 2 })),
  };
  const by = { cpu_seconds: "cgroup", peak_memory: "sampling" } as const;
  const table = costTable({ ...building, by, memory_limit: 1, phases: { fetching: usage, building } });
  expect(table).toBe(
    [
      "Cost       time   CPU   memory   written  largest at the peak",
      "fetching  0.1 s   0 s        -       0 B",
      "building   1:01  1:50  812 MiB  39.1 MiB  cc1plus 400 MiB, cc1plus 300 MiB, make 200 MiB",
      "all        1:01  1:50  812 MiB  39.1 MiB  (CPU by cgroup, memory by sampling)",
    ].join("\n"),
  );
});

describe("rules for tasks", () => {
  const wrong = (what: string): Error => new Error(what);
  const task = { tags: ["big", "arch_x86_64"], project_owner: "@webkit", package_name: "webkit-gtk" };

  test("give what fits, the last one wins, options add up", () => {
    const rules = parseTaskRules(
      [
        { memory: "8 GiB", mock_options: ["--one"] },
        {
          tags: ["big"],
          owner: "@web*",
          package: "webkit*",
          memory: 64 * 1024 ** 2,
          cpu_weight: 200,
          time_limit: 9,
          mock_options: ["--two", "x"],
        },
        { tags: ["big", "other"], memory: "1 GiB" },
        { owner: "webkit", cpu_weight: 1 },
        { package: "webkit", cpu_weight: 1 },
      ],
      wrong,
    );
    expect(grantFor(rules, task)).toEqual({ memory: 64 * 1024 ** 2, cpuWeight: 200, timeLimit: 9, mockOptions: ["--one", "--two", "x"] });
    expect(grantFor(rules, { ...task, tags: [], package_name: null })).toEqual({ memory: 8 * 1024 ** 3, mockOptions: ["--one"] });
    expect(grantFor(parseTaskRules(undefined, wrong), task)).toEqual({});
  });

  test.each([
    ["a text", "task_rules must be a list"],
    [["a"], "entry 1 of task_rules must be keys with values"],
    [[{}, { memory_max: 1 }], /^entry 2 of task_rules has a key 'memory_max' that is not known; there are tags, owner, package, memory, /],
    [[{ toString: 1 }], /^entry 1 of task_rules has a key 'toString' that is not known/],
    [[{ memory: "much" }], /^memory in entry 1 of task_rules must be an amount of memory such as 8 GiB/],
    [[{ memory: "1 KiB" }], /^memory in entry 1/],
    [[{ cpu_weight: 0 }], /^cpu_weight in entry 1 of task_rules must be a whole number from 1 to 10000$/],
    [[{ time_limit: 1.5 }], /^time_limit in entry 1/],
    [[{ mock_options: ["sh"] }], /^mock_options in entry 1 of task_rules must be a list of words, the first an option$/],
    [[{ mock_options: "--x" }], /^mock_options in/],
    [[{ tags: "big" }], /^tags in/],
  ])("that are not understood are an error: %j", (rules, message) => {
    expect(() => parseTaskRules(rules, wrong)).toThrow(message);
  });
});
