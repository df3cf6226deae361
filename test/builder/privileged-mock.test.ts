import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/core/find-program.ts";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { nobody } from "../support/private-machine.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { bin, output, runProgram } from "../support/program.ts";

/** mock as its package installs it: root by each of its ids while it works, so its user can't signal it. */
const mock = `#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
  for (int i = 0; i < count; i++) if (strcmp(words[i], "--scrub") == 0) return 0;
  if (setresuid(0, 0, 0) != 0) return 99;
  for (int i = 0; i < 600; i++) { puts("at work"); fflush(stdout); usleep(100000); }
  return 0;
}
`;

const demote = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--"];
const hasCompiler = (await findProgram("gcc", process.env["PATH"] ?? "")) !== undefined;
const missing = process.getuid?.() !== 0 ? "needs root" : hasCompiler ? undefined : "gcc is not installed";

describe.skipIf(missing !== undefined)(`a mock that can't be signalled${missing === undefined ? "" : ` (${missing})`}`, () => {
  let host: BuilderHost;
  let words: string[];
  beforeAll(async () => {
    host = await startBuilderHost("", "mock");
    const programs = join(host.directory, "bin");
    await mkdir(programs);
    await writeFile(join(host.directory, "mock.c"), mock);
    await output(["gcc", "-o", join(programs, "mock"), join(host.directory, "mock.c")]);
    await chmod(join(programs, "mock"), 0o4755);
    await mkdir(host.stateDirectory);
    for (const path of [host.directory, host.stateDirectory]) await chown(path, nobody, nobody);
    host.pages.set("/small.spec", { body: specText("small", "true") });
    const task = join(host.directory, "task.json");
    await writeFile(task, JSON.stringify(srpmTask(`${host.url}/small.spec`)));
    const files = ["--task-file", task, "--config", host.config, "--state-dir", host.stateDirectory];
    words = [...demote, "env", `PATH=${programs}:${process.env["PATH"]}`, ...bin.builder, "run", ...files, "--detached"];
  });
  afterAll(() => host?.close());

  test("is interrupted by a cancel all the same", async () => {
    const started = await runProgram(words, { cwd: "/" });
    expect(started.exitCode, started.stderr).toBe(0);
    await eventually("mock works", async () => (await host.log()).includes("\nat work\n"), 60_000);
    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await host.log()).match(/^ !! .*$/gm)).toEqual([" !! Canceled => sending INT"]);
    expect(await host.status()).toMatchObject({ state: "canceled", reason: "The task was canceled" });
    const mocks = async () => (await processesMentioning(host.stateDirectory)).filter((line) => /bin\/mock|^\d+ mock /.test(line));
    expect(await mocks()).toEqual([]);
  });
});
