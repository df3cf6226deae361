import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type BuildServer, buildServer, type ServedPart } from "../support/build-server.ts";
import { logRecords } from "../../src/cli/logs/records.ts";
import type { LogEvent } from "../../src/core/builds/logs.ts";
import { bin } from "../support/program.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const config = (url: string): string => `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;

function logs({ url }: BuildServer, ...words: string[]): Promise<CliResult> {
  return runCli({ argv: ["logs", "7", ...words], config: config(url) });
}

const part = (state: ServedPart["state"], text?: string | Buffer): ServedPart => ({
  state,
  files: text === undefined ? {} : { "builder-live.log": text },
});

/** A client that follows; `until` waits for what it prints. */
async function following({ url }: BuildServer, ...words: string[]) {
  const home = await temporaryDirectory();
  await mkdir(join(home, ".config"));
  await writeFile(join(home, ".config", "copr"), config(url));
  const [file, ...own] = [...bin.cli, "logs", "7", "--follow", "--poll-interval", "1", ...words];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(file, own, {
    env: { PATH: process.env["PATH"], HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", error: "" };
  child.stdout.on("data", (chunk) => (said.out += String(chunk)));
  child.stderr.on("data", (chunk) => (said.error += String(chunk)));
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    async until(text: string): Promise<void> {
      while (!(said.out + said.error).includes(text)) {
        await Promise.race([
          once(child.stdout, "data"),
          once(child.stderr, "data"),
          closed.then(() => Promise.reject(new Error(said.error))),
        ]);
      }
    },
    end: async (): Promise<CliResult> => ({ exit: (await closed)[0], stdout: said.out, stderr: said.error }),
  };
}

describe("logs", () => {
  test("prints the log as it is, without terminal control, to its last byte", async () => {
    const server = await buildServer({ a: part("failed", "one\r\n\u001b[31mtwo\u001b[0m\n10%\r100%\nпоследняя \u001b]0;x\u0007строка") });
    expect(await logs(server)).toEqual({ exit: 0, stdout: "one\ntwo\n100%\nпоследняя строка", stderr: "" });
  });

  test("reads a packed log, another log, a part of a log", async () => {
    const lines = Array.from({ length: 2000 }, (_, line) => `line ${line}\n`);
    const files = { "builder-live.log.gz": gzipSync(lines.join("")), "root.log": "root\n" };
    const server = await buildServer({ a: { state: "succeeded", files } });
    expect((await logs(server)).stdout).toBe(lines.join(""));
    expect((await logs(server, "--log", "root.log", "-r", "a")).stdout).toBe("root\n");
    expect((await logs(server, "--tail", "2")).stdout).toBe("line 1998\nline 1999\n");
    expect((await logs(server, "--from-offset", String(lines.join("").length - 10))).stdout).toBe("line 1999\n");
  });

  test("names the chroots where it can't choose", async () => {
    const server = await buildServer({ a: part("succeeded", "x\n"), "bb\u001b[2J": part("running", "y\n") });
    expect(await logs(server)).toEqual({
      exit: 2,
      stdout: "",
      stderr:
        "  srpm-builds  succeeded\n  a            succeeded\n  bb           running\n\nError: Build 7 has several chroots: name one, or 'all'\n",
    });
    const data = await logs(server, "--json");
    expectSchema("error", data.stderr);
    expect(JSON.parse(data.stderr)).toMatchObject({
      error: { kind: "usage", hint: "There are srpm-builds (succeeded), a (succeeded), bb (running).", exit_code: 2 },
    });
    expect((await logs(server, "-r", "c")).stderr).toMatch(/^\nError: Build 7 has no chroot 'c'\nIt has a, bb/);
  });

  test("prints all logs with their chroots before each line", async () => {
    const server = await buildServer(
      { a: part("succeeded", "x\n\ny"), bbb: part("running", "z\n"), c: part("pending") },
      part("succeeded", "s\n"),
    );
    expect(await logs(server, "-r", "all")).toEqual({
      exit: 0,
      stdout: "srpm-builds | s\na           | x\na           | \na           | y\nbbb         | z\n",
      stderr: "Build 7 has no builder-live.log in c (pending).\n",
    });
    const { stdout } = await runCli({ argv: ["logs", "7", "-r", "all"], config: config(server.url), env: { FORCE_COLOR: "1" } });
    expect(stdout.split("\n").slice(0, 2)).toEqual(["\u001b[36msrpm-builds |\u001b[0m s", "\u001b[33ma           |\u001b[0m x"]);
  });

  test("says when each line was read", async () => {
    const { stdout } = await logs(await buildServer({ a: part("succeeded", "x\ny\n") }), "--timestamps");
    expect(stdout).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [xy]\n){2}$/);
    expect(Math.abs(Date.parse(stdout.slice(0, 20)) - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    [["--log", "../x"], '"../x" is not the name of a log'],
    [["--tail", "-1"], "number of lines"],
    [["--tail", "1", "--from-offset", "1"], "--tail and --from-offset exclude each other"],
    [["--from-offset", "x"], "number of bytes"],
    [["--poll-interval", "0"], "number of seconds"],
  ])("%j is a mistake", async (words, sentence) => {
    const server = await buildServer({ a: part("succeeded", "x\n") });
    const { exit, stderr } = await logs(server, ...words);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    expect(server.requests.filter(({ url }) => url.startsWith("/results"))).toEqual([]);
  });

  test("a log that is not there, and a build that is not there, are sentences", async () => {
    const server = await buildServer({ a: part("succeeded") });
    const missing = await logs(server);
    expect([missing.exit, missing.stderr]).toEqual([
      1,
      expect.stringContaining("Error: Build 7 has no builder-live.log in a (succeeded).\n"),
    ]);
    server.build.isDeleted = true;
    const deleted = await logs(server);
    expect([deleted.exit, deleted.stderr]).toEqual([1, expect.stringContaining("Build 7 does not exist.")]);
  });

  test("ends quietly when its reader has enough", async () => {
    const server = await buildServer({ a: part("succeeded", "0123456789\n".repeat(1_000_000)) });
    const client = await following(server);
    client.child.stdout.once("data", () => client.child.stdout.destroy());
    expect(await client.end()).toMatchObject({ exit: 0, stderr: "" });
  });
});

describe("records of a log", () => {
  /** Offsets and texts, of a log that comes in these pieces. */
  async function told(grain: "line" | "lines" | "all", ...pieces: string[]): Promise<[number, string][]> {
    const place = { chroot: "a", log: "x" };
    async function* events(): AsyncGenerator<LogEvent> {
      let offset = 100;
      for (const piece of pieces) {
        const bytes = Buffer.from(piece);
        if (piece !== "") yield { ...place, kind: "bytes", offset, bytes };
        else yield { ...place, kind: "pause" };
        offset += bytes.length;
      }
      yield { ...place, kind: "end", state: "succeeded", isMissing: false };
    }
    const found: [number, string][] = [];
    for await (const batch of logRecords(events(), () => grain)) {
      for (const telling of batch) if (telling.kind === "text") found.push([telling.offset, telling.text.toString()]);
    }
    return found;
  }

  test("have the place of each line as the server counts", async () => {
    const pieces = ["one\r\ntw", "o\n\u001b[31mth", "", "ree\u001b[0m\n\n10%\r20%\nen", "d"];
    expect(await told("line", ...pieces)).toEqual([
      [100, "one\n"],
      [105, "two\n"],
      [109, "three\n"],
      [124, "\n"],
      [125, "20%\n"],
      [133, "end"],
    ]);
    expect(await told("all", ...pieces)).toEqual([
      [100, "one\n"],
      [105, "two\n"],
      [109, "th"],
      [116, "ree\n\n20%\n"],
      [133, "end"],
    ]);
    expect((await told("lines", ...pieces)).slice(2)).toEqual([
      [109, "three\n\n20%\n"],
      [133, "end"],
    ]);
  });

  test("come of a line without an end in pieces, and are counted right after it", async () => {
    const long = "x".repeat(60_000);
    const found = await told("line", long, long, `${long}\rdrawn over\nnext\n`, "last");
    expect(found.map(([offset, text]) => [offset, text.length > 100 ? text.length : text])).toEqual([
      [100, 65_536],
      [120_100, 65_537],
      // Which part of the long line it belongs to is not known any more.
      [120_100, "drawn over\n"],
      [180_112, "next\n"],
      [180_117, "last"],
    ]);
  });
});

describe("logs --follow", () => {
  test("goes from the SRPM to the package, through a packed log, to the end of the build", async () => {
    const server = await buildServer({}, { ...part("pending"), hasNoDirectory: true });
    const { source, chroots } = server.build;
    const client = await following(server);
    await client.until("There is no builder-live.log of srpm-builds yet: pending.\n");
    Object.assign(source, { hasNoDirectory: false, ...part("running", "source\n") });
    await client.until("source\n");
    chroots["a"] = part("running", "package\nhalf a li");
    source.state = "succeeded";
    // A beginning is shown to who waits.
    await client.until("half a li");
    chroots["a"] = { state: "failed", files: { "builder-live.log.gz": gzipSync("package\nhalf a line\nend\n") } };
    expect(await client.end()).toEqual({
      exit: 4,
      stdout: "source\npackage\nhalf a line\nend\n",
      stderr:
        "There is no builder-live.log of srpm-builds yet: pending.\nNow builder-live.log of a.\n\nBuild error: Build 7 failed in a.\n",
    });
  });

  test("several chroots are told together, in whole lines", async () => {
    const server = await buildServer(
      { a: part("running", "a1\na"), bb: part("running", "b1\n") },
      { ...part("succeeded"), hasNoDirectory: true },
    );
    const { a, bb } = server.build.chroots as Record<"a" | "bb", ServedPart>;
    const client = await following(server, "-r", "all");
    await client.until("bb | b1\n");
    Object.assign(bb, part("succeeded", "b1\nb2\n"));
    await client.until("b2\n");
    Object.assign(a, part("succeeded", "a1\na2\na3"));
    const { exit, stdout } = await client.end();
    expect([exit, stdout.split("\n").toSorted()]).toEqual([0, ["", "a  | a1", "a  | a2", "a  | a3", "bb | b1", "bb | b2"]]);
  });

  test.each<[string, (server: BuildServer) => void, RegExp]>([
    [
      "canceled",
      (server) => Object.assign(server.build.chroots["a"] as ServedPart, { state: "canceled" }),
      /^\nBuild error: Build 7 was canceled in a\.\n$/,
    ],
    ["deleted", (server) => (server.build.isDeleted = true), /^\nBuild error: Build 7 was deleted\.\n$/],
  ])("a build that is %s ends it", async (_, change, sentence) => {
    const server = await buildServer({ a: part("running", "x\n") });
    const client = await following(server);
    await client.until("x\n");
    change(server);
    expect(await client.end()).toEqual({ exit: 4, stdout: "x\n", stderr: expect.stringMatching(sentence) });
  });

  test("a log that begins anew is told so, and whole", async () => {
    const server = await buildServer({ a: part("running", "first try\n") });
    const { a } = server.build.chroots as { a: ServedPart };
    const client = await following(server);
    await client.until("first try\n");
    a.files["builder-live.log"] = "second\n";
    await client.until("second\n");
    a.state = "succeeded";
    expect(await client.end()).toEqual({ exit: 0, stdout: "first try\nsecond\n", stderr: "The log of a began anew.\n" });
  });

  test("of a build that has ended is its log, and how it ended", async () => {
    const server = await buildServer({ a: part("failed", "x\n"), b: part("succeeded", "y\n") });
    expect(await logs(server, "-f")).toEqual({ exit: 4, stdout: "x\n", stderr: "\nBuild error: Build 7 failed in a.\n" });
    expect(await logs(server, "-f", "-r", "b")).toEqual({ exit: 0, stdout: "y\n", stderr: "" });
  });

  test("Ctrl-C ends it with status 1, at once", async () => {
    const client = await following(await buildServer({ a: part("running", "x\n") }));
    await client.until("x\n");
    client.child.kill("SIGINT");
    expect(await client.end()).toEqual({ exit: 1, stdout: "x\n", stderr: "\nInterrupted by user." });
  });

  test("Ctrl-C leaves one document of what was told, and one line that says why it is not whole", async () => {
    const client = await following(await buildServer({ a: part("running", "x\n") }), "--json");
    await client.until('"text": "x"');
    client.child.kill("SIGINT");
    const { exit, stdout, stderr } = await client.end();
    expectSchema("copr-cli-logs.json", stdout);
    expectSchema("error", stderr);
    expect([exit, JSON.parse(stderr)]).toMatchObject([1, { error: { kind: "interrupted", exit_code: 1 } }]);
  });
});
