import { readdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { machine } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distributionMacros, macroTarget } from "../../../../src/core/packaging/spec-evaluator/distribution-macros.ts";
import { logicalLines } from "../../../../src/core/packaging/spec-evaluator/logical-lines.ts";
import { readPreamble } from "../../../../src/core/packaging/spec-evaluator/preamble.ts";
import { capture } from "../../../../src/core/process/run.ts";

const directory = join(import.meta.dirname, "..", "..", "..", "fixtures", "specs");
const specs = (await readdir(directory)).filter((name) => name.endsWith(".spec"));
const distributions = ["fedora-43", "fedora-41", "fedora-eln", "epel-8", "epel-9", "epel-10", "opensuse-leap-15.6", "mageia-9"];

/** A macro of the machine: what it says can't be told without asking. */
const vendor = (await capture(["rpm", "--eval", "%{_vendor}"])).stdout.toString().trim();
const tags = { buildArchs: "BUILDARCHS", exclusiveArchs: "EXCLUSIVEARCH", excludeArchs: "EXCLUDEARCH" };

describe.each(specs)("rpm and we read %s alike", (name) => {
  test.each(distributions)("for %s", async (distribution) => {
    const macros = Object.entries({ ...distributionMacros(macroTarget(distribution)), _vendor: vendor });
    const path = join(directory, name);
    const ours = readPreamble(logicalLines(readFileSync(path, "latin1")), { macros, architecture: machine() });
    expect(ours).toEqual(await askRpm(path, macros));
  });
});

/** What rpm's own parser makes of a spec file with the same macros. */
async function askRpm(path: string, macros: ReturnType<typeof Object.entries<object | string>>): Promise<unknown> {
  const defines = macros.flatMap(([name, given]) => {
    const { parameters, body } = typeof given === "string" ? { parameters: undefined, body: given } : (given as Record<string, string>);
    return ["--define", `${name}${parameters === undefined ? "" : `(${parameters})`} ${body || "%{nil}"}`];
  });
  const format = ["%{NAME}", "%{EPOCH}", "%{VERSION}", "%{RELEASE}", ...Object.values(tags).map((tag) => `[%{${tag}} ]`)].join("|");
  const { exitCode, stdout, stderr } = await capture(["rpmspec", "--query", "--srpm", "--queryformat", format, ...defines, path]);
  expect(exitCode, stderr.toString()).toBe(0);
  const [name, epoch, version, release, ...lists] = stdout.toString().split("|");
  const read = Object.keys(tags).map((tag, index) => [tag, words(lists[index] ?? "", tag)]);
  return { name, epoch: epoch === "(none)" ? null : epoch, version, release, ...Object.fromEntries(read) };
}

/** A list with a macro that nobody knows is none, but for exclusions, of which the others are sure. */
function words(text: string, tag: string): string[] | undefined {
  const found = [...new Set(text.split(/\s+/).filter(Boolean))].sort();
  const known = found.filter((word) => !word.includes("%"));
  return known.length === found.length || tag === "excludeArchs" ? known : undefined;
}
