import { expect, test } from "vitest";
import { describe as lineOf, type Finding, verdict } from "../../bench/promise.ts";

const finding = (rounds: number[], bound: Partial<Finding>): Finding => ({ what: "x", rounds, detail: "d", ...bound });

test.each<[number[], Partial<Finding>, ReturnType<typeof verdict>]>([
  [[1, 1.1, 1.2], { atMost: 1.15 }, "kept"],
  [[1.3, 1.31, 1.32], { atMost: 1.15 }, "BROKEN"],
  // The rounds agree, though the best one was just within.
  [[1.14, 1.18, 1.2], { atMost: 1.15 }, "BROKEN"],
  // They don't, and the best one was within.
  [[1, 1.3, 1.5], { atMost: 1.15 }, "spoiled"],
  // They don't, and the best one was closer to the bound than they are to each other.
  [[1.2, 1.6, 1.9], { atMost: 1.15 }, "spoiled"],
  // They don't, but even the best one was far beyond.
  [[2, 2.2, 2.5], { atMost: 1.15 }, "BROKEN"],
  [[0.8, 0.9, 1.05], { atLeast: 1 }, "spoiled"],
  [[0.8, 0.85, 0.9], { atLeast: 1 }, "BROKEN"],
  [[0.99, 1.01, 1.2], { atLeast: 1 }, "kept"],
  [[3], { atMost: 2 }, "BROKEN"],
])("rounds of %j with %j: %s", (rounds, bound, expected) => {
  expect(verdict(finding(rounds, bound))).toBe(expected);
});

test("a spoiled figure says why", () => {
  expect(lineOf(finding([1, 1.3, 1.5], { atMost: 1.15 }))).toBe(
    "spoiled  x: 1.30 (promised at most 1.15, rounds 1.00 to 1.50; d; the rounds differ too much to judge: other work on this machine)",
  );
});
