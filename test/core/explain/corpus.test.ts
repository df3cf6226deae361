import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { explainLog } from "../../../src/core/explain/explain.ts";
import type { Explanation } from "../../../src/core/explain/explanation.ts";
import type { Category, Phase } from "../../../src/core/explain/rules/categories.ts";
import { logOf } from "./framed.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

function explain(name: string): Promise<Explanation> {
  const directory = `${fixtures}${name}/`;
  return explainLog(readdirSync(directory).map((file) => logOf(readFileSync(`${directory}${file}`), file)));
}

/** The phase, the category, and what the first line says. */
type Expected = [phase: Phase | null, category: Category | null, first: string | null];

const cases: Record<string, Expected> = {
  "parallel-make": ["build", "compile-error", "mod23.c:2:39: error: 'struct session' has no member named 'handel'; did you mean 'handle'?"],
  "harmless-probe": ["build", "compile-error", "part7.c:12:3: error: too few arguments to function 'open_part'"],
  "config-log": ["build", "missing-dep-configure", "configure: error: libfrob is required to build this package"],
  "root-log": ["builddeps", "dep-missing", "DEBUG util.py:459:  No match for argument: python3dist(frobnicate) >= 2"],
  "generated-requirement": [
    "generate-buildrequires",
    "dep-missing",
    "DEBUG util.py:459:  No match for argument: python3dist(frobnicate) >= 2",
  ],
  "generated-live": ["generate-buildrequires", "dep-missing", "No match for argument: python3dist(frobnicate) >= 2"],
  german: ["build", "compile-error", "util.c:1:29: Fehler: »ratio« nicht deklariert (erste Benutzung in dieser Funktion)"],
  french: ["build", "missing-command", "/var/tmp/rpm-tmp.k3Jq9Z: ligne 31: gtkdocize : commande introuvable"],
  times: ["check", "test-failure", "[  108s] \t  2 - names (Failed)"],
  koji: ["install", "install-missing-file", "BUILDSTDERR: cp: cannot stat 'share/icons': No such file or directory"],
  "odd-bytes": ["build", "compile-error", "util.c:2:33: error: stray '\\351' in program \ufffd"],
  retried: ["files", "files-unpackaged", "error: Installed (but unpackaged) file(s) found:"],
  "no-cause": ["build", "unknown", null],
  succeeded: [null, null, null],
  truncated: ["build", "compile-error", "error[E0432]: unresolved import `frob::nicate`"],
  "truncated-without-cause": [null, null, null],
  obs: ["chroot-setup", "infrastructure", "[   57s] error: error reading from file .init_b_cache/frob-lenses.rpm"],
  "obs-expansion": ["builddeps", "dep-conflict", "[    4s]   nothing provides frob-tools = 10.1.2 needed by frob-block"],
  "obs-unresolvable": ["builddeps", "dep-missing", "[    5s]   nothing provides cmake(Frob) >= 6.8"],
  "generated-crate": [
    "generate-buildrequires",
    "dep-missing",
    "DEBUG util.py:459:  Problem: nothing provides requested (crate(frob/default) >= 0.4.17 with crate(frob/default) < 0.5.0~)",
  ],
  fedpkg: ["sources", "source-download", "Could not execute local: Server returned status code 404"],
  "source-task": ["sources", "source-download", "Downloading https://fonts.example.com/archive/x-3.0.zip failed: HTTP Error 410: Gone"],
  "maven-rpm": [
    "install",
    "missing-command",
    "[INFO] /usr/lib/rpm/brp-python-bytecompile: line 38: /usr/bin/python2.6: No such file or directory",
  ],
  backend: [
    "infrastructure",
    "infrastructure",
    "[2026-01-30 06:54:15,752][ ERROR][PID:37] Backend process error: Too many connection failures, builder is gone",
  ],
};

describe("builds that failed, and some that did not", () => {
  test("are all here", () => {
    expect(readdirSync(fixtures).toSorted()).toEqual(Object.keys(cases).toSorted());
  });

  test.each(Object.entries(cases))("%s", async (name, [phase, category, first]) => {
    const explanation = await explain(name);
    expect([explanation.phase, explanation.category, explanation.lines[0]?.text ?? null]).toEqual([phase, category, first]);
    expect(explanation.lines.length).toBeLessThanOrEqual(5);
    for (const { file, line, text } of explanation.lines) {
      const original = readFileSync(`${fixtures}${name}/${file}`, "utf8").split("\n")[line - 1] ?? "";
      expect(original.includes(text) || name === "odd-bytes").toBe(true);
    }
  });

  test("without a cause, the last lines of the phase are told as such", async () => {
    const { lines, tail, rule, advice } = await explain("no-cause");
    expect({ lines, rule, advice }).toEqual({ lines: [], rule: null, advice: null });
    expect(tail.map(({ text }) => text)).toEqual([
      "+ cd /builddir/build/BUILD",
      "+ ./frobnicate --all",
      "stage one",
      "stage two",
      "last words",
    ]);
  });

  test("where lines have times, the phase has a length", async () => {
    expect((await explain("times")).phaseSeconds).toBe(10);
    expect((await explain("koji")).phaseSeconds).toBeNull();
  });

  test("the facts name the thing", async () => {
    expect((await explain("french")).facts).toEqual({ command: "gtkdocize" });
    expect((await explain("french")).advice).toContain("gtkdocize");
    expect((await explain("retried")).lines.map(({ text }) => text.trim())).toContain("/etc/x.conf");
  });

  test("build.log is believed before the live log", async () => {
    const text = readFileSync(`${fixtures}koji/build.log`);
    const { lines } = await explainLog([logOf(text, "builder-live.log"), logOf(text, "build.log")]);
    expect(lines[0]?.file).toBe("build.log");
  });

  test("nothing to read is nothing to tell", async () => {
    const nothing = { phase: null, category: null, lines: [], rule: null, facts: {}, advice: null, phaseSeconds: null, tail: [] };
    expect(await explainLog([])).toEqual(nothing);
    expect(await explainLog([logOf("")])).toEqual(nothing);
  });
});
