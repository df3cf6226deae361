import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface CaseResult {
  id: string;
  result: "passed" | "failed" | "skipped";
  diffs: string[];
}

const goldens = fileURLToPath(new URL("../goldens/", import.meta.url));
const families = readdirSync(join(goldens, "cases")).map((file) => {
  return JSON.parse(readFileSync(join(goldens, "cases", file), "utf8")) as { family: string; cases: { id: string }[] };
});

const directory = mkdtempSync(join(tmpdir(), "copr-goldens-"));
const results = new Map<string, CaseResult>();

beforeAll(async () => {
  const report = join(directory, "report.json");
  await replay(["--json", report]);
  for (const result of JSON.parse(readFileSync(report, "utf8")) as CaseResult[]) results.set(result.id, result);
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

for (const { family, cases } of families) {
  describe(`golden cases: ${family}`, () => {
    test.for(cases.map(({ id }) => id))("%s", (id, { skip }) => {
      const { result, diffs } = results.get(id) as CaseResult;
      if (result === "skipped") skip("needs a Kerberos login, or a tool that is not there");
      expect(diffs).toEqual([]);
      expect(result).toBe("passed");
    });
  });
}

/** It ends with status 1 when cases fail: those are told one by one. */
function replay(options: string[]): Promise<void> {
  const argv = ["replay.mjs", "--bin", `${process.execPath} ../../bin/copr-cli.js`, ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd: goldens, maxBuffer: 64 * 1024 * 1024 }, () => resolve());
  });
}
