import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { eventually, isAlive } from "../support/processes.ts";
import { bin, runProgram, shellLine } from "../support/program.ts";
import { needsTerminals, opensTerminals, type SshServer, startSshServer } from "../support/ssh-server.ts";

let host: BuilderHost;
let server: SshServer;
let taskFile: string;
beforeAll(async () => {
  host = await startBuilderHost();
  server = await startSshServer(host.directory);
  const build = "for i in $(seq 15); do echo step $i; sleep 0.2; done";
  const repository = await makeRepository(host.directory, "slow", { "slow.spec": specText("slow", build) });
  taskFile = join(host.directory, "task.json");
  await writeFile(taskFile, JSON.stringify(rpmTask(repository)));
});
afterAll(async () => {
  await server?.close();
  await host?.close();
});

/** ssh's terminal may end lines as terminals do. */
const unixLines = (text: string): string => text.replaceAll("\r\n", "\n");
const remote = (...words: string[]): string[] => [
  ...server.client,
  shellLine([...bin.builder, ...words, "--state-dir", host.stateDirectory]),
];
const start = (): string[] => remote("run", "--detached", "--buildroot", "host", "--task-file", taskFile);
const pid = (): Promise<string> => readFile(join(host.stateDirectory, "pid"), "utf8");

const story = "a build goes on when the ssh sessions that started and followed it are killed; its log can be followed again";

test.skipIf(!opensTerminals)(`${story}${needsTerminals}`, async () => {
  // copr-backend forces a terminal: its hang-up is what kills upstream's detached builds.
  const started = await runProgram(start());
  expect(started).toMatchObject({ exitCode: 0, stdout: "" });
  const builder = await pid();

  const follower = spawn(remote("log", "--follow")[0] as string, remote("log", "--follow").slice(1), {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let seen = "";
  follower.stdout.on("data", (chunk) => (seen += String(chunk)));
  await eventually("the follower sees the build", () => seen.includes("step 2"));
  follower.kill("SIGKILL");
  expect(await isAlive(builder)).toBe(true);

  const again = await runProgram(remote("log", "--follow"));
  const text = await host.log();
  expect(again.exitCode).toBe(0);
  expect(unixLines(again.stdout)).toBe(text);
  expect(text).toMatch(/\nstep 1\n[\s\S]*\nstep 15\n[\s\S]*\nBuild succeeded\n$/);
  const offset = unixLines(seen).length;
  const fromOffset = await runProgram(remote("log", "--from-offset", String(offset)));
  expect(unixLines(fromOffset.stdout)).toBe(text.slice(offset));
  expect(unixLines((await runProgram(remote("status", "--wait"))).stdout)).toBe("succeeded (task 7-fedora-43-x86_64)\n");
});

test.skipIf(!opensTerminals)(
  `a session that is killed in the moment of the start leaves a build or none, never a half one${needsTerminals}`,
  async () => {
    for (const afterMs of [50, 150, 250, 350, 500]) {
      const session = spawn(start()[0] as string, start().slice(1), { stdio: "ignore" });
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      session.kill("SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 600));
      const { stdout } = await host.builder("status");
      expect(stdout).toMatch(/^(idle|succeeded|canceled|starting|fetching|sources|chroot|building|collecting)/);
      await host.builder("cancel");
    }
  },
);

test.skipIf(!opensTerminals)(`no start is lost: ten in a row, the connection ended at once${needsTerminals}`, async () => {
  for (let round = 0; round < 10; round += 1) {
    expect((await runProgram(start())).exitCode).toBe(0);
    expect(await isAlive(await pid())).toBe(true);
    expect((await host.builder("cancel")).exitCode).toBe(0);
  }
});
