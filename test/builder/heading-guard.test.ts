import fc from "fast-check";
import { expect, test } from "vitest";
import { HeadingGuard } from "../../src/builder/log/heading-guard.ts";
import { headingMark, readPhaseHeading } from "../../src/core/text/phase-heading.ts";

const RUNS = Number(process.env["HEADING_RUNS"] ?? 3000);
const heading = `${headingMark}building (2026-01-01 00:00:00 UTC) ===`;

test("no line of others is a heading, and nothing else changes, wherever the bytes are cut", () => {
  const word = fc.constantFrom(
    heading,
    `${heading}\n`,
    headingMark,
    "=== copr-builder:",
    ...Array.from({ length: headingMark.length }, (_, length) => headingMark.slice(0, length + 1)),
    "building (2026-01-01 00:00:00 UTC) ===\n",
    "\n",
    "=",
    " ",
    "line\n",
    "é",
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      (words, cuts) => {
        const text = Buffer.from(words.join(""));
        const guard = new HeadingGuard();
        const passed: Buffer[] = [];
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const step = cuts[turn % cuts.length] as number;
          passed.push(Buffer.from(guard.take(text.subarray(at, at + step))));
          at += step;
        }
        const lines = Buffer.concat(passed).toString().split("\n");
        for (const line of lines) expect(readPhaseHeading(line)).toBeUndefined();
        const original = text.toString().split("\n");
        expect(lines).toHaveLength(original.length);
        for (const [index, line] of lines.entries()) {
          const before = original[index] as string;
          if (!before.startsWith(headingMark)) expect(line).toBe(before);
          else expect([line.length, line.replaceAll(" ", "")]).toEqual([before.length + 1, before.replaceAll(" ", "")]);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test("a line that the builder began is not taken for what came before", () => {
  const guard = new HeadingGuard();
  expect(guard.take(Buffer.from("=== copr")).toString()).toBe("=== copr");
  guard.beginLine();
  expect(guard.take(Buffer.from("-builder: x\n")).toString()).toBe("-builder: x\n");
  expect(guard.take(Buffer.from(`${heading}\n`)).toString()).toBe(` ${heading}\n`);
});
