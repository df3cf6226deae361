import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveGit } from "../sandbox/git-http.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { bin } from "../support/program.ts";
import { runOnTerminal } from "../support/terminal-run.ts";
import { readTutorial, type Typed } from "../support/tutorial.ts";

// What docs/tutorial.md tells to type, typed on a terminal, and what it says that one sees.

const FRONTEND = "https://copr.example.org";
const GIT = "https://git.example.org";
const examples = fileURLToPath(new URL("../../examples/tutorial", import.meta.url));

let directory: string;
let sandbox: Sandbox;
let gitUrl: string;
const gitServer = createServer((request, response) => {
  const { pathname, search } = new URL(request.url ?? "/", "http://git");
  void serveGit(join(directory, "git"), pathname, search.slice(1), request, request, response);
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-tutorial-"));
  const options = { directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host", username: "alice" } as const;
  sandbox = await startSandbox(options);
  await new Promise<void>((resolve) => gitServer.listen(0, "127.0.0.1", resolve));
  gitUrl = `http://127.0.0.1:${(gitServer.address() as AddressInfo).port}`;
  await mkdir(join(directory, "bin"));
  await writeFile(join(directory, "bin", "copr-cli"), `#!/bin/sh\nexec ${bin.cli.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  await chmod(join(directory, "bin", "copr-cli"), 0o755);
  await mkdir(join(directory, "home"));
  await cp(examples, join(directory, "home", "tutorial"), { recursive: true });
  git("init", "--quiet", "--bare", "--initial-branch=main", join(directory, "git", "tutorial.git"));
  const work = join(directory, "home", "tutorial");
  git("init", "--quiet", "--initial-branch=main", work);
  git("-C", work, "add", "--all");
  git("-C", work, "commit", "--quiet", "--message=Six packages");
  git("-C", work, "remote", "add", "origin", join(directory, "git", "tutorial.git"));
  git("-C", work, "push", "--quiet", "--set-upstream", "origin", "main");
});
afterAll(async () => {
  gitServer.close();
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  HOME: join(directory, "home"),
  PATH: `${join(directory, "bin")}:${process.env["PATH"]}`,
  GIT_CONFIG_GLOBAL: "/dev/null",
  ...Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((who) => [
      [`GIT_${who}_NAME`, "Alice"],
      [`GIT_${who}_EMAIL`, "alice@example.org"],
    ]),
  ),
});

function git(...words: string[]): void {
  const { status, stderr } = spawnSync("git", words, { env: environment(), encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
}

const toHere = (text: string): string => text.replaceAll(FRONTEND, sandbox.url).replaceAll(GIT, gitUrl);
const toBook = (text: string): string =>
  text.replaceAll(sandbox.url, FRONTEND).replaceAll(gitUrl, GIT).replaceAll(join(directory, "home"), "/home/alice");

/** Types a line at a terminal; resolves to what is on it afterwards, and to the exit status. */
async function type({ command }: Typed): Promise<{ shown: string[]; exit: number }> {
  const isLogin = command.startsWith("copr-cli login");
  const steps = isLogin ? [{ until: "is shown)" }, { type: `${sandbox.configText}\n` }] : [];
  const run = await runOnTerminal(["bash", "-c", toHere(command)], {
    columns: 150,
    rows: 60,
    cwd: join(directory, "home", "tutorial"),
    env: environment(),
    steps,
  });
  return { shown: run.history.map((line) => toBook(line.trimEnd())), exit: run.exit };
}

test("the tutorial does what it says", { timeout: 600_000 }, async () => {
  const steps = readTutorial(await readFile(new URL("../../docs/tutorial.md", import.meta.url), "utf8"));
  expect(steps.length).toBeGreaterThan(15);
  for (const step of steps) {
    if ("file" in step) {
      await writeFile(join(directory, "home", "tutorial", step.file), toHere(step.text));
      continue;
    }
    const { shown, exit } = await type(step);
    if (process.env["TUTORIAL_SHOWN"]) console.log(`$ ${step.command}\n${shown.join("\n")}\n[${exit}]`);
    expect(shown.map((line) => `${line}\n`).join(""), step.command).toMatch(step.expected);
    expect(exit, step.command).toBe(step.exit);
  }
});
