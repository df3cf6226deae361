import { closedPort } from "../support/closed-port.ts";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainLog } from "../../src/core/explain/explain.ts";
import { type BuilderHost, makeRepository, rpmTask, specText, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { isInstalled } from "../docs/installed.ts";
import { makeMockStandIn } from "../support/mock-stand-in/stand-in.ts";
import { runProgram } from "../support/program.ts";
import { secureServer } from "../support/secure-server.ts";
import { rawServer, webServer } from "../support/web-server.ts";

const path = process.env["PATH"] ?? "";
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`;

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(async () => {
  process.env["PATH"] = path;
  delete process.env["COPR_DISTGIT_CLIENT_CONFDIR"];
  await host.close();
});

const lastLine = async (): Promise<string> => (await host.log()).trimEnd().split("\n").at(-1) ?? "";
const reason = async (): Promise<unknown> => (await host.status())["reason"];

describe("a frontend that is down is named, with what failed and since when", () => {
  test("when it refuses connections", async () => {
    const port = await closedPort();
    const before = Date.now();
    const url = `http://127.0.0.1:${port}/backend/get-srpm-build-task/7`;
    expect((await host.builder("run", "--task-url", url)).exitCode).toBe(1);
    const told = await reason();
    expect(told).toMatch(
      new RegExp(
        `^Cannot fetch ${url}: the connection was refused; the frontend 127\\.0\\.0\\.1:${port} has been down since ${time}, for 2 requests$`,
      ),
    );
    expect(await lastLine()).toBe(`Network error: ${String(told)}`);
    const since = Date.parse((/since (\S+ \S+) UTC/.exec(String(told))?.[1] ?? "").replace(" ", "T") + "Z");
    expect(since).toBeGreaterThan(before - 2000);
    expect(since).toBeLessThanOrEqual(Date.now());
  });

  test("when its name is not known, and when it breaks connections off", async () => {
    const breaking = await rawServer((socket) => socket.resetAndDestroy());
    for (const [address, why] of [
      // What a resolver says depends on whether it reaches another.
      ["http://frontend.invalid", "the host name (is not known|could not be looked up)"],
      [breaking, "the connection was broken off"],
    ] as const) {
      expect((await host.builder("run", "--task-url", `${address}/backend/get-srpm-build-task/7`)).exitCode).toBe(1);
      const down = `the frontend ${new URL(address).host} has been down since ${time}, for 2 requests`;
      expect(await lastLine()).toMatch(new RegExp(`^Network error: Cannot fetch ${address}/\\S+: ${why}; ${down}$`));
    }
  });

  test("when it answers that it can't", async () => {
    host.pages.set("/backend/get-srpm-build-task/7", { status: 503, body: "" });
    expect((await host.builder("run", "7")).exitCode).toBe(1);
    const { host: name } = new URL(host.url);
    expect(await reason()).toMatch(
      new RegExp(
        `^The server answered 503 for ${host.url}/backend/get-srpm-build-task/7; the frontend ${name} has been down since ${time}, for 2 requests$`,
      ),
    );
  });

  test("also where it has sent the request on to one that is", async () => {
    const port = await closedPort();
    const server = await webServer((response, { url }) => {
      const location = url.startsWith("/ftp") ? "ftp://127.0.0.1/x" : `http://127.0.0.1:${port}/x?token=geheim`;
      response.writeHead(302, { location }).end();
    });
    await host.runTask(srpmTask(`${server.url}/x.src.rpm`));
    expect(await reason()).toMatch(
      new RegExp(
        `^Cannot fetch ${server.url}/x\\.src\\.rpm: the connection was refused; the server 127\\.0\\.0\\.1:${port} has been down since ${time}, for 2 requests$`,
      ),
    );
    await host.runTask(srpmTask(`${server.url}/ftp/x.src.rpm`));
    expect(await reason()).toBe(`Refusing the redirect to 'ftp:' from ${server.url}`);
  });

  test("and one that knows no such task is not down", async () => {
    expect((await host.builder("run", "7")).exitCode).toBe(1);
    expect(await reason()).not.toContain("down");
  });
});

describe("a server of sources", () => {
  const content = "the tarball";

  async function distGit(lookaside: string, sources: string): Promise<Record<string, unknown>> {
    const directory = join(host.directory, "dist-git-client");
    await mkdir(directory);
    process.env["COPR_DISTGIT_CLIENT_CONFDIR"] = directory;
    await writeFile(
      join(directory, "own.ini"),
      `[own]\nclone_hostnames = 127.0.0.1\nlookaside_location = ${lookaside}\nlookaside_uri_pattern = cache/{filename}\n`,
    );
    const files = { "hello.spec": specText("hello", "true", "Source0: hello-1.tar"), sources };
    return rpmTask(host.publishRepository(await makeRepository(host.directory, "hello", files)));
  }

  test("that is down is named, too", async () => {
    const port = await closedPort();
    const task = await distGit(`http://127.0.0.1:${port}`, `${"0".repeat(32)}  hello-1.tar\n`);
    expect((await host.runTask(task)).exitCode).toBe(1);
    expect(await reason()).toMatch(
      new RegExp(
        `^Cannot fetch http://127\\.0\\.0\\.1:${port}/cache/hello-1\\.tar: the connection was refused; the server 127\\.0\\.0\\.1:${port} has been down since ${time}, for 2 requests$`,
      ),
    );
    const upload = srpmTask(`http://127.0.0.1:${port}/x.src.rpm`);
    expect((await host.runTask(upload)).exitCode).toBe(1);
    expect(await lastLine()).toMatch(
      new RegExp(`^Network error: Cannot fetch .*; the server 127\\.0\\.0\\.1:${port} has been down since ${time}, for 2 requests$`),
    );
  });

  test("that has another file is named with the file, its checksum and the one it should have", async () => {
    host.pages.set("/cache/hello-1.tar", { body: content });
    const [found, expected] = ["the tarball", "another"].map((text) => createHash("sha512").update(text).digest("hex"));
    const task = await distGit(host.url, `SHA512 (hello-1.tar) = ${expected}\n`);
    expect((await host.runTask(task)).exitCode).toBe(1);
    const told = `Check-sum ${found} is wrong, expected: ${expected} (hello-1.tar), from ${new URL(host.url).host}`;
    expect(await reason()).toBe(told);
    expect(await lastLine()).toBe(`Copr build error: ${told}`);
  });
});

test("a git server whose certificate is over is named, with what is wrong with it", async () => {
  const { server } = await secureServer((response) => response.end("x"), { days: -1 });
  const task = srpmTask("", { source_type: 10, source_json: JSON.stringify({ clone_url: `${server.url}/a/b.git` }) });
  expect((await host.runTask(task)).exitCode).toBe(1);
  expect(await lastLine()).toMatch(
    new RegExp(
      `^Copr build error: Cannot clone ${server.url}/a/b\\.git: fatal: unable to access '${server.url}/a/b\\.git/': .*certificate`,
    ),
  );
});

test("a git reference that does not exist is named with the nearest three that do", async () => {
  const repository = host.publishRepository(await makeRepository(host.directory, "hello", { "hello.spec": specText("hello", "true") }));
  const branch = (await runProgram(["git", "-C", join(host.directory, "hello"), "branch", "--show-current"])).stdout.trim();
  const task = srpmTask("", { source_type: 10, source_json: JSON.stringify({ clone_url: repository.url, committish: `${branch}x` }) });
  expect((await host.runTask(task)).exitCode).toBe(1);
  expect(await lastLine()).toBe(`Copr build error: The repository has no commit, branch or tag '${branch}x'. Its nearest are: '${branch}'`);
  const git = (...words: string[]): Promise<unknown> => runProgram(["git", "-C", join(host.directory, "hello"), ...words]);
  for (const tag of ["v1.0", "v1.1", "release-2"]) await git("tag", tag);
  for (const [asked, nearest] of [
    ["refs/tags/v1.2", "'v1.0', 'v1.1', "],
    ["entwicklung", ""],
  ] as const) {
    await host.runTask(rpmTask({ ...repository, hash: asked }));
    const told = String(await reason());
    expect(told).toContain(`The repository has no commit, branch or tag '${asked}'. Its nearest are: ${nearest}`);
    expect(told.match(/'/g)).toHaveLength(8);
  }
});

describe("a repository that can't be reached is named with its host and what failed", () => {
  test("in the last lines of a build in mock", async () => {
    const standIn = await makeMockStandIn(host.directory);
    process.env["PATH"] = `${standIn.binDirectory}:${path}`;
    await writeFile(
      host.config,
      `[main]\nfrontend_url = ${host.url}\nrules_file = /nonexistent/rules.yml\nmock_config_directory = ${standIn.configDirectory}\n`,
    );
    const port = await closedPort();
    const repository = await makeRepository(host.directory, "hello", { "hello.spec": specText("hello", "true") });
    const repos = [{ id: "coprdep_alice", name: "Alice", baseurl: `http://127.0.0.1:${port}/results/?token=geheim-1` }];
    expect((await host.runTask(rpmTask(repository, { repos }))).exitCode).toBe(1);
    const lines = (await host.log()).trimEnd().split("\n").slice(-3);
    const advice = `The repository coprdep_alice at 127.0.0.1:${port} can't be reached (Couldn't connect to server): check its address, or build again later.`;
    expect(lines).toEqual([
      expect.stringMatching(/^Cause: repo-unreachable .*: Error: Failed to download metadata for repo 'coprdep_alice': /),
      `Advice: ${advice}`,
      "Copr build error: Build failed: mock ended with 30 (packages are missing or a repository is down)",
    ]);
    expect(await host.status()).toMatchObject({ cause: { category: "repo-unreachable", advice } });
    expect((await host.log()) + JSON.stringify(await host.status())).not.toContain("geheim");
  });

  /** What dnf prints, within what mock prints around it. */
  const advices = async (printed: string): Promise<string | null> => {
    const log = `Start: chroot init\nStart: installing minimal buildroot with dnf\n${printed}\nERROR: Exception(x) Config(x) 0 minutes 1 seconds\nERROR: Command failed: \n`;
    return (await explainLog([{ name: "builder-live.log", open: () => [Buffer.from(log)] }])).advice;
  };

  test.skipIf(!isInstalled("dnf"))("as real dnf says it (needs dnf)", async () => {
    const port = await closedPort();
    const configuration = (address: string): string =>
      `[main]\ngpgcheck=0\nreposdir=/nonexistent\n[copr_base]\nname=x\n${address}\nskip_if_unavailable=0\nretries=1\n`;
    host.pages.set("/gone/", { body: "" });
    const cases: [string, string][] = [
      [
        `baseurl=http://127.0.0.1:${port}/repo`,
        `The repository copr_base at 127.0.0.1:${port} can't be reached (Couldn't connect to server)`,
      ],
      [`baseurl=${host.url}/gone/`, `The repository copr_base at ${new URL(host.url).host} can't be reached (Status code: 404)`],
    ];
    for (const [address, expected] of cases) {
      const file = join(host.directory, "dnf.conf");
      await writeFile(file, configuration(address));
      const root = join(host.directory, "root");
      const argv = [
        "dnf",
        "-y",
        "-c",
        file,
        "--installroot",
        root,
        "--releasever",
        "43",
        `--setopt=cachedir=${root}/cache`,
        // Unlike an installation this is for everybody.
        "makecache",
      ];
      const { stdout, stderr } = await runProgram(argv, { env: { LC_ALL: "C.UTF-8" }, timeoutMs: 60_000 });
      expect(await advices(stdout + stderr), stdout + stderr).toContain(expected);
    }
  });

  test.each([
    [
      '>>> Curl error (6): Could not resolve hostname for http://gone.example/repodata/repomd.xml [Could not resolve host: gone.example]\nFailed to download metadata (baseurl: "http://gone.example/") for repository "copr_base"\n Librepo error: Cannot download repomd.xml',
      "The repository copr_base at gone.example can't be reached (Could not resolve hostname): ",
    ],
    [
      '>>> Status code: 503 for http://mirror.example/x/repodata/repomd.xml (IP: 192.0.2.1)\nFailed to download metadata (metalink: "https://mirrors.example/metalink?repo=fedora-43") for repository "fedora"',
      "The repository fedora at mirrors.example can't be reached: ",
    ],
    [
      "Error: Failed to download metadata for repo 'fedora': Cannot prepare internal mirrorlist",
      "The repository fedora can't be reached: ",
    ],
  ])("as dnf5 says it: %s", async (printed, expected) => {
    expect(await advices(printed)).toContain(expected);
  });
});
