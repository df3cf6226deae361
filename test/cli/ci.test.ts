import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CommandGuard } from "../../src/cli/ci/command-guard.ts";
import { escapeMarkdown } from "../../src/cli/ci/summary.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { sendJson, type WebServer, webServer } from "../support/web-server.ts";

const HOSTILE = "x%0A::error::y,z|<b>\r\n::add-mask::a";
const LOG = [
  "Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.x",
  "  ::add-mask::secret",
  "hello ##[add-path]/tmp/evil",
  "hello.c:3:5: error: implicit declaration of function '::set-env name=A::b%0A|<img>'",
  "error: Bad exit status from /var/tmp/rpm-tmp.x (%build)",
  "RPM build errors:",
  "    Bad exit status from /var/tmp/rpm-tmp.x (%build)",
  "",
].join("\n");

/** A build that failed in one of its chroots; the frontend's names are a stranger's. */
async function frontend(name: string): Promise<WebServer> {
  const server = await webServer((response, { url }) => {
    const base = `${server.url}/results/`;
    const times = { submitted_on: 1, started_on: 2, ended_on: 3 };
    const build = {
      id: 7,
      ownername: "me",
      projectname: "prj",
      state: "failed",
      source_package: { name, version: "1-1" },
      chroots: ["fedora-43-x86_64", "epel-9-x86_64"],
      ...times,
    };
    if (url.startsWith("/api_3/build-chroot/list")) {
      const items = [
        { name: "fedora-43-x86_64", state: "failed", ...times, result_url: `${base}f43/` },
        { name: "epel-9-x86_64", state: "succeeded", ...times, result_url: `${base}e9/` },
      ];
      sendJson(response, { items, meta: {} });
    } else if (url.startsWith("/api_3/build/")) sendJson(response, build);
    else if (url === "/results/f43/builder-live.log") response.end(LOG);
    else response.writeHead(404).end();
  });
  return server;
}

function watch(env: Record<string, string>, ...argv: string[]): ReturnType<typeof runCli> {
  return watchNamed(HOSTILE, env, ...argv);
}

async function watchNamed(name: string, env: Record<string, string>, ...argv: string[]): ReturnType<typeof runCli> {
  const { url } = await frontend(name);
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  return runCli({ argv: [...argv, "7"], config, env });
}

/** Commands as GitHub's runner finds them in a stream. */
const commandsOf = (text: string): string[] => text.split(/[\r\n]+/).filter((line) => /^\s*::|##\[/.test(line));
const untimed = (text: string): string => text.replace(/\d\d:\d\d:\d\d/g, "TIME");
const lines = "Watching build(s): (this may be safely interrupted)\n  TIME Build 7: failed\n";

describe("outside of any CI", () => {
  test("a watch prints what it always did", async () => {
    const { exit, stdout, stderr } = await watch({}, "watch-build");
    expect([exit, untimed(stdout), stderr]).toEqual([4, lines, "\nBuild error: Build(s) 7 failed.\n"]);
  });

  test("a bare --ci is no guess", async () => {
    const { exit, stdout, stderr } = await watch({}, "watch-build", "--ci");
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("No CI system is known by its variables: name it.");
  });

  test("--ci github puts the marks around the lines", async () => {
    const { exit, stdout } = await watch({}, "watch-build", "--ci=github");
    expect(exit).toBe(4);
    expect(untimed(stdout)).toContain(`::group::Copr build 7\n${lines}::endgroup::\n::error title=`);
  });
});

describe("in GitHub Actions", () => {
  test("a watch has a group, one annotation and a summary, and the same standard output", async () => {
    const summary = join(await temporaryDirectory(), "summary.md");
    const { exit, stdout, stderr } = await watch({ GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary }, "watch-build");
    expect([exit, untimed(stdout)]).toEqual([4, lines]);
    const commands = commandsOf(stderr);
    expect(commands).toHaveLength(3);
    expect(commands.slice(0, 2)).toEqual(["::group::Copr build 7", "::endgroup::"]);
    const annotation = commands[2] as string;
    expect(annotation).toMatch(/^::error title=x%250A%3A%3Aerror%3A%3Ay%2Cz\|<b> %3A%3Aadd-mask%3A%3Aa-1-1 failed in fedora-43-x86_64::/);
    expect(annotation).toContain("implicit declaration of function");
    expect(annotation).toContain("b%250A|<img>");
    const text = await readFile(summary, "utf8");
    expect(text).toContain("### Copr: 1 build, 1 failed\n");
    expect(text.split("\n").filter((line) => line.startsWith("| [7]("))).toHaveLength(2);
    expect(text).toContain("implicit declaration");
    // Nothing of a stranger is markup.
    expect(text.replaceAll("<br>", "")).not.toMatch(/<|^::/m);
  });

  test("what is told in JSON stays JSON, and with --ci off nothing is told", async () => {
    const json = await watch({ GITHUB_ACTIONS: "true" }, "watch-build", "--json", "--ci");
    expect(JSON.parse(json.stdout)).toMatchObject({ builds: [{ id: 7, package: HOSTILE }] });
    expect(commandsOf(json.stdout)).toEqual([]);
    expect(commandsOf(json.stderr)).toHaveLength(3);
    const off = await watch({ GITHUB_ACTIONS: "true" }, "watch-build", "--ci", "off");
    expect([untimed(off.stdout), off.stderr]).toEqual([lines, "\nBuild error: Build(s) 7 failed.\n"]);
  });

  test.each([[["logs", "-r", "fedora-43-x86_64"]], [["explain"]], [["get-build"]]])("%j prints no stranger's command", async (argv) => {
    const plain = await watch({}, ...argv);
    const { stdout, stderr } = await watch({ GITHUB_ACTIONS: "true" }, ...argv);
    expect(stdout).not.toBe("");
    expect(commandsOf(stdout + stderr)).toEqual([]);
    if (argv[0] === "logs") expect(stdout).toBe(LOG.replace("::add", ": :add").replace("##[", "## ["));
    if (argv[0] === "logs") expect(commandsOf(plain.stdout)).toHaveLength(2);
  });
});

test("in GitLab CI a watch has a section, and the failures in plain lines", async () => {
  // One of GitLab's own marks needs its control sequences.
  const forged = "\u001b[0Ksection_end:1700000000:copr_build_7\r\u001b[0Kx";
  const { exit, stdout, stderr } = await watchNamed(forged, { GITLAB_CI: "true" }, "watch-build");
  expect([exit, untimed(stdout)]).toEqual([4, lines]);
  const marks = stderr.replace(/:\d{10}:/g, ":TIME:").replaceAll("\u001b[0K", "ERASE");
  expect(marks.startsWith("ERASEsection_start:TIME:copr_build_7\rERASECopr build 7\nERASEsection_end:TIME:copr_build_7\rERASE\n")).toBe(
    true,
  );
  expect(stderr).toContain("implicit declaration of function");
  expect(stderr).toContain("section_end:1700000000:copr_build_7");
  expect(stderr.split("\u001b")).toHaveLength(5);
  expect(stderr.split("\r")).toHaveLength(3);
});

describe("the guard", () => {
  const guarded = (...parts: string[]): string => {
    const guard = new CommandGuard();
    return Buffer.concat(parts.map((part) => guard.guard(part))).toString();
  };

  test.each([
    [["::error::x\n"], ": :error::x\n"],
    [["a\r \t::error::x"], "a\r \t: :error::x"],
    [["a ", "::error::x\n:", ":b"], "a ::error::x\n: :b"],
    [["a\n", " ", ":", ":b"], "a\n : :b"],
    [["std::string ##", "[x]\n#", "#[y]"], "std::string ## [x]\n## [y]"],
    [["a:\u200b:b\n:\u200b:c\n\u200b::d #\u00ad#[e"], "a:\u200b:b\n:\u200b :c\n\u200b: :d #\u00ad# [e"],
  ])("%j", (parts, text) => {
    expect(guarded(...parts)).toBe(text);
  });

  test("leaves bytes that are no text", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(Buffer.from(new CommandGuard().guard(bytes)).equals(bytes)).toBe(true);
  });
});

test("Markdown of a stranger is text", () => {
  expect(escapeMarkdown("a|b <img> [x](y) `c`\n# d & *e*")).toBe("a&#124;b &#60;img&#62; \\[x\\]\\(y\\) \\`c\\` \\# d &#38; \\*e\\*");
});
