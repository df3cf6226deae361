import { beforeEach, describe, expect, test } from "vitest";
import { buildLines } from "../../src/cli/board/build-lines.ts";
import { describeBuild } from "../../src/cli/format/describe-build.ts";
import type { Build, BuildChroot } from "../../src/core/api/index.ts";
import { buildRecord } from "../../src/core/builds/build-record.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { sendJson, type WebServer, webServer } from "../support/web-server.ts";

// A frontend whose answers are short of what may be missing, or long of what strangers write.

interface Told {
  build: object;
  chroot: object;
  monitored: object;
  packageName: string;
}

let told: Told;
let server: WebServer;
beforeEach(async () => {
  server = await webServer((response, { url }) => {
    const { pathname } = new URL(url, "http://x");
    switch (pathname.replace("/api_3", "")) {
      case "/build/7":
        return sendJson(response, told.build);
      case "/build/list":
        return sendJson(response, { items: url.includes("offset=") ? [] : [told.build], meta: {} });
      case "/build-chroot/list":
        return sendJson(response, { items: [told.chroot], meta: {} });
      case "/build/source-chroot/7":
        return sendJson(response, { state: "succeeded" });
      case "/monitor":
        return sendJson(response, { packages: [{ name: told.packageName, chroots: { "fedora-43-x86_64": told.monitored } }] });
      default:
        return sendJson(response, { error: "Not there" }, 404);
    }
  });
});

function cli(...argv: string[]): Promise<CliResult> {
  return runCli({ argv, config: `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${server.url}\nencrypted = no\n` });
}

const board = { columns: 200, rows: 50, hasColor: false, isUnicode: true, now: 100 };
const allFields = "id,name,state,version,submitter,submitted_on,started_on,ended_on,url";

describe("a build of which hardly anything is told", () => {
  const build = { id: 7, state: "failed", ownername: "me", projectname: "prj" };
  const chroot = { name: "fedora-43-x86_64", state: "failed" };
  beforeEach(() => (told = { build, chroot, monitored: { build_id: 7, state: "failed" }, packageName: "hello" }));

  test.each<[number, ...string[]]>([
    [0, "get-build", "7"],
    [0, "list-builds", "me/prj", "--output-format", "table", "--fields", allFields],
    [0, "board", "me/prj"],
    [0, "monitor", "me/prj", "--output-format", "text-row"],
    [0, "explain", "7"],
    [1, "logs", "7"],
    [4, "logs", "7", "-f", "-r", "all"],
    [4, "watch-build", "7", "--ci", "gitlab"],
    [0, "download-build", "7", "--logs"],
  ])("is shown as far as it is known: exit status %i of %s", async (status, ...argv) => {
    // The one that asks for more than this frontend has.
    const expected = argv[0] === "download-build" ? 1 : status;
    const { exit, stdout, stderr } = await cli(...argv);
    expect([exit, stdout + stderr]).toEqual([expected, expect.not.stringMatching(/NaN|Invalid|undefined|null|bug|can't be read/)]);
  });

  test("is data that its schema describes", async () => {
    for (const argv of [
      ["get-build", "7"],
      ["board", "me/prj"],
      ["explain", "7"],
      ["watch-build", "7"],
    ]) {
      const { stdout } = await cli(...argv, "--json");
      expectSchema(`copr-cli-${argv[0]}.json`, stdout);
    }
  });

  test("is a line on a board, too", () => {
    const record = buildRecord("https://copr.example.org", build as unknown as Build, [chroot as unknown as BuildChroot]);
    const lines = buildLines([record], { lastLines: new Map() }, board).map(({ plain }) => plain);
    expect(lines).toEqual(["✘ Build 7  failed  https://copr.example.org/coprs/build/7", "  ✘ fedora-43-x86_64  failed"]);
  });
});

describe("what strangers write", () => {
  const evil = (text: string): string => `${text}\u202e\u2066\u009b2J\u001b]0;x\u0007\n::error::forged\r\nBuild 8: succeeded`;
  const times = { submitted_on: 1, started_on: 2, ended_on: 3 };
  const chroot = { name: "fedora-43-x86_64", state: "failed", result_url: null, ...times };
  const build = { id: 7, state: "failed", ownername: "me", projectname: "prj", chroots: [], ...times };
  beforeEach(() => {
    told = {
      build: { ...build, submitter: evil("bob"), source_package: { name: evil("hello"), version: evil("1-1"), url: null } },
      chroot,
      monitored: { build_id: 7, state: "failed", pkg_version: evil("1-1") },
      packageName: evil("hello"),
    };
  });

  test.each<string[][]>([
    [["get-build", "7"]],
    [["board", "me/prj"]],
    [["list-builds", "me/prj", "--output-format", "table", "--fields", allFields]],
    [["explain", "7"]],
    [["cancel", "7", "7", "--dry-run"]],
    [["watch-build", "7", "--ci", "github"]],
  ])("begins no line, and turns none around: %j", async (argv) => {
    const { stdout, stderr } = await cli(...argv);
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(stdout + stderr).not.toMatch(/^\s*(::error::|Build 8)/m);
    expect(stdout).toMatch(/7|hello/);
  });

  test("is one line of a build on a board, whose state stays where it is", () => {
    const record = buildRecord("https://copr.example.org", told.build as Build, [chroot as BuildChroot]);
    const lines = buildLines([record], { lastLines: new Map([["7/fedora-43-x86_64", evil("gcc")]]) }, board).map(({ plain }) => plain);
    expect(lines.join("\n")).toMatch(/^✘ Build 7 {2}hello ::error::forged .* failed .*\n {2}✘ fedora-43-x86_64 {2}failed.*$/);
    expect(describeBuild(record, false).split("\n")[1]).toMatch(/^failed, submitted /);
  });
});

test.each([
  [["plan"]],
  [["apply", "--yes"]],
  [["fork", "alice/prj", "prj"]],
  [["create", "prj", "--chroot", "fedora-43-x86_64", "--exist-ok"]],
])("a page that is not found, but not by the frontend, is no missing project: %j", async (argv) => {
  const proxy = await webServer((response) => response.writeHead(404, { "content-type": "text/html" }).end("<html>Not found</html>"));
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${proxy.url}\nencrypted = no\n`;
  const files = { "copr.yaml": "project: me/prj\nchroots:\n  fedora-43-x86_64:\n" };
  const { exit, stdout, stderr } = await runCli({ argv: [...argv, "--json"], config, files });
  expect([exit, stdout, JSON.parse(stderr)]).toMatchObject([1, "", { error: { kind: "response", status: 404 } }]);
  expect(proxy.requests.map(({ method }) => method)).toEqual(["GET"]);
});
