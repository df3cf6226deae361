import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { sendJson, webServer } from "../support/web-server.ts";

const FAILED = `Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.abc
+ make
main.c:3:5: error: 'nosuch' undeclared (first use in this function)
make: *** [Makefile:2: main.o] Error 1
error: Bad exit status from /var/tmp/rpm-tmp.abc (%build)

RPM build errors:
    Bad exit status from /var/tmp/rpm-tmp.abc (%build)
`;
const CAUSE = "main.c:3:5: error: 'nosuch' undeclared (first use in this function)";

describe("logs on a disk", () => {
  test("are explained without any configuration, and with one that is broken", async () => {
    for (const config of [undefined, "nonsense"]) {
      const { exit, stdout, stderr } = await runCli({
        argv: ["explain", "out"],
        ...(config === undefined ? {} : { config }),
        files: { "out/build.log": FAILED, "out/state.log": "", "out/x.rpm": "rpm" },
      });
      expect([exit, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^out failed, in %build: compile-error\n {2}build\.log:3 {2}main\.c:3:5: error: /);
      expect(stdout).toMatch(/\n {2}More: less \+3 out\/build\.log\n$/);
    }
  });

  test("may be packed, single files, or those of several chroots", async () => {
    const files = { "out/one/build.log.gz": gzipSync(FAILED), "out/two/build.log": FAILED, "saved.txt": FAILED };
    const several = await runCli({ argv: ["explain", "out", "--output-format", "jsonl"], files });
    const causes = several.stdout.trimEnd().split("\n");
    for (const line of causes) expectSchema("copr-cli-explain.jsonl", line);
    expect(causes.map((line) => JSON.parse(line) as object)).toMatchObject([{ chroot: "out/one" }, { chroot: "out/two", phase: "build" }]);
    const single = await runCli({ argv: ["explain", "saved.txt", "--json"], files });
    expectSchema("copr-cli-explain.json", single.stdout);
    expect(JSON.parse(single.stdout)).toMatchObject({
      category: "compile-error",
      lines: [{ file: "saved.txt", line: 3, text: CAUSE }],
      others: [],
    });
  });

  test("without a known cause show the last lines of what failed", async () => {
    const log = FAILED.replace(CAUSE, "it went wrong").replace(/^make: .*\n/m, "");
    const { exit, stdout } = await runCli({ argv: ["explain", "build.log"], files: { "build.log": log.replace("+ make\n", "") } });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^build\.log failed, in %build: no cause found\n {2}The last lines there:\n {2}build\.log:1 /);
    expect(stdout).toMatch(/\n {2}build\.log:2 {2}it went wrong\n {2}More: less \+2 build\.log\n$/);
  });

  test.each([
    [["explain", "nowhere"], 2, /^\nError: Cannot read 'nowhere': no such file or directory\nName a build by its number/],
    [["explain", "empty"], 3, /^\nError: There are no logs in 'empty'\n$/],
    [["explain"], 2, /missing required argument/],
  ])("%j is told in a sentence", async (argv, status, message) => {
    const { exit, stdout, stderr } = await runCli({ argv, files: { "empty/x.rpm": "" } });
    expect([exit, stdout]).toEqual([status, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("a build", () => {
  const chroots = { "fedora-43-aarch64": "failed", "fedora-43-x86_64": "failed", "fedora-9-x86_64": "succeeded" };

  async function explain(state: string, ...words: string[]) {
    const { url, requests } = await webServer((response, request) => {
      const { pathname } = new URL(request.url, "http://x");
      const log = /^\/results\/.*\/(.*)$/.exec(pathname)?.[1];
      if (log !== undefined) return log === "build.log.gz" ? response.end(gzipSync(FAILED)) : response.writeHead(404).end();
      if (pathname.endsWith("/build-chroot/list")) {
        const items = Object.entries(chroots).map(([name, own]) => ({
          name,
          state: state === "failed" ? own : state,
          started_on: 100,
          ended_on: 292,
          result_url: `${url}/results/${name}/`,
        }));
        return sendJson(response, { items, meta: {} });
      }
      const source_package = { name: "hello", version: "2.12-1", url: null };
      return sendJson(response, { id: 7, state, ownername: "me", projectname: "prj", chroots: [], source_package });
    });
    const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
    return { ...(await runCli({ argv: ["explain", "7", ...words], config })), requests };
  }

  test("is explained once for all chroots with the same cause", async () => {
    const { exit, stdout } = await explain("failed");
    expect(exit).toBe(0);
    expect(stdout).toBe(
      [
        "hello-2.12-1 failed in fedora-43-aarch64, in %build after 3 min 12 s: compile-error",
        `  build.log:3  ${CAUSE}`,
        stdout.split("\n")[2] as string,
        "  Same cause in: fedora-43-x86_64        More: copr-cli logs 7 -r fedora-43-aarch64",
        "",
      ].join("\n"),
    );
    expect(stdout.split("\n")[2]).toMatch(/^ {2}The compiler refuses main\.c, line 3/);
  });

  test("in one chroot, as data", async () => {
    const { stdout } = await explain("failed", "-r", "fedora-43-x86_64", "--json");
    expectSchema("copr-cli-explain.json", stdout);
    expect(JSON.parse(stdout)).toMatchObject({
      build: 7,
      project: "me/prj",
      chroot: "fedora-43-x86_64",
      same_in: [],
      seconds: 192,
      others: [],
    });
  });

  test("that has not failed is said so", async () => {
    const { exit, stderr } = await explain("succeeded");
    expect([exit, stderr]).toEqual([3, "\nError: Build 7 has not failed: its state is succeeded\n"]);
  });
});
