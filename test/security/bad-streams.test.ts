import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { gssapiLogin, gssapiWebLogin } from "../../src/core/api/login.ts";
import { isOutsideError, RequestError } from "../../src/core/errors.ts";
import { createTransport } from "../../src/core/http/transport.ts";
import { srpmTask } from "../support/builder-host.ts";
import { bin, runProgram } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { sendJson, webServer } from "../support/web-server.ts";

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

  test("is one sentence of the client, in the place of a directory's listing", async () => {
    const { url } = await webServer((response, request) => {
      if (request.url.startsWith("/r/")) return request.url.endsWith("/r/") ? answer(response) : response.end("x");
      const chroot = { name: "fedora-43-x86_64", state: "succeeded", result_url: `${url}/r/` };
      return sendJson(response, { id: 1, state: "succeeded", name: "prj", ownername: "me", projectname: "prj", items: [chroot] });
    });
    const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
    const { exit, stderr } = await runCli({ argv: ["download-build", "1"], config });
    expect(exit).toBeOneOf([1, 3]);
    expect(stderr).toMatch(/^\n(Something went wrong:\n)?Error: .*\n/);
    expect(stderr).not.toMatch(trace);
  });

  test("is one sentence of the client, in the place of a login", async () => {
    const { url } = await webServer((response) => answer(response));
    const transport = createTransport({ coprUrl: url, userAgent: "test", environment: {} });
    onTestFinished(() => transport.close());
    for (const login of [gssapiLogin, gssapiWebLogin]) {
      await expect(login(transport, "dGlja2V0")).rejects.toBeInstanceOf(RequestError);
    }
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

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const oddAnswers: Readonly<Record<string, string>> = {
  "an error below 200000 levels": `{"error": ${deep(200_000)}}`,
  "fields below 200000 levels": `{"name": ${deep(200_000)}, "items": [], "packages": [], "permissions": {}, "builds": []}`,
  "items that are null": '{"items": [null], "name": "x", "packages": [null], "permissions": {"me": null}, "builds": {}}',
  "fields of other types":
    '{"items": {"a": 1}, "name": "x", "packages": {"a": 1}, "permissions": {"me": null}, "builds": 7, "additional_repos": 7}',
};

describe.each(Object.entries(oddAnswers))("an answer with %s", (_name, answer) => {
  test.each([
    ["list"],
    ["list-builds", "prj"],
    ["list-packages", "prj"],
    ["get", "prj"],
    ["monitor", "prj"],
    ["get-package", "prj", "--name", "x", "--with-all-builds"],
    ["get-chroot", "prj/fedora-43-x86_64"],
    ["list-permissions", "prj"],
    ["list-chroots"],
    ["delete-build", "1"],
    ["status", "1"],
    ["watch-build", "1"],
  ])("makes no trace: %s %s", async (...argv) => {
    const { url } = await webServer((response) => response.writeHead(200, { "content-type": "application/json" }).end(answer));
    const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
    const { exit, stderr } = await runCli({ argv, config });
    // Some commands have nothing to do with what is odd.
    if (exit !== 0) expect([exit, stderr]).toEqual([expect.toBeOneOf([1, 5]), expect.stringContaining("The frontend's answer ")]);
    expect(stderr).not.toMatch(/node:|\n {4}at |This is a bug/);
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
