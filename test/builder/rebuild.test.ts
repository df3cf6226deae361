import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";

const CHROOT = "fedora-43-x86_64";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
  const repository = host.publishRepository(await makeRepository(host.directory, "again", { "again.spec": specText("again", "true") }));
  const serve = (path: string, body: unknown): unknown => host.pages.set(path, { type: "application/json", body: JSON.stringify(body) });
  serve("/api_3/package", { name: "again", builds: { latest: { id: 7 }, latest_succeeded: null } });
  serve(`/backend/get-build-task/7-${CHROOT}`, rpmTask(repository));
});
afterAll(() => host.close());

/** The form the program had in the beginning: the configuration before the command. */
const build = (...words: string[]): Promise<Outcome> =>
  runProgram([...bin.builder, "--config", host.config, "build", ...words, "--state-dir", host.stateDirectory]);

test("the latest build of a package is done again", async () => {
  const { exitCode, stdout } = await build("@group/prj/again", "--chroot", CHROOT);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain(`\n  copr-builder run 7-${CHROOT}\n`);
  expect(await host.status()).toMatchObject({ state: "succeeded", task_id: `7-${CHROOT}` });
});

test.each([
  ["a package that was never built", ["a/never/x"], 1, /^copr-builder: The package a\/never\/x was never built\n$/],
  ["no owner", ["prj/again"], 2, /^copr-builder: 'prj\/again' is not of the form owner\/project\/package\n/],
  ["no package", ["a/prj/"], 2, /is not of the form/],
])("%s is one sentence", async (_name, words, exitCode, message) => {
  host.pages.set("/api_3/package", { type: "application/json", body: JSON.stringify({ name: "x", builds: { latest: null } }) });
  const outcome = await build(...words, "--chroot", CHROOT);
  expect([outcome.exitCode, outcome.stderr]).toEqual([exitCode, expect.stringMatching(message)]);
});
