import { closedPort } from "../support/closed-port.ts";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cliTree, type CommandDoc } from "../../scripts/docs/command-tree.ts";
import type { ErrorKind, ErrorRecord } from "../../src/core/records/error-document.ts";
import { wordsOfExample } from "../support/example-words.ts";
import { runInProcess, shortenSleeps } from "../support/in-process-cli.ts";
import type { CliResult } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { sendJson, webServer } from "../support/web-server.ts";

// Every command of the table, at a server that answers everything in the same wrong way. COPR_TEST_SWEEP=all runs each with
// each answer in each format; without it half of the pairs are run, each in one of the formats.

const isWhole = process.env["COPR_TEST_SWEEP"] === "all";
const formats = ["text", "json", "jsonl"] as const;
type Format = (typeof formats)[number];

interface WrongAnswer {
  /** Null for a server that is not there. */
  send: ((response: ServerResponse) => unknown) | null;
  kind: ErrorKind;
  exit: number;
  status: number | null;
}

function says(status: number, kind: ErrorKind, exit = 1): WrongAnswer {
  return { send: (response) => sendJson(response, { error: `Said with ${status}.` }, status), kind, exit, status };
}

function page(status: number): WrongAnswer {
  const html = "<html><h1>Sorry</h1></html>";
  return { send: (response) => response.writeHead(status, { "content-type": "text/html" }).end(html), kind: "response", exit: 1, status };
}

function body(text: string): WrongAnswer {
  const send: WrongAnswer["send"] = (response) => response.writeHead(200, { "content-type": "application/json" }).end(text);
  return { send, kind: "response", exit: 1, status: 200 };
}

/** Fields that a command may make something of, each with the same value. */
function everyField(value: unknown): string {
  const names =
    "id name full_name ownername projectname project_dirname state chroots submitter submitted_on started_on ended_on " +
    "source_package repo_url chroot_repos additional_repos packages permissions updated builds mock_chroot repos " +
    "directories dependencies results_url result_url webhook_secret api_login api_token expiration source_type source_dict";
  const fields = Object.fromEntries(names.split(" ").map((name) => [name, value]));
  return JSON.stringify({ ...fields, items: [fields], meta: { limit: 1, offset: 0 } });
}

const answers: Readonly<Record<string, WrongAnswer>> = {
  "401": says(401, "authentication"),
  "403": says(403, "authentication", 7),
  "404": says(404, "request"),
  "500": says(500, "request"),
  "a page with 500": page(500),
  "a page with 502": page(502),
  "a page with 200": page(200),
  "broken JSON": body('{"id": 7, "na'),
  "an empty body": body(""),
  "{}": body("{}"),
  "[]": body("[]"),
  null: body("null"),
  "empty fields": body(everyField(null)),
  "objects in all fields": { ...body(everyField({})), exit: 5, status: null },
  "a reset": { send: (response) => response.socket?.resetAndDestroy(), kind: "network", exit: 1, status: null },
  "no connection": { send: null, kind: "network", exit: 1, status: null },
};

/** Command lines that say more than the first example, which is the command line of all others. */
const lines: Readonly<Record<string, string>> = {
  apply: "--yes",
  "auth-status": "--check",
  build: "hello hello-1.0-1.src.rpm",
  "build-batch": "hello hello-1.0-1.src.rpm --yes",
  explain: "1234567",
  "get-package": "@copr/copr-dev --name copr-cli",
  "local-build": "hello hello-1.0-1.src.rpm -r fedora-43-x86_64",
  login: "--with-token",
  rebuild: "1234567",
  repo: "@copr/copr-dev fedora-43",
};

/** Those that ask no server. */
const offline: ReadonlySet<string> = new Set(["whoami", "logout", "open"]);
/** Those whose text is upstream's sentence of what was asked for, whatever fields the answer has. */
const acts = /^(create|modify|edit-chroot|(add|edit)-package-\w+|delete-package|reset-package|edit-permissions|request-permissions)$/;
/** What stands on standard output before a failure, and does not look like success. */
const beginnings =
  /^((Watching build\(s\): .*|Uploading package .*|\d+: failed: .*|http\S+ as me\n {2}API token of .*\n {2}\S.*)\n|Generate a new .* \[y\/n\]\? )?$/;

let directory: string;
let commands: CommandDoc[];
beforeAll(async () => {
  ({ commands } = await cliTree());
  directory = await mkdtemp(join(tmpdir(), "copr-sweep-"));
  shortenSleeps(join(directory, "sleeps"));
  const programs = join(directory, "programs");
  const work = join(directory, "work");
  for (const path of [programs, work]) await mkdir(path);
  for (const name of ["copr-builder", "copr-rpmbuild", "mock"]) {
    await writeFile(join(programs, name), "#!/bin/sh\nexit 1\n");
    await chmod(join(programs, name), 0o755);
  }
  await writeFile(join(work, "make-sources.sh"), "#!/bin/sh\n");
  await writeFile(join(work, "hello-1.0-1.src.rpm"), "no package, but nobody looks at it");
  await writeFile(join(work, "copr.yaml"), "project: me/prj\nchroots:\n  fedora-43-x86_64:\n");
  Object.assign(process.env, { HOME: directory, BROWSER: "true", PATH: `${programs}:${process.env["PATH"]}` });
  process.chdir(work);
});
afterAll(async () => {
  process.chdir("/");
  await rm(directory, { recursive: true, force: true });
});

/** What must be true of all that fails. */
function expectFailure({ exit, stdout, stderr }: CliResult, format: Format, { kind, exit: expected, status }: WrongAnswer): void {
  expect(exit).toBe(expected);
  if (format === "text") {
    expect(stderr).toMatch(/^\n(Something went wrong:\n)?Error: \S.*\n/);
    expect(stdout).toMatch(beginnings);
    return;
  }
  expect(stderr).toMatch(/^.+\n$/);
  expectSchema("error", stderr);
  const { error } = JSON.parse(stderr) as { error: ErrorRecord };
  expect(error).toMatchObject({ kind, status, exit_code: expected });
}

/** What an answer means to a command, where that is not the same for all. */
function meaningOf(name: string, answer: string, format: Format, wrong: WrongAnswer): WrongAnswer | "fine" | "waits" | "told" {
  if (name === "doctor") return "told";
  const isEmpty = answer === "{}" || answer === "empty fields";
  if (acts.test(name) && format === "text" && isEmpty) return "fine";
  // An instance without chroots, and a project that is yet to be made.
  if ((name === "list-chroots" && answer === "{}") || (name === "plan" && answer === "404")) return "fine";
  if (name === "watch-build" && answer === "500") return "waits";
  const tooOld = { ...wrong, exit: 5, status: null };
  if (name === "get-package" && isEmpty) return tooOld;
  if (/^list-(chroots|packages)$/.test(name) && answer === "empty fields") return tooOld;
  if (/^(auth-status|login)$/.test(name)) {
    if (answer === "401") return { ...wrong, exit: 7 };
    if (isEmpty) return tooOld;
  }
  return wrong;
}

test.each(Object.entries(answers))("%s is told by every command as what it is", { timeout: 600_000 }, async (answer, wrong) => {
  const { url, requests } = await webServer((response) => wrong.send?.(response));
  const address = wrong.send === null ? `http://127.0.0.1:${await closedPort()}` : url;
  const block = `[copr-cli]\nusername = me\nlogin = LOGIN-OF-ME\ntoken = TOKEN-OF-ME\ncopr_url = ${address}\nencrypted = no\n`;
  const config = join(directory, "config");
  const at = Object.keys(answers).indexOf(answer);
  for (const [number, command] of commands.entries()) {
    const { name } = command;
    const words = [name, ...(lines[name]?.split(" ") ?? wordsOfExample("copr-cli", command).slice(1))];
    for (const [place, format] of formats.entries()) {
      if (!isWhole && ((number + at) % 2 !== 0 || ((number + at) / 2) % formats.length !== place)) continue;
      await writeFile(config, block, { mode: 0o600 });
      requests.length = 0;
      const run = { words: ["--config", config, ...words, "--output-format", format], stdin: name === "login" ? block : "yes\n" };
      const meaning = meaningOf(name, answer, format, wrong);
      const result = await runInProcess({ ...run, patienceMs: meaning === "waits" ? 200 : 20_000 });
      const all = result.stdout + result.stderr;
      const context = `${answer}: copr-cli ${run.words.slice(2).join(" ")}\n${JSON.stringify(result)}`;
      try {
        expect(all).not.toMatch(/undefined|NaN|\[object |Invalid Date|bug in copr-cli|\n {4}at /);
        if (format === "text" && name !== "get-chroot") expect(all).not.toMatch(/\bnull\b/);
        if (offline.has(name)) expect([result.exit, requests]).toEqual([0, []]);
        else if (meaning === "fine" || meaning === "waits") expect(result.exit).toBe(0);
        else if (meaning === "told") expect([result.exit, result.stdout]).toEqual([1, expect.stringContaining("failed")]);
        else {
          expectFailure(result, format, meaning);
          if (format !== "text" && result.stdout !== "") expect(result.stdout).toMatch(/"(failed|refused|unreachable)"/);
        }
      } catch (error) {
        throw new Error(context, { cause: error });
      }
    }
  }
});
