import { beforeEach, expect, test } from "vitest";
import type { ErrorKind } from "../../src/core/records/error-document.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { sendJson, type WebServer, webServer } from "../support/web-server.ts";

// What programs are told of each kind of error, and nothing else on either stream.

let server: WebServer;
beforeEach(async () => {
  // Builds are numbered by what becomes of who asks for them.
  const times = { submitted_on: 1, started_on: null, ended_on: 2 };
  server = await webServer((response, { url }) => {
    const [, number = ""] = /\/build\/(\d+)$/.exec(url) ?? [];
    const status = Number(number.slice(0, 3));
    if (url.includes("/build/create/")) return sendJson(response, { id: 404, projectname: "prj", ownername: "me", state: "importing" });
    if (url.includes("/build/list")) return sendJson(response, { items: [7], meta: {} });
    if (url.includes("/build-chroot/")) return sendJson(response, { items: [], meta: {} });
    if (number === "200") return response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    if (number === "201") return response.writeHead(200, { "content-length": 100 }).write("{", () => response.destroy());
    if (number === "7") return sendJson(response, { id: 7, state: "canceled", ownername: "me", projectname: "prj", chroots: [], ...times });
    if (number.endsWith("1") && status === 500) return response.writeHead(status).end("<html>");
    return sendJson(response, { error: "No\u001b[2J." }, status);
  });
});

const configOf = (url: string): string => `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
const asked = (id: number) => (): CliRun => ({ argv: ["get-build", String(id)], config: configOf(server.url) });

test.each<[string, () => CliRun, ErrorKind, number | null, number]>([
  ["a wrong word", () => ({ argv: ["get-build", "../x"] }), "usage", null, 2],
  ["a wrong command", () => ({ argv: ["stats", "7"] }), "usage", null, 2],
  ["a broken configuration", () => ({ argv: ["list"], config: "copr_url = x\n" }), "configuration", null, 6],
  [
    "an address that is not encrypted",
    () => ({ argv: ["whoami"], config: "[copr-cli]\ncopr_url = http://127.0.0.1:9\n" }),
    "configuration",
    null,
    6,
  ],
  ["a token that is void", asked(401), "authentication", 401, 1],
  ["what is not allowed", asked(403), "authentication", 403, 7],
  ["what is not there", asked(404), "request", 404, 1],
  ["what is refused", asked(400), "request", 400, 1],
  ["a frontend in trouble", asked(500), "request", 500, 1],
  ["a page of a proxy", asked(5001), "response", 500, 1],
  ["a gateway that waited in vain", asked(504), "network", 504, 3],
  ["no connection", () => ({ argv: ["get-build", "7"], config: configOf("http://127.0.0.1:9") }), "network", null, 1],
  ["an answer that breaks off", asked(201), "network", null, 1],
  ["an answer in no JSON", asked(200), "response", 200, 1],
  ["an answer that can't be", () => ({ argv: ["list-builds", "prj"], config: configOf(server.url) }), "response", null, 5],
  ["a path that is not there", () => ({ argv: ["explain", "nosuch"] }), "usage", null, 2],
])("%s", async (_, make, kind, status, exitCode) => {
  const { argv, ...run } = make();
  const { exit, stdout, stderr } = await runCli({ ...run, argv: [...argv, "--json"] });
  expect(stderr).toMatch(/^.+\n$/);
  expectSchema("error", stderr);
  expect([exit, stdout, JSON.parse(stderr)]).toMatchObject([exitCode, "", { error: { kind, status, exit_code: exitCode } }]);
  expect(stderr).not.toContain("001b");
});

test("a build that was canceled is told in JSON, and why it counts as none", async () => {
  const { exit, stdout, stderr } = await runCli({ argv: ["watch-build", "7", "--json"], config: configOf(server.url) });
  expectSchema("copr-cli-watch-build.json", stdout);
  expect([exit, JSON.parse(stderr)]).toMatchObject([4, { error: { kind: "canceled", status: null, exit_code: 4 } }]);
});

test("a build that was made is told in JSON, whatever becomes of the wait for it", async () => {
  const { exit, stdout, stderr } = await runCli({ argv: ["buildgem", "prj", "--gem", "hello", "--json"], config: configOf(server.url) });
  expect([exit, JSON.parse(stdout), JSON.parse(stderr)]).toMatchObject([
    1,
    { builds: [{ id: 404, project: "me/prj", state: "importing" }] },
    { error: { kind: "request", status: 404 } },
  ]);
  // Of a build that was not made, and is not there, there is nothing to tell.
  const other = await runCli({ argv: ["watch-build", "404", "--json"], config: configOf(server.url) });
  expect([other.exit, other.stdout]).toEqual([1, ""]);
});
