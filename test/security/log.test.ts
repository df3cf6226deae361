import { readdirSync, readFileSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanText, TextCleaner } from "../../src/core/text/clean-text.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, startBuilderHost } from "../support/builder-host.ts";
import { bin, output } from "../support/program.ts";
import { type Exchange, serveRecording } from "../support/recorded-server.ts";
import { runCli } from "../support/run-cli.ts";

const ESC = "\u001b";
/** What a terminal may be told to do, and the text around it that must stay. */
const attacks: Record<string, string> = {
  clipboard: `${ESC}]52;c;cm0gLXJmIH4K\u0007`,
  title: `${ESC}]0;title${ESC}\\`,
  link: `${ESC}]8;;http://evil/\u0007click${ESC}]8;;\u0007`,
  "device control": `${ESC}P+q544e${ESC}\\`,
  "application command": `${ESC}_Gf=100;x${ESC}\\`,
  "privacy message": `${ESC}^x${ESC}\\`,
  "start of string": `${ESC}Xx${ESC}\\`,
  "private mode": `${ESC}[?1049h${ESC}[>4;2m${ESC}[=1u`,
  colour: `${ESC}[38:2::1:2:3m${ESC}[0m`,
  report: `${ESC}[6n${ESC}[c${ESC}Z`,
  reset: `${ESC}c`,
  "character set": `${ESC}(0${ESC}#8`,
  "C1 in UTF-8": "\u009b31m\u009d0;x\u009c\u0090x\u009c",
  "other controls": "\u0000\u0007\u0008\u000b\u000c\u000e\u007f",
};
const words = Object.keys(attacks).filter((name) => name !== "link");

// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe("C24: the log", () => {
  test.each(Object.entries(attacks))("C24: %s leaves no trace, and the text around it stays", (name, attack) => {
    const text = `before ${attack}${name} é “after”\n`;
    expect(cleanText(text)).toBe(`before ${name === "link" ? "click" : ""}${name} é “after”\n`);
    // A filter for colours, as upstream has, leaves most of them.
    if (name !== "colour") expect(text.replace(new RegExp(`${ESC}\\[[\\d;:]*m`, "g"), "")).toMatch(control);
  });

  test("C24: any byte that is no part of a sequence comes through, wherever the stream is cut", () => {
    const text = Buffer.from(words.map((name) => `${attacks[name]}<${name} é €>\n`).join(""));
    const wanted = words.map((name) => `<${name} é €>\n`).join("");
    for (const size of [1, 2, 3, 7]) {
      const cleaner = new TextCleaner();
      const parts: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) parts.push(cleaner.push(text.subarray(at, at + size)));
      expect(Buffer.concat([...parts, cleaner.flush()]).toString()).toBe(wanted);
    }
  });
});

describe("a build that attacks its log", () => {
  let host: BuilderHost;
  beforeAll(async () => {
    host = await startBuilderHost();
  });
  afterAll(() => host.close());

  test("C24: neither log nor standard output nor build.log control a terminal", async () => {
    const octal = [...Buffer.from(Object.values(attacks).join("text\n"))].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
    const { url, hash } = await makeRepository(host.directory, "attack", {
      "attack.spec": specText("attack", `set +x; printf '${octal}'; printf '${octal}' >&2; echo end of attack`),
    });
    const { exitCode, stdout } = await host.runTask(rpmTask({ url, hash }));
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("end of attack\n");
    expect(stdout).not.toMatch(control);
    expect(await host.log()).not.toMatch(control);
  });

  test("C25: a line without end does not stay in memory, and none of it is lost", async () => {
    const megabytes = 256;
    const { url, hash } = await makeRepository(host.directory, "endless", {
      "endless.spec": specText(
        "endless",
        `set +x; head -c ${megabytes}M /dev/zero | tr '\\0' x; echo; printf '\\033]0;'; head -c 1M /dev/zero | tr '\\0' y`,
      ),
    });
    const task = join(host.directory, "endless.json");
    await writeFile(task, JSON.stringify(rpmTask({ url, hash })));
    const words = ["run", "--config", join(host.directory, "main.ini"), "--state-dir", host.stateDirectory, "--task-file", task];
    const measure = "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n";
    const peak = "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    const kibibytes = Number(await output(["python3", "-c", measure + peak, ...bin.builder, ...words]));
    expect(kibibytes).toBeLessThan(megabytes * 1024);
    const { size } = await stat(join(host.stateDirectory, "live-log"));
    expect(size).toBeGreaterThan(megabytes * 1024 * 1024);
  });

  test("C25: the cleaner passes a line without end on at once", () => {
    const cleaner = new TextCleaner(1000);
    let passed = 0;
    for (let count = 0; count < 1000; count += 1) {
      passed += cleaner.push(Buffer.alloc(777, "x")).length;
      expect((count + 1) * 777 - passed).toBeLessThanOrEqual(1000);
    }
    const swallowing = new TextCleaner(1000);
    swallowing.push(Buffer.from(`${ESC}]0;`));
    let shown = 0;
    for (let count = 0; count < 100; count += 1) shown += swallowing.push(Buffer.alloc(1000, "x")).length;
    expect(shown).toBeGreaterThan(90_000);
  });
});

interface Transcript {
  name: string;
  program: string;
  user: string;
  argv: string[];
  stdin: string;
  exchanges: Exchange[];
}

const directory = new URL("../fixtures/transcripts/", import.meta.url);
/** One recorded run of every command that prints something of the server, and of every way to fail. */
const shown = [
  "list",
  "list-packages",
  "list-package-names",
  "list-builds",
  "list-builds-text",
  "list-chroots",
  "list-permissions",
  "get",
  "get-package",
  "get-package-text",
  "get-chroot",
  "get-chroot-row",
  "monitor",
  "monitor-row",
  "monitor-text",
  "status-failed",
  "status-missing",
  "cancel",
  "create-basic",
  "create-duplicate",
  "delete",
  "delete-build",
  "delete-package",
  "delete-denied",
  "fork",
  "build-url-nowait",
  "build-wait-failed",
  "build-package",
  "watch-build-failed",
  "watch-build-missing",
  "download-build",
  "edit-chroot",
  "edit-permissions",
  "request-permissions",
  "regenerate-repos",
  "reset-package",
  "add-package-scm",
  "edit-package-scm",
  "new-webhook-secret",
  "whoami",
  "auth-check",
  "mock-config",
  "mock-config-missing",
].filter((name) => readdirSync(directory).includes(`${name}.json`));

/** A value of the server with an attack at its end: every text, but what the client itself reads, such as addresses. */
function attacked(value: unknown, key = ""): unknown {
  if (typeof value === "string")
    return /url|storage|^isolation$|^bootstrap$/.test(key) ? value : `${value}${ESC}]52;c;x\u0007\u009b31m${ESC}[2J`;
  if (Array.isArray(value)) return value.map((one) => attacked(one, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, attacked(one, name)]));
}

describe("C24: copr-cli", () => {
  test.each(shown)("C24: prints no control of the server's: %s", async (name) => {
    const { argv, user, stdin, exchanges } = JSON.parse(readFileSync(new URL(`${name}.json`, directory), "utf8")) as Transcript;
    const isState = (one: Exchange): boolean => name.includes("wait") || name.startsWith("watch") || one === undefined;
    const hostile = exchanges.map((one) => {
      const json = attacked(one.response.body.json) as Record<string, unknown>;
      // The state ends the wait.
      const state = isState(one) ? { state: (one.response.body.json as { state?: unknown } | null)?.state } : {};
      return { ...one, response: { ...one.response, body: { json: Array.isArray(json) ? json : { ...json, ...state } } } };
    });
    const resolve = (text: string, url: string): string =>
      text.replaceAll("{URL}", url).replaceAll("{RESULTS}", `${url}/storage`).replaceAll("{DISTGIT}", url);
    const server = await serveRecording(hostile, resolve);
    try {
      const credentials = user === "anon" ? "" : `username = ${user}\nlogin = LOGIN\ntoken = TOKEN\n`;
      const config = `[copr-cli]\n${credentials}copr_url = ${server.url}\nencrypted = no\n`;
      const { stdout, stderr } = await runCli({ argv, config, stdin, env: { NO_COLOR: "1" } });
      expect(stdout + stderr).not.toBe("");
      expect(stdout).not.toMatch(control);
      expect(stderr).not.toMatch(control);
      expect(stderr).not.toMatch(/This is a bug in copr-cli/);
    } finally {
      await server.close();
    }
  });

  test("C24: the list of runs is not short", () => {
    expect(shown.length).toBeGreaterThan(35);
  });
});
