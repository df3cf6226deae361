import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { isInstalled } from "../docs/installed.ts";
import { installNames } from "../support/installed-names.ts";
import { output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { runOnTerminal } from "../support/terminal-run.ts";
import { sendJson, webServer } from "../support/web-server.ts";

// The boards under what people really run them in: an interactive shell with job control, tmux, script.

const WATCH = "copr-cli watch-build 7 --poll-interval 1";
const BOARD = "copr-cli board prj --watch --poll-interval 1";

/** A home at a frontend with one build, which is gone once `isGone` says so. */
async function home(isGone: () => boolean = () => false) {
  const now = Math.floor(Date.now() / 1000);
  const { url } = await webServer((response, { url: path }) => {
    const chroot = { name: "fedora-43-x86_64", state: "running", started_on: now, ended_on: null, result_url: null };
    if (isGone()) return sendJson(response, { error: "Build 7 does not exist." }, 404);
    if (path.includes("/monitor")) {
      const cell = { state: "running", status: 0, build_id: 7, pkg_version: null };
      return sendJson(response, { packages: [{ name: "curl", chroots: { [chroot.name]: cell } }] });
    }
    if (path.includes("/build-chroot/list")) return sendJson(response, { items: [chroot] });
    const build = { id: 7, state: "running", ownername: "me", projectname: "prj", project_dirname: "prj", chroots: [], submitter: "me" };
    const times = { submitted_on: now, started_on: now, ended_on: null, source_package: { name: "curl", version: "8-1", url: null } };
    return sendJson(response, path.includes("/build/list") ? { items: [], meta: {} } : { ...build, ...times });
  });
  const directory = await temporaryDirectory();
  await mkdir(join(directory, ".config"));
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  await writeFile(join(directory, ".config", "copr"), config);
  const PATH = await installNames(join(directory, "bin"));
  const env = { HOME: directory, PATH, PS1: "ready>", HISTFILE: "", no_proxy: "127.0.0.1", LANG: "C.UTF-8", TERM: "xterm-256color" };
  return { directory, env, settings: (name: string) => readFile(join(directory, name), "utf8") };
}

/** What is typed into bash, each when its prompt is there. */
const typed = (...lines: readonly string[]) => lines.flatMap((line) => [{ until: "ready>" }, { type: `${line}\r` }]);
const bash = ["bash", "--norc", "--noprofile", "-i"];

describe("in bash", () => {
  test.each([
    [WATCH, "7", { type: "\u0003" }, "fedora-43-x86_64"],
    [BOARD, "q quit", { type: "q" }, "q quit"],
  ])("%s stops with Ctrl-Z, goes on with fg, and leaves the terminal as it was", async (command, until, end, shown) => {
    const { directory, env, settings } = await home();
    const steps = [
      ...typed("stty -g >before", command),
      { until },
      { sleep: 1 },
      { type: "\u001a" },
      ...typed("stty -g >stopped", "echo is stopped; jobs"),
      { sleep: 0.5 },
      ...typed("fg"),
      { sleep: 2.5 },
      end,
      ...typed("stty -g >after; echo was $?", "exit"),
    ];
    const run = await runOnTerminal(bash, { steps, cwd: directory, env });
    const before = await settings("before");
    expect([await settings("stopped"), await settings("after")]).toEqual([before, before]);
    const stopped = run.screens[11]?.join("\n") ?? "";
    expect(stopped).toMatch(/is stopped\n\[1\]\+ {2}Stopped/);
    // The screen of its own is left while it is stopped.
    if (command === BOARD) expect(stopped).not.toContain(shown);
    expect(run.screens[14]?.join("\n")).toContain(shown);
    expect(run.history.join("\n")).toContain("was 0");
    expect([run.exit, run.isCursorVisible, run.isRestored]).toEqual([0, true, true]);
  });

  test.each([
    ["SIGTERM", WATCH, "timeout --foreground -s TERM 5 ", 124],
    ["SIGTERM", BOARD, "timeout --foreground -s TERM 5 ", 124],
    ["an error", WATCH, "", 1],
  ])("after %s, %s leaves the terminal as it was", async (_, command, before, status) => {
    const startedAt = Date.now();
    const { directory, env, settings } = await home(() => status === 1 && Date.now() - startedAt > 6000);
    const steps = typed("stty -g >before", `${before}${command}; echo was $?; stty -g >after`, "exit");
    const run = await runOnTerminal(bash, { steps, cwd: directory, env });
    expect(await settings("after")).toBe(await settings("before"));
    expect(run.screen.join("\n")).toContain(`was ${status}`);
    expect([run.isCursorVisible, run.isRestored]).toEqual([true, true]);
    // What was shown before the board is there again.
    expect(run.history.join("\n")).toContain("stty -g >before");
  });
});

describe("under tmux", () => {
  test.skipIf(!isInstalled("tmux"))(
    "the board is drawn in place, also after a resize, and leaves the terminal as it was (needs tmux)",
    async () => {
      const { directory, env, settings } = await home();
      const tmux = (...words: string[]): Promise<string> =>
        output(["tmux", "-S", join(directory, "socket"), "-f", "/dev/null", ...words], { cwd: directory, env });
      const screen = (): Promise<string> => tmux("capture-pane", "-p");
      const until = async (text: string): Promise<string> => {
        for (const end = Date.now() + 40_000; Date.now() < end; await sleep(200)) {
          const now = await screen();
          if (now.includes(text)) return now;
        }
        throw new Error(`'${text}' was not shown:\n${await screen()}`);
      };
      const script = `trap : INT; stty -g >before; ${WATCH}; stty -g >after; echo done; sleep 100`;
      await tmux("new-session", "-d", "-x", "80", "-y", "12", "sh", "-c", script);
      try {
        await until("fedora-43-x86_64");
        await sleep(2500);
        expect((await screen()).match(/Build 7 /g)).toHaveLength(1);
        await tmux("resize-window", "-x", "40", "-y", "5");
        await sleep(1500);
        const small = await screen();
        expect(small.match(/Build 7 /g)).toHaveLength(1);
        expect(small.split("\n").every((line) => line.length <= 40)).toBe(true);
        expect(await tmux("display-message", "-p", "#{cursor_flag}")).toBe("0\n");
        await tmux("send-keys", "C-c");
        await until("done");
        expect(await tmux("display-message", "-p", "#{cursor_flag}")).toBe("1\n");
        expect(await settings("after")).toBe(await settings("before"));
      } finally {
        await tmux("kill-server").catch(() => undefined);
      }
    },
  );
});

describe("under script", () => {
  const command = (words: string): string[] => ["script", "-qec", `exec ${words}`, "/dev/null"];

  test.skipIf(!isInstalled("script"))("the board is drawn on the terminal that script makes (needs script)", async () => {
    const { directory, env } = await home();
    const steps = [{ until: "fedora-43-x86_64" }, { sleep: 2 }, { type: "\u0003" }];
    const run = await runOnTerminal(command(WATCH), { steps, cwd: directory, env });
    expect(run.screens[1]?.join("\n").match(/Build 7 /g)).toHaveLength(1);
    expect([run.exit, run.isCursorVisible, run.isRestored]).toEqual([0, true, true]);
  });

  test.skipIf(!isInstalled("script"))("without a terminal of its own, script's has no width, and gets lines (needs script)", async () => {
    let isGone = false;
    const { directory, env } = await home(() => isGone);
    setTimeout(() => (isGone = true), 5000);
    const { stdout } = await runProgram(command(WATCH), { cwd: directory, env });
    expect(stdout).toContain("Build 7: ");
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001b\[(\d*[ABJK]|\?25)/);
    expect(existsSync(join(directory, "typescript"))).toBe(false);
  });
});
