import { closedPort } from "../support/closed-port.ts";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { runOnTerminal } from "../support/terminal-run.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { type Handler, sendJson, webServer } from "../support/web-server.ts";

/** Lists of projects, chroots, packages and builds; counts nothing itself. */
const answer: Handler = (response, { url }) => {
  if (/[?&]offset=[1-9]/.test(url)) return sendJson(response, { items: [], meta: {} });
  if (url.startsWith("/api_3/package/list?"))
    return sendJson(response, { items: [{ name: "curl" }, { name: "zsh" }, { name: "$(x)" }], meta: {} });
  if (url.startsWith("/api_3/build/list"))
    return sendJson(response, { items: [build(12, "failed"), build(3, "running"), build(7, "succeeded")], meta: {} });
  if (url.startsWith("/api_3/project/list?ownername=nobody")) return sendJson(response, { error: "no such user" }, 404);
  if (url.startsWith("/api_3/project/list")) {
    const repositories = { "fedora-43-x86_64": "https://x/", "epel-9-x86_64": "https://x/" };
    return sendJson(response, { items: [{ name: "hello", chroot_repos: repositories }, { name: "world" }, { name: "-x" }], meta: {} });
  }
  return sendJson(response, { "fedora-43-x86_64": null, "fedora-44-x86_64": null, "a b": null, "x\u001b[2J": null });
};

const build = (id: number, state: string) => ({
  id,
  ownername: "me",
  projectname: "hello",
  state,
  submitted_on: 1,
  source_package: { name: id === 7 ? "evil\u001b[2J" : "curl", version: "8-1" },
});

interface Home {
  directory: string;
  cache: string;
  complete(...words: string[]): Promise<Outcome>;
  configure(text: string): Promise<void>;
}

async function homeFor(config: string): Promise<Home> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, ".config"));
  const configure = (text: string): Promise<void> => writeFile(join(directory, ".config", "copr"), text);
  await configure(config);
  return {
    directory,
    cache: join(directory, ".cache", "copr"),
    configure,
    complete: (...words) =>
      runProgram([...bin.cli, "__complete", ...words], { env: { HOME: directory, XDG_CACHE_HOME: "", no_proxy: "127.0.0.1" } }),
  };
}

const configFor = (url: string, user = "me"): string =>
  `[copr-cli]\nusername = ${user}\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
const printed = (...names: string[]): Outcome => ({ exitCode: 0, stdout: names.map((name) => `${name}\n`).join(""), stderr: "" });

describe("what is offered", () => {
  test("projects, chroots and chroots of projects, part by part", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    expect(await home.complete("projects", "")).toEqual(printed("hello", "world"));
    expect(await home.complete("projects")).toEqual(printed("hello", "world"));
    expect(await home.complete("projects", "wo")).toEqual(printed("world"));
    expect(await home.complete("projects", "@copr/h")).toEqual(printed("@copr/hello"));
    expect(await home.complete("chroots", "fedora-44")).toEqual(printed("fedora-44-x86_64"));
    expect(await home.complete("project-chroots", "h")).toEqual(printed("hello/"));
    expect(await home.complete("project-chroots", "hello/f")).toEqual(printed("hello/fedora-43-x86_64"));
    expect(await home.complete("project-chroots", "you/")).toEqual(printed("you/hello/"));
    expect(await home.complete("project-chroots", "you/hello/e")).toEqual(printed("you/hello/epel-9-x86_64"));
  });

  test("packages of the project that was typed", async () => {
    const server = await webServer(answer);
    const home = await homeFor(configFor(server.url));
    for (const project of ["hello", "me/hello", "me/hello:pr:1"]) {
      expect(await home.complete("packages", "", project), project).toEqual(printed("curl", "zsh"));
    }
    expect(await home.complete("packages", "z", "@gr/hello")).toEqual(printed("zsh"));
    expect([...new Set(server.requests.map(({ url }) => url.replace(/&limit.*/, "")))]).toEqual([
      "/api_3/package/list?ownername=me&projectname=hello",
      "/api_3/package/list?ownername=%40gr&projectname=hello",
    ]);
    for (const project of ["", "../x", "$(x)/y", "me/"]) expect(await home.complete("packages", "", project), project).toEqual(printed());
  });

  test("pages: projects, their packages, builds", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    expect(await home.complete("pages", "he")).toEqual(printed("hello"));
    expect(await home.complete("pages", "me/he")).toEqual(printed("me/hello"));
    expect(await home.complete("pages", "me/hello/c")).toEqual(printed("me/hello/curl"));
    expect(await home.complete("pages", "1")).toEqual(printed());
  });

  test("builds that were seen at a terminal, the newest first, with what they are", async () => {
    const server = await webServer(answer);
    const home = await homeFor(configFor(server.url));
    const env = { HOME: home.directory, XDG_CACHE_HOME: "", no_proxy: "127.0.0.1" };
    expect(await home.complete("builds")).toEqual(printed());
    await runProgram([...bin.cli, "list-builds", "hello"], { env });
    expect(await home.complete("builds"), "a script's list is no news to a person").toEqual(printed());
    expect(existsSync(home.cache)).toBe(false);

    await runOnTerminal([...bin.cli, "list-builds", "hello"], { env });
    await runOnTerminal([...bin.cli, "logs", "5"], { env });
    const asked = server.requests.length;
    expect(await home.complete("builds")).toEqual(
      printed("12\tcurl-8-1 me/hello failed", "7\tme/hello succeeded", "5", "3\tcurl-8-1 me/hello"),
    );
    expect(await home.complete("builds", "1")).toEqual(printed("12\tcurl-8-1 me/hello failed"));
    expect(await home.complete("pages", "7")).toEqual(printed("7\tme/hello succeeded"));
    expect(server.requests, "no request at a TAB").toHaveLength(asked);
    expect(readdirSync(home.cache).map((name) => statSync(join(home.cache, name)).mode & 0o777)).toEqual([0o600]);
  });

  test("only names that no shell or terminal takes for something else", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    expect(await home.complete("chroots")).toEqual(printed("fedora-43-x86_64", "fedora-44-x86_64"));
    expect(await home.complete("projects", "$(touch x)/")).toEqual(printed());
    expect(await home.complete("projects", "-")).toEqual(printed());
  });

  test("nothing, and no complaint, for what is not known", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    for (const words of [[], ["builds"], ["packages"], ["projects", "nobody/"], ["projects", "../"]]) {
      expect(await home.complete(...words), words.join(" ")).toEqual(printed());
    }
    await home.configure("no configuration");
    expect(await home.complete("projects")).toEqual(printed());
  });

  test("nothing without a name and a login, and no login is tried", async () => {
    const server = await webServer(answer);
    const home = await homeFor(`[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\n`);
    expect(await home.complete("projects")).toEqual(printed());
    expect(server.requests).toEqual([]);
    await mkdir(home.cache, { recursive: true });
    const session = { name: "me", session: "S", expiration: Date.now() / 1000 + 600 };
    await writeFile(join(home.cache, `${new URL(server.url).host}-session`), JSON.stringify(session));
    expect(await home.complete("projects"), "the name of a login that is there").toEqual(printed("hello", "world"));
  });
});

describe("the cache", () => {
  test("is private, and spares the frontend", async () => {
    const server = await webServer(answer);
    const home = await homeFor(configFor(server.url));
    for (const _ of [1, 2]) {
      expect(await home.complete("projects")).toEqual(printed("hello", "world"));
      expect((await home.complete("chroots")).stdout).toContain("fedora-43");
    }
    expect(server.requests.map(({ url }) => url)).toEqual(["/api_3/project/list?ownername=me", "/api_3/mock-chroots/list"]);
    expect(server.requests.map(({ headers }) => headers.authorization ?? headers.cookie)).toEqual([undefined, undefined]);
    expect(server.requests[0]?.headers["user-agent"]).toMatch(/^copr copr-cli\//);
    expect(statSync(home.cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(home.cache)).toHaveLength(2);
    for (const name of readdirSync(home.cache)) expect(statSync(join(home.cache, name)).mode & 0o777).toBe(0o600);
  });

  test("is kept apart by user and frontend", async () => {
    const [one, two] = [await webServer(answer), await webServer(answer)];
    const home = await homeFor(configFor(one.url));
    await home.complete("projects");
    await home.configure(configFor(one.url, "you"));
    await home.complete("projects");
    await home.configure(configFor(two.url, "you"));
    await home.complete("projects");
    expect(one.requests.map(({ url }) => url)).toEqual(["/api_3/project/list?ownername=me", "/api_3/project/list?ownername=you"]);
    expect(two.requests).toHaveLength(1);
  });

  test("lies where XDG_CACHE_HOME says", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    const cache = join(home.directory, "elsewhere");
    await runProgram([...bin.cli, "__complete", "projects"], {
      env: { HOME: home.directory, XDG_CACHE_HOME: cache, no_proxy: "127.0.0.1" },
    });
    expect(readdirSync(join(cache, "copr"))).toHaveLength(1);
    expect(existsSync(home.cache)).toBe(false);
  });

  test.each([
    ["5 minutes", "projects", 6 * 60_000, 4 * 60_000],
    ["24 hours", "chroots", 25 * 3600_000, 23 * 3600_000],
  ])("is asked again after %s for %s", async (_, kind, oldMs, freshMs) => {
    const server = await webServer(answer);
    const home = await homeFor(configFor(server.url));
    await home.complete(kind);
    age(home, freshMs);
    await home.complete(kind);
    expect(server.requests).toHaveLength(1);
    age(home, oldMs);
    await home.complete(kind);
    expect(server.requests).toHaveLength(2);
    age(home, -3600_000);
    await home.complete(kind);
    expect(server.requests, "a clock that was set back").toHaveLength(3);
  });

  test("answers when the frontend does not, and leaves it alone for a while", async () => {
    const server = await webServer((response, request, number) => {
      if (number === 1) answer(response, request, number);
      else sendJson(response, { error: "in trouble" }, 503);
    });
    const home = await homeFor(configFor(server.url));
    await home.complete("projects");
    age(home, 3600_000);
    for (const _ of [1, 2]) expect(await home.complete("projects")).toEqual(printed("hello", "world"));
    expect(server.requests).toHaveLength(2);
  });

  test("that is broken, foreign or unwritable is no obstacle", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    await home.complete("projects");
    const [name] = readdirSync(home.cache) as [string];
    for (const text of ["", "{", "null", '{"answeredAt":1,"failedAt":0,"answer":[[1]]}', '{"answeredAt":9e15,"failedAt":0,"answer":"x"}']) {
      writeFileSync(join(home.cache, name), text);
      expect(await home.complete("projects"), text).toEqual(printed("hello", "world"));
    }
    // Also for root, to whom modes mean nothing: a file where the directory should be.
    const other = await homeFor(configFor((await webServer(answer)).url));
    writeFileSync(join(other.directory, ".cache"), "");
    chmodSync(other.directory, 0o500);
    expect(await other.complete("projects")).toEqual(printed("hello", "world"));
    chmodSync(other.directory, 0o700);
  });

  test("forgets what nobody asks for any more", async () => {
    const home = await homeFor(configFor((await webServer(answer)).url));
    await home.complete("projects");
    const [name] = readdirSync(home.cache) as [string];
    const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(join(home.cache, name), longAgo, longAgo);
    writeFileSync(join(home.cache, "host-session"), "{}");
    await utimes(join(home.cache, "host-session"), longAgo, longAgo);
    await home.complete("chroots");
    expect(readdirSync(home.cache).filter((one) => one === name || one === "host-session")).toEqual(["host-session"]);
  });
});

test("a frontend that never answers, or is not there, costs a shell a moment only", async () => {
  const silent = await webServer(() => undefined);
  const home = await homeFor(configFor(silent.url));
  const started = performance.now();
  expect(await home.complete("projects")).toEqual(printed());
  // 1.2 seconds and the start of a program, on a machine that does other things.
  expect(performance.now() - started).toBeLessThan(15_000);
  await home.configure(configFor(`http://127.0.0.1:${await closedPort()}`));
  expect(await home.complete("projects")).toEqual(printed());
});

test("it is in no help, manual or completion of commands", async () => {
  const home = await homeFor("[copr-cli]\ncopr_url = https://x\n");
  const help = await runProgram([...bin.cli, "--help"], { env: { HOME: home.directory } });
  const manual = readFileSync(new URL("../../man/copr-cli.1", import.meta.url), "utf8");
  expect(help.stdout + manual).not.toContain("__complete");
});

/** Makes what is kept as old as this. */
function age({ cache }: Home, milliseconds: number): void {
  for (const name of readdirSync(cache)) {
    const entry = JSON.parse(readFileSync(join(cache, name), "utf8")) as object;
    writeFileSync(join(cache, name), JSON.stringify({ ...entry, answeredAt: Date.now() - milliseconds }));
  }
}
