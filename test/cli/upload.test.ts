import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { bin, type Outcome, runProgram, shellLine } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const SIZE = 64 * 1024 ** 2;
type UploadHandler = (request: IncomingMessage, response: ServerResponse, number: number) => unknown;

const json = (response: ServerResponse, value: unknown): unknown =>
  response.setHeader("content-type", "application/json").end(JSON.stringify(value));

/** A home with two source packages, configured for a frontend that does this with uploads; watched builds run for ever. */
async function homeFor(onUpload: UploadHandler): Promise<{ HOME: string }> {
  let uploads = 0;
  const server = createServer((request, response) => {
    if (request.url === "/api_3/build/create/upload") return void onUpload(request, response, (uploads += 1));
    const [, id] = /\/build\/(\d+)$/.exec(request.url ?? "") ?? [];
    return void json(
      response,
      id === undefined ? { items: [] } : { id: Number(id), state: "running", ownername: "me", projectname: "prj" },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(home, ".config", "copr"), `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`);
  for (const name of ["one.src.rpm", "two.src.rpm"]) {
    const file = await open(join(home, name), "w");
    await file.truncate(SIZE);
    await file.close();
  }
  return { HOME: home };
}

const accept: UploadHandler = (request, response, number) =>
  request.resume().on("end", () => json(response, { id: number, projectname: "prj" }));
const build = (env: { HOME: string }, ...files: string[]): Promise<Outcome> =>
  runProgram([...bin.cli, "build", "prj", "--nowait", ...files], { cwd: env.HOME, env });

test("a web server that finds the file too large is understood", async () => {
  const page = "<html><h1>413 Request Entity Too Large</h1></html>";
  const env = await homeFor((request, response) => request.resume().on("end", () => response.writeHead(413).end(page)));
  const { exitCode, stderr } = await build(env, "one.src.rpm");
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^\nSomething went wrong:\nError: The file is too large for an upload to http:\S+ \(HTTP 413\)\.\nA source package that lies on a web server can be built from its address\.\n$/,
  );
});

test("so is one that says so and closes the connection before it has read all", async () => {
  const env = await homeFor((request, response) => {
    request.once("data", () => {
      response.writeHead(413, { connection: "close", "content-length": 0 }).end();
      request.socket.destroySoon();
    });
  });
  const { exitCode, stderr } = await build(env, "one.src.rpm");
  expect(exitCode).toBe(1);
  // Whether the answer arrives before the reset is up to the network.
  expect(stderr).toMatch(
    /^\nSomething went wrong:\nError: (The file is too large for an upload|The connection to \S+ broke during the upload)/,
  );
  expect(stderr).toContain("can be built from its address.\n");
});

test("a connection that is reset during the upload is told in one sentence, and nothing is sent twice", async () => {
  let uploads = 0;
  const env = await homeFor((request) => {
    uploads += 1;
    request.once("data", () => request.socket.resetAndDestroy());
  });
  const { exitCode, stdout, stderr } = await build(env, "one.src.rpm");
  expect([exitCode, stdout, uploads]).toEqual([1, "Uploading package one.src.rpm\n", 1]);
  expect(stderr).toMatch(
    /^\nSomething went wrong:\nError: The connection to http:\S+ broke during the upload; perhaps .*\n.* address\.\n$/,
  );
});

test("builds made before a file failed are told at a terminal, and only there", async () => {
  const refuse: UploadHandler = (request, response, number) => {
    if (number < 3) return accept(request, response, number);
    return request.resume().on("end", () => response.writeHead(400).end('{"error": "no\\u001b[2J"}'));
  };
  const inPipe = await build(await homeFor(refuse), "one.src.rpm", "two.src.rpm", "one.src.rpm");
  expect(inPipe).toMatchObject({ exitCode: 1, stderr: "\nSomething went wrong:\nError: no\n" });

  const env = await homeFor(refuse);
  const words = shellLine([...bin.cli, "build", "prj", "--nowait", "one.src.rpm", "two.src.rpm", "one.src.rpm"]);
  const argv = ["script", "--quiet", "--return", "--command", `stty cols 80 rows 24; ${words}`, "/dev/null"];
  const { exitCode, stdout } = await runProgram(argv, { cwd: env.HOME, env: { ...env, TERM: "xterm" } });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining("Builds already created: 1, 2\r\n\r\nSomething went wrong:\r\n")]);
});

test("Ctrl-C during an upload ends it at once, with a sentence", async () => {
  let onStarted: (() => void) | undefined;
  const started = new Promise<void>((resolve) => (onStarted = resolve));
  const running = await start((request) => request.once("data", () => onStarted?.()));
  await started;
  running.kill("SIGINT");
  const [stderr, [exitCode]] = await Promise.all([text(running.stderr), once(running, "close")]);
  expect([exitCode, stderr]).toEqual([1, "\nInterrupted by user."]);
});

test("Ctrl-C during the watch that follows leaves the build alone: no failure", async () => {
  const running = await start(accept);
  let stdout = "";
  running.stdout.on("data", (chunk) => {
    stdout += String(chunk);
    if (stdout.includes("Build 1: running")) running.kill("SIGINT");
  });
  const [stderr, [exitCode]] = await Promise.all([text(running.stderr), once(running, "close")]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/Created builds: 1\nWatching build\(s\): .*\n {2}\S+ Build 1: running\n$/);
});

/** Starts an upload before such a frontend. */
async function start(onUpload: UploadHandler) {
  const env = await homeFor(onUpload);
  const [node, program] = bin.cli;
  return spawn(node, [program, "build", "prj", "one.src.rpm"], { cwd: env.HOME, env: { ...process.env, ...env } });
}
