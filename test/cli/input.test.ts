import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bin, type Outcome, runProgram, shellLine } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";

let home: string;
/** A pipe with a name, to which nobody has written anything. */
let pipe: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "copr-input-"));
  await mkdir(join(home, ".config"));
  pipe = join(home, "pipe");
  execFileSync("mkfifo", [pipe]);
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";
const account = { COPR_URL: NOBODY, COPR_USERNAME: "alice", COPR_LOGIN: "login", COPR_TOKEN: "token" };
const configured = `[copr-cli]\ncopr_url = ${NOBODY}\nencrypted = no\nusername = alice\nlogin = login\ntoken = token\n`;

/** A command that reads a pipe, by its name. */
type Reader = (path: string) => { program?: readonly string[]; words: string[]; env?: Record<string, string> };

const readers: Record<string, Reader> = {
  "plan --file": (path) => ({ words: ["plan", "-f", path], env: account }),
  "apply --file": (path) => ({ words: ["apply", "--yes", "--file", path], env: account }),
  "export --update": (path) => ({ words: ["export", "--update", path], env: account }),
  explain: (path) => ({ words: ["explain", path] }),
  "build-batch": (path) => ({ words: ["build-batch", "tools", path], env: account }),
  "buildcustom --script": (path) => ({ words: ["buildcustom", "tools", "--script", path], env: account }),
  "--config": (path) => ({ words: ["--config", path, "whoami"] }),
  COPR_CONFIG: (path) => ({ words: ["doctor"], env: { COPR_CONFIG: path } }),
  COPR_TOKEN_FILE: (path) => ({ words: ["whoami"], env: { COPR_LOGIN: "login", COPR_TOKEN_FILE: path } }),
  SSL_CERT_FILE: (path) => ({ words: ["get", "alice/tools"], env: { ...account, SSL_CERT_FILE: path } }),
  "copr-builder": (path) => ({ program: bin.builder, words: ["run", "--config", path, "--task-file", "/none"] }),
};

const environment = (env: Record<string, string>): Record<string, string | undefined> => ({
  PATH: process.env["PATH"],
  HOME: home,
  ...env,
});

/** Its end, and what it said until then. */
async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const [[code, signal], stdout, stderr] = await Promise.all([ended, text(child.stdout as never), text(child.stderr as never)]);
  return { exitCode: code ?? (signal as NodeJS.Signals), stdout, stderr };
}

/** Waits until a program has opened a pipe for reading; the other end, to which nothing is ever written. */
async function otherEnd(path: string, ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (isOver) throw error;
      await sleep(20);
    }
  }
}

/** Runs a reader until it waits for its pipe, and ends it there. */
async function interrupted(name: string, signal: NodeJS.Signals): Promise<Outcome> {
  const path = join(home, `${name.replaceAll(" ", "-")}-${signal}.yaml`);
  execFileSync("mkfifo", [path]);
  return interruptedAt(path, (readers[name] as Reader)(path), signal);
}

async function interruptedAt(
  path: string,
  { program = bin.cli, words, env = {} }: ReturnType<Reader>,
  signal: NodeJS.Signals,
): Promise<Outcome> {
  const [file, ...own] = program;
  const child = spawn(file as string, [...own, ...words], { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  const outcome = outcomeOf(child);
  const end = await otherEnd(path, outcome);
  child.kill(signal);
  // Who is not ended by the signal goes on when there is nothing more to come, and ends otherwise.
  const released = sleep(10_000, undefined, { ref: false }).then(() => "reads" as const);
  const first = await Promise.race([outcome, released]);
  closeSync(end);
  return first === "reads" ? { exitCode: -1, stdout: "", stderr: first } : first;
}

test("a pipe to which nobody writes does not keep a command from being interrupted", { timeout: 120_000 }, async () => {
  const names = Object.keys(readers).filter((name) => name !== "copr-builder");
  const early = [interrupted("apply --file", "SIGTERM"), interrupted("copr-builder", "SIGTERM")] as const;
  const [ended, builder, ...all] = await Promise.all([...early, ...names.map((name) => interrupted(name, "SIGINT"))]);
  expect(all.map(({ exitCode, stderr }, at) => [names[at], exitCode, stderr.trim()])).toEqual(
    names.map((name) => [name, 1, "Interrupted by user."]),
  );
  expect([ended.exitCode, ended.stderr]).toEqual([143, ""]);
  expect([builder.exitCode, builder.stderr.trim()]).toEqual([1, "copr-builder: The task was canceled"]);
});

test("an interrupted command takes the program along that was to tell the token", async () => {
  const path = join(home, "by-command");
  await writeFile(path, configured.replace("token = token", `token_command = cat ${pipe}`));
  const { exitCode, stderr } = await interruptedAt(pipe, { words: ["--config", path, "create", "tools"] }, "SIGINT");
  expect([exitCode, stderr.trim()]).toEqual([1, "Interrupted by user."]);
  // Nobody reads it any more.
  await vi.waitFor(() => expect(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).toThrow("ENXIO"), 10_000);
});

test("what comes from a pipe of the shell, or by standard input, is read as a file is", async () => {
  const cli = shellLine(bin.cli);
  const run = (script: string, stdin = ""): Promise<Outcome> =>
    runProgram(["bash", "-c", script], { env: { ...environment({}), CONFIG: configured, FILE: "project: 1.10\n" }, stdin });
  const wrong = (name: string): string => `\nError: ${name}:1:10: project must be a text, not the number 1.1: put it in quotes\n`;
  const [config, token, file, input, script] = await Promise.all([
    run(`${cli} --config <(sleep 0.3; echo "$CONFIG") auth-status`),
    run(`COPR_URL=${NOBODY} COPR_LOGIN=login COPR_TOKEN_FILE=<(echo token) ${cli} auth-status`),
    run(`${cli} plan -f <(echo "$FILE")`),
    run(`${cli} plan -f -`, "project: 1.10\n"),
    run(`COPR_URL=${NOBODY} ${cli} buildcustom alice/tools --script <(printf '\\377')`),
  ]);
  expect(config.stdout).toMatch(new RegExp(`^${NOBODY} as alice\n  API token of /dev/fd/\\d+\n$`));
  expect(token.stdout).toBe(`${NOBODY}\n  API token of the environment\n`);
  expect(file.stderr.replace(/\/dev\/fd\/\d+/, "PIPE")).toBe(wrong("PIPE"));
  expect(input.stderr).toBe(wrong("standard input"));
  expect([script.exitCode, script.stderr]).toEqual([2, expect.stringMatching(/is invalid\. It is not UTF-8 text\.\n$/)]);
});

test("what can't be a file of its kind is refused in a sentence, and read no further than that takes", async () => {
  const refused = async (words: string[], env: Record<string, string> = {}, stdin = ""): Promise<[number | null, string]> => {
    const { exit, stderr } = await runCli({ argv: words, env: { ...account, ...env }, stdin });
    return [exit, stderr.trim()];
  };
  await writeFile(join(home, "large.yaml"), "#".repeat(8 * 1024 ** 2 + 1));
  const config = "Error: Copr configuration error.";
  expect(
    await Promise.all([
      refused(["plan", "-f", "/dev/zero"]),
      refused(["plan", "-f", home]),
      refused(["apply", "--yes", "-f", join(home, "large.yaml")]),
      refused(["--config", "/dev/zero", "whoami"]),
      refused(["whoami"], { COPR_TOKEN: "", COPR_TOKEN_FILE: "/dev/zero" }),
      refused(["get", "alice/tools"], { SSL_CERT_FILE: "/dev/zero" }),
      refused(["login", "--with-token"], {}, "x".repeat(70_000)),
      refused(["login", "--with-token"], { COPR_CONFIG: pipe }),
      refused(["logout"], { COPR_CONFIG: pipe }),
    ]),
  ).toEqual([
    [3, "Error: /dev/zero is larger than 8388608 bytes"],
    [3, `Error: Cannot read '${home}': is a directory`],
    [3, `Error: ${home}/large.yaml is larger than 8388608 bytes`],
    [6, `${config} Cannot read /dev/zero: it is larger than 1048576 bytes`],
    [6, `${config} Cannot read '/dev/zero', the COPR_TOKEN_FILE: it is larger than 65536 bytes`],
    [3, "Error: Cannot read the certificates in '/dev/zero': it is larger than 16777216 bytes\nSee REQUESTS_CA_BUNDLE and SSL_CERT_FILE."],
    [6, `${config} Cannot read standard input: it is larger than 65536 bytes.`],
    [6, `${config} ${pipe} is no regular file, so no configuration can be written there.`],
    [6, `${config} ${pipe} is no regular file, so no configuration can be written there.`],
  ]);
});
