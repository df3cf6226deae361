import stringWidth from "string-width";
import { mkdir, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { runOnTerminal, type TerminalOptions } from "../support/terminal-run.ts";
import { sendJson, webServer } from "../support/web-server.ts";

interface Cell {
  state: string;
  status: number;
  build_id: number;
  pkg_version: string | null;
}

const cell = (state: string, build_id: number, pkg_version: string | null = "1-1"): Cell => ({ state, status: 0, build_id, pkg_version });
const few = {
  curl: { "fedora-43-x86_64": cell("succeeded", 1, "8.9-1"), "fedora-9-x86_64": cell("failed", 1, "8.9-1") },
  zsh: { "fedora-43-x86_64": cell("running", 2, null) },
  "a\u001b[2Jb": { "fedora-43-x86_64": cell("pending", 3, null) },
};

/** A project whose packages are those of each question in turn; the last one stays. */
async function project(...rounds: readonly (Readonly<Record<string, Record<string, Cell>>> | ((response: ServerResponse) => void))[]) {
  const now = Math.floor(Date.now() / 1000);
  let round = 0;
  const { url, requests } = await webServer((response, request) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname.endsWith("/monitor")) {
      const packages = rounds[Math.min(round++, rounds.length - 1)] ?? {};
      if (typeof packages === "function") return packages(response);
      return sendJson(response, { packages: Object.entries(packages).map(([name, chroots]) => ({ name, chroots })) });
    }
    const times = { submitted_on: now - 9000, started_on: now - 8000, ended_on: now - 7300 };
    const build = {
      id: 1,
      state: "failed",
      ownername: "me",
      projectname: "prj",
      chroots: [],
      source_package: { name: "curl", version: "8.9-1" },
    };
    if (pathname.endsWith("/build/list")) return sendJson(response, { items: [{ ...build, ...times }], meta: {} });
    if (pathname.endsWith("/build-chroot/list")) {
      const result_url = `${url}/results/`;
      return sendJson(response, { items: [{ name: "fedora-9-x86_64", state: "failed", started_on: 1, ended_on: 2, result_url }] });
    }
    if (pathname.startsWith("/results/"))
      return pathname.endsWith(".log") ? response.end("one\ntwo\nthe end of it\n") : response.writeHead(404).end();
    return sendJson(response, { ...build, ...times });
  });
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  const asked = (): string[] => requests.map((request) => new URL(request.url, "http://x").pathname.replace("/api_3/", ""));
  return { config, asked };
}

async function board({ config }: { config: string }, options: TerminalOptions, ...words: string[]) {
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "copr"), config);
  return runOnTerminal([...bin.cli, "board", "prj", ...words], { ...options, env: { HOME: home } });
}

const watch = (frontend: { config: string }, options: TerminalOptions) => board(frontend, options, "--watch", "--poll-interval", "1");

describe("board", () => {
  test("prints packages below and chroots beside one another", async () => {
    const { config, asked } = await project(few);
    const { exit, stdout } = await runCli({ argv: ["board", "prj"], config });
    expect(exit).toBe(0);
    expect(stdout.replace(/\d\d:\d\d:\d\d/, "TIME")).toBe(
      [
        "me/prj  1 of 3 packages failed  TIME",
        "          fedora-9    fedora-43",
        " curl     ✘ 8.9-1 2h  ✔ 8.9-1 2h",
        " zsh                  ● running",
        " ab                   ◷ pending",
        "",
      ].join("\n"),
    );
    expect(asked()).toEqual(["monitor", "build/list"]);
    const narrow = await board({ config }, { columns: 20 });
    expect(narrow.screen).toEqual(["me/prj  1 of 3 pack…", "          fedora-9 …", " curl     ✘ 8.9-1 2h", " zsh", " ab"]);
  });

  test("filters by failure, package and chroot, and prints data", async () => {
    const { config } = await project(few);
    const json = await runCli({ argv: ["board", "prj", "--failed", "--json"], config });
    expectSchema("copr-cli-board.json", json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { name: "curl", chroots: [{ chroot: "fedora-43-x86_64", build_id: 1 }, { state: "failed" }] },
    ]);
    const lines = await runCli({ argv: ["board", "prj", "--package", "z*", "-r", "fedora-4*", "--output-format", "jsonl"], config });
    expectSchema("copr-cli-board.jsonl", lines.stdout);
    expect(JSON.parse(lines.stdout)).toMatchObject({ name: "zsh", chroots: [{ state: "running", version: null }] });
    const endless = await runCli({ argv: ["board", "prj", "--watch", "--json"], config });
    expect([endless.exit, endless.stdout]).toEqual([2, ""]);
    expectSchema("error", endless.stderr);
  });

  test("moves, searches, shows a build and a log, and quits", async () => {
    const frontend = await project(few);
    const steps = [
      { until: "q quit" },
      { type: "/cur\r" },
      { until: '"cur"' },
      { type: "\r" },
      { until: "Build 1 of me/prj" },
      { sleep: 0.3 },
      { type: "x" },
      { sleep: 0.3 },
      { type: "l" },
      { until: "the end of it" },
      { sleep: 0.3 },
      { type: "x" },
      { sleep: 0.3 },
      { type: "q" },
    ];
    const run = await watch(frontend, { steps });
    expect(run.screens[0]?.[2]).toBe(" curl     ✘ 8.9-1 2h  ✔ 8.9-1 2h");
    expect(run.screens[7]?.slice(2, -1).join("")).toBe(" curl     ✘ 8.9-1 2h  ✔ 8.9-1 2h");
    expect(run.screens[5]?.[0]).toBe("Build 1 of me/prj: curl-8.9-1");
    expect(run.screens[10]?.slice(0, 3)).toEqual(["one", "two", "the end of it"]);
    expect([run.exit, run.isRestored, run.isCursorVisible, run.screen]).toEqual([0, true, true, []]);
    expect(run.raw).not.toContain("\u001b[2Jb");
  });

  test.each([
    ["Ctrl-C", "\u0003", 0],
    ["q while the search is open is a letter", "/q\r\u001bq", 0],
  ])("%s", async (_, typed, exit) => {
    const run = await watch(await project(few), {
      steps: [
        { until: "q quit" },
        { type: typed.slice(0, 3) },
        { sleep: 0.7 },
        { type: typed.slice(3) || "q" },
        { sleep: 0.7 },
        { type: "q" },
      ],
    });
    expect([run.exit, run.isRestored, run.isCursorVisible]).toEqual([exit, true, true]);
  });

  test.each([["on the whole terminal"], ["in lines"]])(
    "a server in trouble is waited for, a project that was deleted ends it: %s",
    async (where) => {
      const gone = (response: ServerResponse) => sendJson(response, { error: "Project me/prj does not exist." }, 404);
      const down = (response: ServerResponse) => sendJson(response, { error: "down\u001b]0;evil\u0007" }, 502);
      const frontend = await project(few, down, { curl: { "fedora-9-x86_64": cell("succeeded", 5, "8.9-2") } }, gone);
      const run =
        where === "in lines"
          ? // What has failed is told also when it does no more.
            await runCli({ argv: ["board", "prj", "--failed", "--watch", "--poll-interval", "1"], config: frontend.config })
          : await watch(frontend, { steps: [{ until: "the server has trouble" }, { until: "8.9-2" }] });
      const told = "stderr" in run ? run.stderr : run.screen.join("\n");
      expect(run.exit).toBe(1);
      expect(told).toContain("Project me/prj does not exist.");
      if ("stdout" in run) {
        expect(run.stderr).toContain("The server has trouble, still waiting: ");
        expect(run.stdout).toContain("curl fedora-9-x86_64: succeeded (build 5)\n");
      } else {
        expect([run.isRestored, run.isCursorVisible]).toEqual([true, true]);
        expect(run.raw).not.toContain("\u001b]0;");
      }
    },
  );

  test("one request a round, and only what changed is drawn: 2,000 packages", async () => {
    const many = (state: string) =>
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, at) => [
          `package-${String(at).padStart(4, "0")}`,
          { "fedora-43-x86_64": cell(at === 0 ? state : "succeeded", at) },
        ]),
      );
    const frontend = await project(many("running"), many("running"), many("failed"));
    const steps = [
      { until: "q quit" },
      { sleep: 0.5 },
      { until: "✘" },
      { sleep: 0.3 },
      { type: "\u001b[F" },
      { until: "package-1999" },
      { type: "q" },
    ];
    const run = await watch(frontend, { columns: 80, rows: 24, steps });
    expect(run.screens[1]).toHaveLength(24);
    expect(run.screens[3]?.[0]).toMatch(/ 1 of 2000 packages failed$/);
    expect(frontend.asked().filter((path) => path !== "monitor")).toEqual(["build/list"]);
    expect(run.raw.split("package-0005").length - 1).toBeLessThanOrEqual(2);
    expect(run.isRestored).toBe(true);
  });

  test.each([
    [40, 24],
    [200, 5],
    [80, 3],
  ])("fits into %i columns and %i lines", async (columns, rows) => {
    const wide = { 日本語パッケージ日本語パッケージ: few.curl };
    const frontend = await project({ ...few, ...wide });
    const resized = [60, 8] as [number, number];
    const steps = [{ until: "me/prj" }, { sleep: 0.5 }, { resize: resized }, { sleep: 1 }, { type: "q" }];
    const run = await watch(frontend, { columns, rows, steps });
    const screen = run.screens[1] as string[];
    expect(screen.length).toBeLessThanOrEqual(rows);
    expect(screen[0]).toMatch(/^me\/prj/);
    if (rows > 5) expect(screen.slice(2, 6).map((line) => line.trim().slice(0, 2))).toEqual(["cu", "zs", "ab", "日本"]);
    const after = run.screens[3] as string[];
    expect(after.length).toBeLessThanOrEqual(resized[1]);
    expect([after[0], after.at(-1)]).toEqual([
      expect.stringMatching(/^me\/prj .* 2 of 4 packages failed$/),
      expect.stringContaining("q quit"),
    ]);
    expect(Math.max(...after.map((line) => stringWidth(line)))).toBeLessThanOrEqual(resized[0]);
    expect([run.exit, run.isRestored]).toEqual([0, true]);
  });

  test("with more chroots than there is room for shows the chosen one, and breaks no line", async () => {
    const names = Array.from({ length: 9 }, (_, at) => `fedora-${at + 40}-x86_64`);
    const frontend = await project({
      curl: Object.fromEntries(names.map((name, at) => [name, cell("succeeded", 1, `8.9-${at}`)])),
      zsh: { "fedora-40-x86_64": cell("failed", 2, "5-1") },
    });
    const right = "\u001b[C";
    const steps = [
      { until: "zsh" },
      { sleep: 0.5 },
      { type: right.repeat(9) },
      { until: "8.9-8" },
      { sleep: 0.5 },
      { type: "\u001b[B" },
      { sleep: 0.7 },
      { type: "\u001b[D".repeat(8) },
      { sleep: 0.7 },
      { type: "q" },
    ];
    const run = await watch(frontend, { columns: 40, rows: 10, steps });
    const [begin, end, below, back] = [1, 4, 6, 8].map((at) => run.screens[at] as string[]) as [string[], string[], string[], string[]];
    expect(begin[1]).toMatch(/^ {10}fedora-40 +fedora-41/);
    expect(end[1]).toMatch(/^ {10}fedora-47 +fedora-48$/);
    for (const screen of [begin, end, below, back]) {
      expect(screen[2]).toMatch(/^ curl {5}✔ 8\.9-\d/);
      expect(screen[3]).toMatch(/^ zsh/);
      expect(screen.slice(4, -1).join("")).toBe("");
    }
    expect(back[1]).toBe(begin[1]);
  });
});
