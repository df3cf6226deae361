import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bin, type Outcome, runProgram, shellLine } from "../support/program.ts";

const SIZE = 300 * 1024 ** 2;

/** Uploads a file that takes a moment, in front of a real pseudo terminal when `prepare` (a shell command) is given. */
async function upload(prepare?: string): Promise<Outcome> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end('{"id": 1, "projectname": "prj"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const home = await mkdtemp(join(tmpdir(), "copr-progress-"));
  onTestFinished(async () => {
    server.close();
    await rm(home, { recursive: true, force: true });
  });
  await mkdir(join(home, ".config"));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(home, ".config", "copr"), `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`);
  const file = await open(join(home, "big.src.rpm"), "w");
  await file.truncate(SIZE);
  await file.close();
  const words = [...bin.cli, "build", "prj", "big.src.rpm", "--nowait"];
  const argv =
    prepare === undefined ? words : ["script", "--quiet", "--return", "--command", `${prepare}; ${shellLine(words)}`, "/dev/null"];
  return runProgram(argv, { cwd: home, env: { HOME: home, TERM: "xterm", CI: "true" } });
}

const quiet = /^Uploading package big\.src\.rpm\r?\nBuild was added to prj:\r?\n {2}http:\S+\r?\nCreated builds: 1\r?\n$/;

test("a bar is drawn on a terminal", async () => {
  const { exitCode, stdout } = await upload("stty cols 80 rows 24");
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/\d+% \|#+ *\| [\d.]+ MB [\d.]+ MB\/s eta \d\d:\d\d:\d\d/);
  // The bar is gone and the cursor back before the lines that stay.
  expect(stdout).toMatch(/\[0K\S*\[\?25hBuild was added to prj:\r\n/);
});

test("a pipe gets only the lines that scripts know", async () => {
  const { stdout, stderr } = await upload();
  expect([stdout, stderr]).toEqual([expect.stringMatching(quiet), ""]);
});

test("so does a terminal of no width, as a forced one is", async () => {
  expect((await upload("stty cols 0 rows 0")).stdout).toMatch(quiet);
});
