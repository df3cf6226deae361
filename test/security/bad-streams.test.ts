import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { isOutsideError } from "../../src/core/errors.ts";
import { srpmTask } from "../support/builder-host.ts";
import { bin, runProgram } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { webServer } from "../support/web-server.ts";

/** Sends bytes until nobody takes them any more. */
function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, "a")));
  };
  response.on("drain", more);
  more();
}

const raw = (text: string) => (response: ServerResponse) => void response.socket?.end(text);
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "a bomb that says that it is compressed": (response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
  "a bomb that does not say so": (response) => void response.end(bomb),
  "an answer without an end": endless,
  "one that breaks off": (response) => {
    response.writeHead(200, { "content-length": "1000" }).write("abc");
    setTimeout(() => response.destroy(), 20);
  },
  "a chunk without a size": raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\nabc\r\n"),
  "more than was announced": raw("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdefgh"),
  "headers without an end": raw(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}\r\n\r\n`),
  "no HTTP at all": raw("hello\r\n\r\n"),
};

/** Traces of Node's own, and of ours. */
const trace = /node:|\n {4}at |RangeError|FATAL/;

describe.each(Object.entries(answers))("C37: %s", (_name, answer) => {
  test("is one sentence of the client", async () => {
    const { url } = await webServer((response) => answer(response));
    const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
    const { exit, stdout, stderr } = await runCli({ argv: ["list"], config });
    expect([exit, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^\nSomething went wrong:\nError: .*\n/);
    expect(stderr).not.toMatch(trace);
  });

  test.each(["definition", "spec file"])("is one sentence of the builder, as a %s", async (what) => {
    const directory = await temporaryDirectory();
    const { url } = await webServer((response) => answer(response));
    const settings = `[main]\nfrontend_url = ${url}\nbuildroot = host\nfetch_attempts = 1\nmacro_override_db_url =\n`;
    const [config, taskFile] = [join(directory, "main.ini"), join(directory, "task.json")];
    await writeFile(config, settings);
    await writeFile(taskFile, JSON.stringify(srpmTask(`${url}/x.spec`)));
    const origin = what === "definition" ? ["7"] : ["--task-file", taskFile];
    const argv = [...bin.builder, "run", ...origin, "--config", config, "--state-dir", join(directory, "state")];
    const { exitCode, stdout, stderr } = await runProgram(argv);
    expect([exitCode, stderr]).toEqual([1, expect.not.stringMatching(trace)]);
    expect(stdout).toMatch(/\n(Copr build error|Network error): .+\n$/);
    expect(stdout).not.toMatch(trace);
  });
});

test.each<[string, boolean]>([
  ["ENOSPC", true],
  ["Z_DATA_ERROR", true],
  ["UND_ERR_ABORTED", true],
  ["ERR_STRING_TOO_LONG", true],
  ["ERR_STREAM_PREMATURE_CLOSE", true],
  ["ERR_INVALID_ARG_TYPE", false],
  ["", false],
])("an error %s of the surroundings: %s", (code, expected) => {
  expect(isOutsideError(Object.assign(new Error("x"), { code }))).toBe(expected);
  expect(isOutsideError({ code })).toBe(false);
});
