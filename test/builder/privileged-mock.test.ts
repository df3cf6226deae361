import { chmod, chown, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/core/process/find-program.ts";
import { type BuilderHost, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { nobody } from "../support/private-machine.ts";
import { eventually, processesMentioning } from "../support/processes.ts";
import { copyPrograms, withCopies } from "../support/program-copies.ts";
import { bin, output, runProgram } from "../support/program.ts";

/** mock as its package installs it: root by each of its ids while it works, so its user can't signal it. */
const mock = `#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
  for (int i = 0; i < count; i++) if (strcmp(words[i], "--scrub") == 0) return 0;
  for (int i = 0; i < count; i++) if (strstr(words[i], "stubborn.spec")) signal(SIGINT, SIG_IGN);
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
  let start: (name: string) => Promise<void>;
  beforeAll(async () => {
    host = await startBuilderHost("", "mock");
    const programs = join(host.directory, "bin");
    await mkdir(programs);
    await writeFile(join(host.directory, "mock.c"), mock);
    await output(["gcc", "-o", join(programs, "mock"), join(host.directory, "mock.c")]);
    await chmod(join(programs, "mock"), 0o4755);
    const copies = join(host.directory, "programs");
    await copyPrograms(copies);
    await copyFile(process.execPath, join(copies, "node"));
    await mkdir(host.stateDirectory);
    for (const path of [host.directory, host.stateDirectory]) await chown(path, nobody, nobody);
    start = async (name) => {
      host.pages.set(`/${name}.spec`, { body: specText(name, "true") });
      const task = join(host.directory, "task.json");
      await writeFile(task, JSON.stringify(srpmTask(`${host.url}/${name}.spec`)));
      const words = ["run", "--task-file", task, "--config", host.config, "--state-dir", host.stateDirectory, "--detached"];
      const started = await runProgram(
        [...demote, "env", `PATH=${programs}:${process.env["PATH"]}`, ...withCopies(bin.builder, copies), ...words],
        {
          cwd: "/",
        },
      );
      if (started.exitCode !== 0) throw new Error(`the task does not start: ${started.stderr}`);
      await eventually("mock works", async () => (await host.log()).includes("\nat work\n"));
    };
  });
  afterAll(() => host?.close());

  const mocks = async (): Promise<string[]> =>
    (await processesMentioning(host.stateDirectory)).filter((line) => /bin\/mock|^\d+ mock /.test(line));

  test("is interrupted by a cancel all the same", async () => {
    await start("small");
    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await host.log()).match(/^ !! .*$/gm)).toEqual([" !! Canceled => sending INT"]);
    expect(await host.status()).toMatchObject({ state: "canceled", reason: "The task was canceled" });
    expect(await mocks()).toEqual([]);
  });

  test("is hung up when it does not listen to that", async () => {
    await start("stubborn");
    expect(await host.builder("cancel")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await host.log()).match(/^ !! .*$/gm)).toEqual(["INT", "INT", "HUP"].map((name) => ` !! Canceled => sending ${name}`));
    expect(await mocks()).toEqual([]);
  });

  test("is interrupted when the builder is killed", async () => {
    await start("small");
    process.kill(((await host.status()) as { pid: number }).pid, "SIGKILL");
    await eventually("mock has gone", async () => (await mocks()).length === 0, 30_000);
  });
});
