import { describe, expect, test } from "vitest";
import { allRules } from "../../../src/core/explain/rules/index.ts";
import { explainText, framed } from "./framed.ts";

describe("the rules", () => {
  test("have names of their own", () => {
    const names = allRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  test.each(allRules.map((rule) => [rule.name, rule] as const))("%s explains its example", async (name, rule) => {
    const phase = rule.in ?? rule.phases?.[0];
    if (phase === undefined) throw new Error("the example is of no phase");
    const { text, name: file, line } = framed(rule.example, phase);
    expect(line, "a line of the example begins with '=> '").toBeGreaterThan(0);
    const explanation = await explainText(text, file);
    expect({ rule: explanation.rule, line: explanation.lines[0]?.line, text: explanation.lines[0]?.text }).toEqual({
      rule: name,
      line,
      text: text.split("\n")[line - 1],
    });
    expect(explanation.category).toBe(rule.category);
    expect(explanation.phase).toBe(rule.proves ?? phase);
    expect(explanation.lines.length).toBeLessThanOrEqual(5);
    expect(explanation.advice ?? "A sentence.").toMatch(/^\S[^\n]*\.$/);
    if (!text.includes("undefined")) expect(explanation.advice ?? "").not.toContain("undefined");
  });
});
