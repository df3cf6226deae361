import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTutorialServers, type TutorialServers } from "../sandbox/tutorial-servers.ts";
import { runOnTerminal } from "../support/terminal-run.ts";
import { readTutorial, type Typed } from "../support/tutorial.ts";

// What docs/tutorial.md tells to type, typed on a terminal, and what it says that one sees.

const FRONTEND = "https://copr.example.org";
const GIT = "https://git.example.org";
let directory: string;
let servers: TutorialServers;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-tutorial-"));
  servers = await startTutorialServers(directory, process.env["PATH"] as string);
});
afterAll(async () => {
  await servers?.close();
  await rm(directory, { recursive: true, force: true });
});

const toHere = (text: string): string => text.replaceAll(FRONTEND, servers.sandbox.url).replaceAll(GIT, servers.gitUrl);
const toBook = (text: string): string =>
  text.replaceAll(servers.sandbox.url, FRONTEND).replaceAll(servers.gitUrl, GIT).replaceAll(servers.home, "/home/alice");

/** Types a line at a terminal; resolves to what is on it afterwards, and to the exit status. */
async function type({ command }: Typed): Promise<{ shown: string[]; exit: number }> {
  const isLogin = command.startsWith("copr-cli login");
  const steps = isLogin ? [{ until: "is shown)" }, { type: `${servers.sandbox.configText}\n` }] : [];
  const run = await runOnTerminal(["bash", "-c", toHere(command)], {
    columns: 150,
    rows: 60,
    cwd: servers.work,
    env: servers.environment,
    steps,
  });
  return { shown: run.history.map((line) => toBook(line.trimEnd())), exit: run.exit };
}

test("the tutorial does what it says", { timeout: 600_000 }, async () => {
  const steps = readTutorial(await readFile(new URL("../../docs/tutorial.md", import.meta.url), "utf8"));
  expect(steps.length).toBeGreaterThan(15);
  for (const step of steps) {
    if ("file" in step) {
      await writeFile(join(servers.work, step.file), toHere(step.text));
      continue;
    }
    const { shown, exit } = await type(step);
    if (process.env["TUTORIAL_SHOWN"]) console.log(`$ ${step.command}\n${shown.join("\n")}\n[${exit}]`);
    expect(shown.map((line) => `${line}\n`).join(""), step.command).toMatch(step.expected);
    expect(exit, step.command).toBe(step.exit);
  }
});
