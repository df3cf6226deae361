import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Phase } from "../../../src/core/explain/rules/categories.ts";
import { explainText, framed } from "./framed.ts";

/**
 * Excerpts of failed builds, a file a family of tools: behind "## " the phase and the category, then the lines, with "=> "
 * before each that may be named as the cause.
 */
const directory = fileURLToPath(new URL("families/", import.meta.url));

/** Where writing the packages fails, rpmbuild reads files. */
const frameOf = (phase: string): Phase => (phase === "packaging" ? "files" : (phase as Phase));

function excerptsOf(file: string) {
  const text = readFileSync(`${directory}${file}`, "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .map((block) => {
      const [heading, ...lines] = block.trimEnd().split("\n");
      const [phase, category] = (heading as string).split(" ") as [string, string];
      const causes = lines.filter((line) => line.startsWith("=> ")).map((line) => line.slice(3));
      return { phase, category, causes, excerpt: lines.join("\n") };
    });
}

describe.each(readdirSync(directory))("%s", (file) => {
  const excerpts = excerptsOf(file);

  test("has a cause in every excerpt", () => {
    expect(excerpts.length).toBeGreaterThan(1);
    for (const { causes, excerpt } of excerpts) expect(causes, excerpt).not.toEqual([]);
  });

  test("is explained", async () => {
    const told = await Promise.all(
      excerpts.map(async ({ phase, category, causes, excerpt }) => {
        const { text, name } = framed(excerpt, frameOf(phase));
        const explanation = await explainText(text, name);
        const first = explanation.lines[0]?.text ?? "";
        return {
          wanted: [phase, category, causes.includes(first) ? first : causes[0]],
          got: [explanation.phase, explanation.category, first],
        };
      }),
    );
    expect(told.map(({ got }) => got)).toEqual(told.map(({ wanted }) => wanted));
  });
});

/** What a build and its tests print without harm, however it sounds. */
const lookAlikes = fileURLToPath(new URL("look-alikes/", import.meta.url));

describe.each(["build", "check"])("behind what only looks like a failure in %s", (phase) => {
  const harmless = readFileSync(`${lookAlikes}${phase}.txt`, "utf8");
  const progress = Array.from({ length: 30 }, (_, index) => `part ${index} of 30\n`).join("");

  test("the cause is found", async () => {
    const excerpts = readdirSync(directory)
      .flatMap(excerptsOf)
      .filter((each) => each.phase === phase);
    const wrong: string[] = [];
    for (const { causes, excerpt } of excerpts) {
      const { text, name } = framed(`${harmless}${progress}${excerpt}`, phase as Phase);
      const { lines } = await explainText(text, name);
      if (!causes.includes(lines[0]?.text ?? "")) wrong.push(`${lines[0]?.text} instead of ${causes[0]}`);
    }
    expect(wrong).toEqual([]);
  });

  test("nothing is a cause", async () => {
    const { text, name } = framed(`${harmless}${progress}+ ./frobnicate\nall frobs were frobnicated`, phase as Phase);
    expect((await explainText(text, name)).lines).toEqual([]);
  });
});
