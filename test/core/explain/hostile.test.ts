import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainLog } from "../../../src/core/explain/explain.ts";
import { LogLines } from "../../../src/core/explain/log-lines.ts";
import { searchFor } from "../../../src/core/explain/needles.ts";
import { allRules } from "../../../src/core/explain/rules/index.ts";
import { explainText, framed, logOf } from "./framed.ts";

const before = "Executing(%build): /bin/bash -e /var/tmp/rpm-tmp.a\n+ make\n";
const after = "error: Bad exit status from /var/tmp/rpm-tmp.a (%build)\n";

describe("needles", () => {
  test("are found where a search of one after the other finds them", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "»"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "B", "C", "é", "»", "\n") }),
        (needles, text) => {
          const lines: number[][] = [];
          const reader = new LogLines(searchFor(needles));
          const take = ({ found }: { found: readonly number[] }) => lines.push([...new Set(found)].toSorted((one, other) => one - other));
          reader.push(Buffer.from(text), take);
          reader.flush(take);
          const shown = text.split("\n");
          if (shown.at(-1) === "") shown.pop();
          expect(lines).toEqual(
            shown.map((line) =>
              needles
                .flatMap((needle, index) => (line.toLowerCase().includes(needle) ? [index] : []))
                .toSorted((one, other) => one - other),
            ),
          );
        },
      ),
    );
  });
});

describe("lines", () => {
  test("are the same wherever the stream is cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("x", "é", "\n", " ", "+") }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const lines: string[] = [];
        const reader = new LogLines(searchFor(["x"]));
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size), (line) => lines.push(line.text()));
        reader.flush((line) => lines.push(line.text()));
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(lines).toEqual(expected);
      }),
    );
  });
});

describe("hostile logs", () => {
  test("any bytes give an explanation", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const { lines, tail } = await explainText(Buffer.concat([Buffer.from(before), bytes, Buffer.from(`\n${after}`)]));
        expect(lines.length).toBeLessThanOrEqual(5);
        expect(tail.length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 50 },
    );
  });

  /** Lines that are nearly what a pattern wants, over and over: whoever backtracks badly takes seconds for one. */
  test.each(allRules.map((rule) => [rule.name, rule] as const))(
    "%s takes no time for lines made against it",
    (_, { pattern, unless, follow, example, needles }) => {
      const seeds = [...[needles].flat(), ...example.split("\n").map((line) => line.replace(/^=> /, ""))];
      const fillers = ["a", " ", "/", "a ", ": ", "1", "::", "a:", "'", "- ", "\t", "%{", "a/b.c:1: "];
      const start = process.cpuUsage();
      for (const seed of seeds) {
        for (const filler of fillers) {
          const long = filler.repeat(4000 / filler.length);
          for (const line of [long + seed, seed + long, long.slice(0, 2000) + seed + long.slice(0, 2000)]) {
            const text = line.slice(0, 4096);
            for (const each of [pattern, unless, follow?.pattern]) each?.test(text);
          }
        }
      }
      // Not by the clock: other work on the machine must not count.
      const { user, system } = process.cpuUsage(start);
      const perLine = (user + system) / 1000 / (seeds.length * fillers.length * 3);
      expect(perLine).toBeLessThan(8);
    },
  );

  test("a line of 100 MB is known by its beginning, and what follows is still found", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "error: ");
    const log = {
      name: "build.log",
      *open() {
        yield Buffer.from(before);
        for (let count = 0; count < 100; count += 1) yield chunk;
        yield Buffer.from(`\na.c:1:2: error: expected ';'\nmake: *** [Makefile:1: a.o] Error 1\n${after}`);
      },
    };
    const { lines } = await explainLog([log]);
    expect(lines.map(({ line }) => line)).toEqual([4]);
  });

  test("a log of nothing but errors keeps few of them", async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `f${index}.c:1:2: error: number ${index}`).join("\n");
    const { lines } = await explainText(`${before}${text}\n${after}`);
    expect(lines[0]?.text).toBe("f0.c:1:2: error: number 0");
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  test("terminal control does not come out", async () => {
    const { lines } = await explainText(`${before}a.c:1:2: error: \u001b]0;title\u0007x \u001b[31mred\u001b[0m \u009b2J\n${after}`);
    expect(lines[0]?.text).toBe("a.c:1:2: error: x red ");
  });

  test("can be given up", async () => {
    const { text } = framed("=> x", "build");
    await expect(explainLog([logOf(text)], { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});
