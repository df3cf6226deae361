import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StagedSandbox, stagedSandbox } from "../support/staged-sandbox.ts";
import { bin } from "../support/program.ts";
import { runOnTerminal } from "../support/terminal-run.ts";

const CHROOT = "fedora-43-x86_64";
let staged: StagedSandbox;
let env: Record<string, string>;
beforeAll(async () => {
  staged = await stagedSandbox();
  env = { COPR_URL: staged.sandbox.url };
});
afterAll(() => staged.close());

const words = (id: number): string[] => [...bin.cli, "watch-build", `${id}`, "--poll-interval", "1"];

test("a watch that nohup has started outlives the terminal's hang-up", async () => {
  const build = staged.build(staged.project("nohup", [CHROOT]), "hello", {});
  const child = spawn("nohup", words(build.id), { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] });
  let told = "";
  const ended = once(child, "exit");
  for await (const chunk of child.stdout) {
    if (told === "") {
      child.kill("SIGHUP");
      setTimeout(() => staged.finish(build, "hello", { [CHROOT]: "succeeded" }), 500);
    }
    told += String(chunk);
  }
  expect(await ended).toEqual([0, null]);
  expect(told).toContain(`Build ${build.id}: succeeded`);
});

test("one at a terminal that hangs up ends, and leaves it as it was", async () => {
  const build = staged.build(staged.project("hangs-up", [CHROOT]), "hello", {});
  const run = await runOnTerminal(words(build.id), { env, steps: [{ until: `Build ${build.id}` }, { signal: "SIGHUP" }] });
  expect([run.exit, run.isRestored, run.isCursorVisible]).toEqual([129, true, true]);
});
