import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { runOnTerminal, type TerminalOptions, type TerminalRun } from "../support/terminal-run.ts";
import { sendJson, webServer } from "../support/web-server.ts";

const LOG = [
  "Start: build phase for hello",
  "Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.abc",
  "+ make",
  "main.c:3:5: error: 'nosuch' undeclared (first use in this function)",
  "make: *** [Makefile:2: main.o] Error 1",
  "error: Bad exit status from /var/tmp/rpm-tmp.abc (%build)",
  "RPM build errors:",
  "    Bad exit status from /var/tmp/rpm-tmp.abc (%build)",
  "",
].join("\n");

/** How a build stands in each of its chroots, at each question for it; the last one stays. */
type Story = readonly Readonly<Record<string, string>>[];

interface Run {
  builds: Readonly<Record<number, Story>>;
  name?: string;
  words?: readonly string[];
}

/** watch-build on a terminal, of a frontend whose builds go on with each question. */
async function watch({ builds, name = "hello", words = [] }: Run, options: TerminalOptions = {}) {
  const asked = new Map<string, number>();
  const now = Math.floor(Date.now() / 1000);
  const { url, requests } = await webServer((response, request) => {
    const { pathname, searchParams } = new URL(request.url, "http://x");
    const logs = /^\/results\/(\d+)\/(.*)\/(.*)$/.exec(pathname);
    if (logs) return logs[3] === "build.log" ? response.end(LOG) : response.writeHead(404).end();
    if (pathname.endsWith("/build/list"))
      return sendJson(response, { items: Object.keys(builds).map((id) => buildOf(Number(id))), meta: {} });
    const isChroots = pathname.endsWith("/build-chroot/list");
    const id = Number(isChroots ? searchParams.get("build_id") : pathname.split("/").at(-1));
    if (!isChroots) return sendJson(response, buildOf(id));
    const states = Object.entries(stateOf(id));
    const started = now - 30;
    sendJson(response, {
      items: states.map(([chroot, state]) => ({
        name: chroot,
        state,
        started_on: state === "waiting" || state === "pending" ? null : started,
        ended_on: isOver(state) ? started + 25 : null,
        result_url: state === "waiting" || state === "pending" ? null : `${url}/results/${id}/${chroot}/`,
      })),
    });
  });
  const stateOf = (id: number): Readonly<Record<string, string>> => {
    const story = builds[id] as Story;
    const at = asked.get(`${id}`) ?? 0;
    asked.set(`${id}`, at + 1);
    return story[Math.min(at, story.length - 1)] as Readonly<Record<string, string>>;
  };
  const buildOf = (id: number) => {
    const states = Object.values(stateOf(id));
    const state = ["running", "pending", "failed", "canceled", "succeeded"].find((one) => states.includes(one)) ?? "waiting";
    const source_package = { name, version: "1.0-1", url: null };
    const times = { submitted_on: now - 60, started_on: now - 40, ended_on: isOver(state) ? now : null };
    return {
      id,
      state,
      ownername: "me",
      projectname: "prj",
      project_dirname: "prj",
      chroots: [],
      submitter: "me",
      source_package,
      ...times,
    };
  };
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "copr"), `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`);
  const argv = [...bin.cli, "watch-build", ...Object.keys(builds), "--poll-interval", "1", ...words];
  const run = await runOnTerminal(argv, { ...options, env: { HOME: home, ...options.env } });
  return { ...run, url, requests };
}

function isOver(state: string): boolean {
  return ["succeeded", "failed", "canceled"].includes(state);
}

const running = { "fedora-43-x86_64": "running", "fedora-rawhide-x86_64": "pending" };
const failing = { "fedora-43-x86_64": "succeeded", "fedora-rawhide-x86_64": "failed" };
const expectRestored = (run: TerminalRun): void => expect([run.isRestored, run.isCursorVisible]).toEqual([true, true]);

describe("watch-build on a terminal", () => {
  test("shows each chroot, the cause of a failure, and ends with 4", async () => {
    const run = await watch(
      { builds: { 7: [running, running, running, failing] } },
      { columns: 120, steps: [{ until: "pending" }, { sleep: 1 }] },
    );
    const during = run.screens.at(-1) as string[];
    expect(during[0]).toBe("Watching build(s): (this may be safely interrupted)");
    expect(during[1]).toMatch(/^● Build 7 {2}hello 1\.0-1 {2}running {2}\d+ s {2}http:/);
    expect(during[2]).toMatch(/^ {2}● fedora-43-x86_64 {7}running {2}\d+ s$/);
    expect(during[3]).toBe("  ◷ fedora-rawhide-x86_64  pending");
    const end = run.screen.join("\n");
    expect(end).toContain("hello-1.0-1 failed in fedora-rawhide-x86_64, in %build after 25 s: compile-error\n");
    expect(end).toContain("  build.log:4  main.c:3:5: error: 'nosuch' undeclared (first use in this function)\n");
    expect(end).toMatch(/ {2}✔ fedora-43-x86_64 {7}succeeded {2}25 s\n {2}✘ fedora-rawhide-x86_64 {2}failed {2}25 s\n/);
    expect(end).toMatch(/\nBuild error: Build\(s\) 7 failed\.$/);
    expect(run.exit).toBe(4);
    expectRestored(run);
  });

  test.each([
    [40, 24],
    [80, 24],
    [200, 50],
    [80, 3],
    [20, 4],
  ])("fits into %i columns and %i lines, with wide characters", async (columns, rows) => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [at + 1, [running]]));
    const steps = [{ until: "Build 1" }, { sleep: 1.5 }, { type: "\u0003" }];
    const run = await watch({ builds: many, name: "日本語パッケージ" }, { columns, rows, steps });
    const during = run.screens[1] as string[];
    expect(during.length).toBeLessThanOrEqual(rows);
    expect(during.some((line) => line.includes("Build 1"))).toBe(true);
    // A line that was too long would have left pieces of it behind.
    expect(run.history.filter((line) => /^. Build 1 /.test(line)).length).toBeLessThanOrEqual(1);
    expect(run.exit).toBe(0);
    expectRestored(run);
  });

  test("is drawn anew after a resize, and leaves nothing of the old frame", async () => {
    const steps = [{ until: "pending" }, { sleep: 1 }, { resize: [50, 10] as [number, number] }, { sleep: 2 }];
    const run = await watch({ builds: { 7: [running, running, running, running, running, failing] } }, { steps });
    const after = run.screens.at(-1) as string[];
    expect(after.filter((line) => line.includes("Build 7"))).toHaveLength(1);
    expect(after.filter((line) => line.includes("fedora-43"))).toHaveLength(1);
    expectRestored(run);
  });

  test("writes nothing but lines that changed", async () => {
    const run = await watch(
      { builds: { 7: [running, running, running, running, failing] } },
      { steps: [{ until: "pending" }, { sleep: 2 }] },
    );
    const frames = run.raw.slice(0, run.raw.indexOf("failed")).split("fedora-rawhide-x86_64").length - 1;
    expect(frames).toBeLessThanOrEqual(2);
  });

  test.each([
    ["Ctrl-C", { type: "\u0003" }, 0],
    ["SIGTERM", { signal: "SIGTERM" as const }, 143],
  ])("%s leaves the terminal as it was", async (_, step, status) => {
    const run = await watch({ builds: { 7: [running] } }, { steps: [{ until: "pending" }, { sleep: 0.5 }, step] });
    expect(run.exit).toBe(status);
    expectRestored(run);
  });

  test("of many builds no chroot is shown with a state that it does not have, at two requests a round", async () => {
    const builds = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((id) => [id, [id === 6 ? failing : running]]));
    const run = await watch(
      { builds: { ...builds, 5: [{ "fedora-43-x86_64": "succeeded" }] } },
      {
        rows: 40,
        steps: [{ until: "Build 4" }, { sleep: 0.6 }, { sleep: 12 }, { type: "\u0003" }],
      },
    );
    expect(run.screens[1]?.filter((line) => line.includes("waiting"))).toEqual([]);
    const shown = run.screens[2] ?? [];
    for (const id of [1, 2, 3, 4, 7]) {
      const at = shown.findIndex((line) => line.includes(`Build ${id} `));
      expect(shown.slice(at + 1, at + 3), `build ${id}`).toEqual([
        expect.stringMatching(/^ {2}. fedora-43-x86_64 {7}running/),
        expect.stringMatching(/^ {2}. fedora-rawhide-x86_64 {2}pending/),
      ]);
    }
    const asked = run.requests.map(({ url }) => url.replace(/\?.*/, "")).filter((url) => url.startsWith("/api_3/"));
    const rounds = asked.filter((url) => url.endsWith("/build/list")).length;
    // The first asks for the failed build, too, and finds out why.
    expect(asked.length).toBeLessThanOrEqual(2 * rounds + 3);
  });

  test("Ctrl-Z gives the cursor back, and the board goes on afterwards", async () => {
    const steps = [
      { until: "pending" },
      { sleep: 0.5 },
      { signal: "SIGTSTP" as const },
      { sleep: 1 },
      { signal: "SIGCONT" as const },
      { sleep: 1.5 },
      { type: "\u0003" },
    ];
    const run = await watch({ builds: { 7: [running] } }, { steps });
    expect(run.raw.split("\u001b[?25h")).toHaveLength(3);
    expect(run.screens[5]?.filter((line) => line.includes("Build 7")).length).toBeGreaterThan(0);
    expect(run.exit).toBe(0);
    expectRestored(run);
  });

  test.each([
    ["TERM=dumb", { env: { TERM: "dumb" } }, []],
    ["--plain", {}, ["--plain"]],
    ["CI", { env: { CI: "true" } }, []],
  ])("%s gets lines", async (_, options, words) => {
    const run = await watch({ builds: { 7: [running, failing] }, words }, options);
    // oxlint-disable-next-line no-control-regex
    expect(run.raw).not.toMatch(/\u001b\[(\d*[ABJK]|\?25)/);
    expect(run.screen[1]).toMatch(/^ {2}\d\d:\d\d:\d\d Build 7: running$/);
    expect(run.exit).toBe(4);
  });

  test("NO_COLOR and a locale without other characters are kept to", async () => {
    const run = await watch({ builds: { 7: [running, failing] } }, { env: { NO_COLOR: "1", LC_ALL: "C" } });
    // oxlint-disable-next-line no-control-regex
    expect(run.raw).not.toMatch(/\u001b\[\d+m/);
    expect(run.screen.join("\n")).toContain("  x fedora-rawhide-x86_64  failed");
  });

  test("text of strangers draws nothing", async () => {
    const run = await watch({ builds: { 7: [running, failing] }, name: "a\u001b[2Jb\nc\u009b31m" });
    expect(run.raw).not.toContain("\u001b[2J");
    expect(run.raw).not.toContain("\u009b");
    expect(run.screens.at(-1) ?? run.screen).toContainEqual(expect.stringMatching(/^✘ Build 7 {2}ab c 1\.0-1 {2}failed/));
  });
});
