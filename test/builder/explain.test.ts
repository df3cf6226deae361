import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainFailure, type FailedTask } from "../../src/builder/task/explain-failure.ts";
import { explainLog } from "../../src/core/explain/explain.ts";
import { type BuilderHost, makeRepository, makeSrpm, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { eventually } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** What a compiler says, without one: the line is what matters. */
const failingBuild = `cat >&2 <<END
src/hello.c: In function 'main':
src/hello.c:77:5: error: implicit declaration of function 'xgetcwd'
make: *** [Makefile:3: hello.o] Error 1
END
exit 2`;

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

const taskOf = async (name: string, build: string): Promise<Record<string, unknown>> =>
  rpmTask(await makeRepository(host.directory, name, { [`${name}.spec`]: specText(name, build) }));
const lastLines = async (count: number): Promise<string[]> => (await host.log()).trimEnd().split("\n").slice(-count);
const results = async (): Promise<string[]> => (await readdir(join(host.stateDirectory, "results"))).sort();

describe("a failed build", () => {
  test("tells its cause as the last lines before the closing one, and in its status", async () => {
    const { exitCode, stdout } = await host.runTask(await taskOf("bad", failingBuild));
    expect(exitCode).toBe(1);
    const [cause, advice, closing] = await lastLines(3);
    expect(cause).toBe("Cause: compile-error in %build: src/hello.c:77:5: error: implicit declaration of function 'xgetcwd'");
    expect(advice).toMatch(/^Advice: \S.{10,400}[.:]$/);
    expect(closing).toMatch(/^Copr build error: /);
    expect(stdout).toBe(await host.log());
    const status = await host.status();
    expect(status).toMatchObject({
      schema_version: 1,
      state: "failed",
      exit_code: 1,
      cause: {
        phase: "build",
        category: "compile-error",
        rule: expect.stringMatching(/^[a-z-]+$/),
        lines: [
          {
            file: "build.log",
            line: expect.any(Number),
            text: "src/hello.c:77:5: error: implicit declaration of function 'xgetcwd'",
          },
        ],
        advice: (advice as string).slice("Advice: ".length),
      },
    });
    expect(closing).toBe(`Copr build error: ${String(status["reason"])}`);
    expect(JSON.parse((await host.builder("status", "--json")).stdout)).toEqual(status);
    expect(await results()).toEqual(["bad.spec", "build.log"]);
    expect(await readFile(join(host.stateDirectory, "results", "build.log"), "utf8")).not.toContain("Cause: ");
  });

  test("has the same cause when its live log is explained once more", async () => {
    await host.runTask(await taskOf("bad", failingBuild));
    const log = Buffer.from(await host.log());
    const { category, phase, lines } = await explainLog([{ name: "builder-live.log", open: () => [log] }]);
    expect([category, phase]).toEqual(["compile-error", "build"]);
    expect(lines.map(({ text }) => text)).toEqual(["src/hello.c:77:5: error: implicit declaration of function 'xgetcwd'"]);
  });

  test("says nothing more when explain is off", async () => {
    await appendFile(host.config, "explain = False\n");
    expect((await host.runTask(await taskOf("bad", failingBuild))).exitCode).toBe(1);
    expect(await host.log()).not.toMatch(/^(Cause|Advice): /m);
    expect(await host.status()).toMatchObject({ state: "failed", cause: null });
  });

  test("that no rule knows has no cause", async () => {
    expect((await host.runTask(await taskOf("odd", "set +x; echo 'alas, the moon'; exit 3"))).exitCode).toBe(1);
    expect(await host.log()).not.toMatch(/^Cause: .*moon/m);
  });

  test("of which only the end of the live log is kept", async () => {
    await appendFile(host.config, "log_limit = 1\nlog_tail = 1\n");
    await host.runTask(await taskOf("long", `seq 400000\n${failingBuild}`));
    const [cause, , closing] = await lastLines(3);
    expect([cause, closing]).toEqual([expect.stringMatching(/^Cause: compile-error /), expect.stringMatching(/^Copr build error: /)]);
  });
});

describe("no cause", () => {
  test("of a build that succeeded", async () => {
    expect((await host.runTask(await taskOf("good", `(${failingBuild}\n) || true`))).exitCode).toBe(0);
    expect(await host.log()).not.toMatch(/^(Cause|Advice): /m);
    expect(await host.status()).toMatchObject({ state: "succeeded", reason: null, cause: null });
    expect(await results()).toEqual(["build.log", "good-1-1.noarch.rpm", "good-1-1.src.rpm", "good.spec", "results.json", "success"]);
  });

  test("of a build that was canceled", async () => {
    await host.runTask(await taskOf("slow", `(${failingBuild}\n) || true\necho waits; sleep 60`), "--detached");
    await eventually("a build", async () => (await host.log()).includes("\nwaits\n"));
    await host.builder("cancel");
    expect(await host.log()).not.toMatch(/^(Cause|Advice): /m);
    expect(await host.status()).toMatchObject({ state: "canceled", exit_code: 4, cause: null });
  });

  test("while a task runs", async () => {
    await host.runTask(await taskOf("slow", "echo waits; sleep 60"), "--detached");
    expect(await host.status()).toMatchObject({ cause: null });
  });
});

test("a task beyond its limit tells that, whatever its build said before", async () => {
  const { exitCode } = await host.runTask({ ...(await taskOf("slow", `(${failingBuild}\n) || true\nsleep 60`)), timeout: 6 });
  expect(exitCode).toBe(5);
  expect(await host.status()).toMatchObject({ state: "timed-out", cause: { phase: "timeout", category: "timeout" } });
  expect((await lastLines(3))[0]).toMatch(/^Cause: timeout at its time limit: /);
});

test("a source package that can't be made has its cause from the live log", async () => {
  const { url, hash } = await makeRepository(host.directory, "broken", { "broken.spec": "Name: broken\nVersion: 1\n%if\n" });
  const task = srpmTask("", { source_type: 10, source_json: JSON.stringify({ clone_url: url, committish: hash }) });
  expect((await host.runTask(task)).exitCode).toBe(1);
  expect((await lastLines(3)).at(-1)).toMatch(/^Copr build error: /);
  expect(await host.status()).toMatchObject({ state: "failed", cause: { category: "spec-syntax" } });
});

test("explain is true or false", async () => {
  await appendFile(host.config, "explain = perhaps\n");
  const { exitCode, stderr } = await host.runTask(srpmTask(await makeSrpm(host.directory, "hello")));
  expect([exitCode, stderr]).toEqual([
    1,
    "copr-builder: The value of 'explain' in the configuration must be true or false, not 'perhaps'\n",
  ]);
});

describe("the explanation", () => {
  const log = `Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.x\n+ make\nsrc/hello.c:77:5: error: \u001b[31mno\u001b[0m${"x".repeat(3000)}\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%build)\n`;
  const failed = (results: string, signal: AbortSignal, liveLog = ""): FailedTask => ({
    isTimedOut: false,
    results,
    liveLog: async function* () {
      yield Buffer.from(liveLog);
    },
    lastLine: "Copr build error: it failed",
    signal,
  });
  const never = new AbortController().signal;

  test("reads packed logs, and tells bounded, clean lines", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "build.log.gz"), gzipSync(log));
    const found = await explainFailure(failed(directory, never));
    expect(found?.lines[0]).toMatch(/^Cause: compile-error in %build: src\/hello\.c:77:5: error: nox{100,}…$/);
    expect(found?.lines.every((line) => line.length < 600 && !line.includes("\n"))).toBe(true);
    expect(found?.cause.lines[0]?.text.length).toBeLessThanOrEqual(501);
  });

  test("needs no results", async () => {
    expect((await explainFailure(failed("/nowhere", never, log)))?.cause.category).toBe("compile-error");
    expect(await explainFailure(failed("/nowhere", never, "nothing\n"))).toBeUndefined();
  });

  test("ends with its signal", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "build.log"), log);
    await expect(explainFailure(failed(directory, AbortSignal.abort(new Error("too late"))))).rejects.toThrow("too late");
  });
});
