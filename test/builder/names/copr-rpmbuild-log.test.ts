import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../../support/builder-host.ts";
import { eventually } from "../../support/processes.ts";
import { nameOfBuilder, type Outcome, runProgram } from "../../support/program.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterAll(() => host.close());

const log = (...words: string[]): Promise<Outcome> =>
  runProgram([...nameOfBuilder("copr-rpmbuild-log"), "--state-dir", host.stateDirectory, ...words]);

test("without any task: it is told, and then given up", async () => {
  const missing = `File ${host.stateDirectory}/main.log doesn't exist, yet\n`;
  const { exitCode, stdout, stderr } = await log("--timeout", "1");
  expect([exitCode, stdout, stderr]).toEqual([1, `${missing}${missing}Unable to wait for copr-rpmbuild process, exit.\n`, ""]);
});

test("prints the whole log until the end of the task, started before, during and after it", async () => {
  const early = log();
  const build = "for i in $(seq 10); do echo step $i; sleep 0.3; done";
  const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", build) });
  await host.runTask(rpmTask(repository), "--detached");
  await eventually("a build", () => host.log().then((text) => text.includes("\nstep 2\n")));
  const [before, during] = await Promise.all([early, log()]);
  const text = await host.log();
  expect(text).toMatch(/\nBuild succeeded\n$/);
  expect(during).toEqual({ exitCode: 0, stdout: text, stderr: "" });
  expect([before.exitCode, before.stdout.replaceAll(/^File .* doesn't exist, yet\n/gm, "")]).toEqual([0, text]);
  expect(await log()).toEqual({ exitCode: 0, stdout: text, stderr: "" });
});
