import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { configText } from "../sandbox/api-page.ts";
import type { Account } from "../sandbox/models.ts";
import { type Sandbox, startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { type AccountHome, accountHome } from "../support/account-home.ts";
import { processesMentioning } from "../support/processes.ts";
import { askPython } from "../support/python.ts";
import { expectSchema } from "../support/schemas.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { sendJson, webServer } from "../support/web-server.ts";

let directory: string;
let sandbox: Sandbox;
let account: Account;
let home: AccountHome;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-login-"));
  const { sandbox: started, world } = await startSandboxWithWorld({ directory, builder: [], username: "alice", dispatch: false });
  sandbox = started;
  account = world.accounts[0] as Account;
});
afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  home = await accountHome();
});

const block = (): string => configText(sandbox.url, account);
const PASTE = "(nothing of it is shown): ";

describe("login --with-token", () => {
  test("writes a private file that upstream's parser reads, and says who one is", async () => {
    const { exitCode, stdout, stderr } = await home.run(["login", "--with-token"], { stdin: block() });
    const path = join(home.directory, ".config/copr");
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: `You are alice at ${sandbox.url}. ${path} has the API token, which is good until ${account.expiration}.\n`,
      stderr: "",
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readWithPython(await home.read("copr"))).toEqual({
      login: account.login,
      token: account.token,
      username: "alice",
      copr_url: sandbox.url,
      encrypted: "no",
    });
    expect(await home.read("copr")).toContain(`\n# expiration date: ${account.expiration}\n`);
    expect(await home.run(["create", "made", "--chroot", "fedora-43-x86_64"])).toMatchObject({ exitCode: 0 });
  });

  test("keeps comments, other keys and sections of a file, follows a link, and makes the file private", async () => {
    const before =
      `; mine\n[other]\ntoken = theirs\n[copr-cli]\n# a note\nlogin: OLD\n  more\ntoken = OLD\nusername = bob\ngssapi = no\n` +
      `copr_url = ${sandbox.url}/\nencrypted = no\n# expiration date: 2020-01-01\n[last]\nx = 1\n`;
    const real = await home.write("real", before);
    await chmod(real, 0o644);
    await symlink("real", join(home.directory, ".config/copr"));
    expect(await home.run(["login", "--with-token", "--json"], { stdin: block() })).toMatchObject({ exitCode: 0, stderr: "" });
    const after = before
      .replace("login: OLD\n  more", `login: ${account.login}`)
      .replace("token = OLD", `token = ${account.token}`)
      .replace("bob", "alice")
      .replace(`${sandbox.url}/`, sandbox.url)
      .replace("2020-01-01", account.expiration);
    expect(await home.read("real")).toBe(after);
    expect((await stat(real)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(home.directory, ".config"))).toEqual(["copr", "real"]);
  });

  test("makes instances, which others do not touch", async () => {
    const made = await home.run(["login", "--instance", "here", "--with-token", "--json"], { stdin: block() });
    expect(made).toMatchObject({ exitCode: 0, stderr: "" });
    expectSchema("copr-cli-login.json", made.stdout);
    expect(JSON.parse(made.stdout)).toMatchObject({ instance: "here", username: "alice", method: "input", is_new: false });
    expect((await stat(join(home.directory, ".config/copr.d"))).mode & 0o777).toBe(0o700);
    expect(await home.run(["--instance", "here", "whoami"])).toMatchObject({ stdout: "alice\n" });
    expect(await home.run(["whoami"], { env: { COPR_INSTANCE: "here" } })).toMatchObject({ stdout: "alice\n" });
    expect(await readdir(join(home.directory, ".config"))).toEqual(["copr.d"]);
    // What a killed login has left is no instance, and goes with the next one; what is being written stays.
    const instances = join(home.directory, ".config", "copr.d");
    const [old, young] = ["here.0123456789ab.tmp", "here.ba9876543210.tmp"] as const;
    for (const name of [old, young]) await home.write(`copr.d/${name}`, block());
    await utimes(join(instances, old), 1, 1);
    const listed = await home.run(["auth-status", "--all", "--json"]);
    expect((JSON.parse(listed.stdout) as { instance: string }[]).map(({ instance }) => instance)).toEqual(["here"]);
    expect(await home.run(["login", "--instance", "here", "--with-token"], { stdin: block() })).toMatchObject({ exitCode: 0 });
    expect((await readdir(instances)).toSorted()).toEqual(["here", young]);
    // A frontend may know itself by another name.
    const stdin = block().replace(sandbox.url, "https://copr.example");
    expect(await home.run(["login", "--with-token", "--url", sandbox.url], { stdin })).toMatchObject({ exitCode: 0 });
    expect(await home.read("copr")).toContain(`copr_url = ${sandbox.url}\n`);
  });

  test.each([
    ["a token that is wrong", () => block().replace(account.token, "wrong-token"), 7, "expired.\nThe page"],
    ["no block", () => "hello\n", 6, "it is no text of that form"],
    ["half a block", () => block().replace(/^token.*\n/m, ""), 6, "there is no 'token' in it"],
    ["the page of nobody", () => block().replace(account.login, "LOGIN_TO_REVEAL"), 6, "sign in at the page first"],
    ["an address that is not encrypted by mistake", () => block().replace(/^encrypted.*\n/m, ""), 6, "without encryption"],
    [
      "the block of another Copr",
      () => block().replace(sandbox.url, "https://copr.example"),
      2,
      "and the block is of https://copr.example",
    ],
    ["nothing", () => "", 6, "there is no 'login' in it"],
  ])("%s changes nothing", async (_, stdin, exit, sentence) => {
    const before = `[copr-cli]\ncopr_url = ${sandbox.url}\nencrypted = no\nlogin = good\ntoken = as-it-was\n`;
    await home.write("copr", before);
    const { exitCode, stdout, stderr } = await home.run(["login", "--with-token"], { stdin: stdin() });
    expect([exitCode, stdout, stderr]).toEqual([exit, "", expect.stringContaining(sentence)]);
    expect(stderr).not.toMatch(new RegExp(`${account.token}|${account.login}|wrong-token`));
    expect(await home.read("copr")).toBe(before);
    expect(await readdir(join(home.directory, ".config"))).toEqual(["copr"]);
  });

  test("a server that is none, and a file that can't be changed, are told before anything is lost", async () => {
    const wall = await webServer((response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>a bot?</h1>"));
    const stdin = block().replace(sandbox.url, wall.url);
    expect(await home.run(["login", "--with-token"], { stdin })).toMatchObject({ exitCode: 1 });
    await mkdir(join(home.directory, ".config/copr"), { recursive: true });
    expect(await home.run(["login", "--with-token"], { stdin: block() })).toMatchObject({ exitCode: 6 });
    const broken = await home.write("broken", "[copr-cli]\nno key\n");
    expect(await home.run(["--config", broken, "login", "--with-token"], { stdin: block() })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("Mend the file"),
    });
    expect(await home.run(["login"])).toMatchObject({ exitCode: 6 });
    expect(await home.run(["--instance", "new", "login"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--url ADDRESS") });
    expect(await home.run(["--instance", "../x", "login"])).toMatchObject({ exitCode: 2 });
    expect(await home.run(["--instance", "a", "login", "--instance", "b"])).toMatchObject({ exitCode: 2 });
    expect(await home.run(["--instance", "new", "login", "--url", sandbox.url])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining("--with-token"),
    });
  });
});

describe("login at a terminal", () => {
  test("opens the page, takes the pasted block without showing it, and writes the file", async () => {
    const page = await (await fetch(`${sandbox.url}/api/`)).text();
    const copied = /<pre>([^<]*)/.exec(page)?.[1] ?? "";
    expect(copied).toContain(account.token);
    const opened = join(home.directory, "opened");
    const browser = join(home.directory, "browser");
    await writeFile(browser, `#!/bin/sh\necho "$1" >'${opened}'\n`, { mode: 0o755 });
    const run = await home.type(
      ["login", "--url", sandbox.url],
      // As the page has it, with an empty line in its midst, and without an end of the last line.
      [{ until: PASTE }, { type: copied.replace("encrypted", "\nencrypted").trimEnd() }, { sleep: 0.3 }, { type: "\r" }],
      { DISPLAY: ":0", BROWSER: browser },
    );
    expect(run.exit).toBe(0);
    expect(run.isRestored).toBe(true);
    expect(run.raw).toContain(`Your browser opens ${sandbox.url}/api/`);
    expect(run.raw).toContain("You are alice");
    expect(run.raw).not.toMatch(new RegExp(`${account.token}|${account.login}|copr_url`));
    expect(await home.read("copr")).toContain(`token = ${account.token}\n`);
    await expect.poll(() => home.run(["whoami"]).then(({ stdout }) => stdout)).toBe("alice\n");
    expect(await readdir(home.directory)).toContain("opened");
  });

  test("takes login and token one by one, also over what was mistyped", async () => {
    const run = await home.type(
      ["login", "--instance", "typed", "--url", sandbox.url],
      [
        { until: PASTE },
        { type: `mistake\u0015x\u007f${account.login}\r` },
        { until: "And the token: " },
        { type: `${account.token}\r` },
        { until: "You are alice" },
      ],
    );
    expect([run.exit, run.raw]).toEqual([0, expect.stringContaining(`Open ${sandbox.url}/api/ in a browser`)]);
    expect(run.raw).not.toMatch(new RegExp(`${account.token}|${account.login}|mistake`));
    expect(await home.read("copr.d/typed")).not.toContain("expiration");
  });

  const refused = "[copr-cli]\rlogin = not-a-login\rtoken = not-a-token\r\r";

  test("a block that ends early is taken after an empty line; what is refused three times is not kept", async () => {
    const run = await home.type(
      ["login", "--url", sandbox.url],
      [
        { until: PASTE },
        { type: refused },
        { until: "does not accept" },
        { until: PASTE },
        { type: "[copr-cli]\rhello\r\r" },
        { until: "it is no text of that form" },
        { until: PASTE },
        { type: "not-a-login\r" },
        { until: "And the token: " },
        { type: "not-a-token\r" },
        { until: "does not accept" },
      ],
    );
    expect([run.exit, run.isRestored]).toEqual([7, true]);
    expect(run.raw).not.toContain("not-a-");
    // The page is shown once.
    expect(run.raw.match(/Open .* in a browser/g)).toHaveLength(1);
    await expect(home.read("copr")).rejects.toThrow("ENOENT");
  });

  test("who was refused gives another one, and what was left of the paste is none", async () => {
    const run = await home.type(
      ["login", "--url", sandbox.url],
      [
        { until: PASTE },
        { type: `old-login\rold-token\rtoken = ${account.token}\rmore\r` },
        { until: "does not accept" },
        { until: "Paste another one" },
        { until: PASTE },
        { type: `${block().trimEnd().replaceAll("\n", "\r")}\r` },
        { until: "You are alice" },
      ],
    );
    expect([run.exit, run.isRestored]).toEqual([0, true]);
    expect(run.raw).not.toMatch(new RegExp(`${account.token}|${account.login}|old-`));
    expect(await home.read("copr")).toContain(`token = ${account.token}\n`);
  });

  test("after a refusal Ctrl-D ends it with nothing changed", async () => {
    const run = await home.type(
      ["login", "--url", sandbox.url],
      [{ until: PASTE }, { type: refused }, { until: "does not accept" }, { until: PASTE }, { type: "\u0004" }],
    );
    expect([run.exit, run.isRestored, run.raw]).toEqual([6, true, expect.stringContaining("nothing was changed")]);
    await expect(home.read("copr")).rejects.toThrow("ENOENT");
  });

  test.each([
    ["Ctrl-C", { type: "\u0003" }, 1],
    ["Ctrl-D", { type: "\u0004" }, 6],
    ["SIGTERM", { signal: "SIGTERM" as const }, 143],
  ])("%s ends it and gives the terminal back", async (_, step, exit) => {
    await home.write("copr", `[copr-cli]\ncopr_url = ${sandbox.url}\nencrypted = no\n`);
    const run = await home.type(["login"], [{ until: PASTE }, step]);
    expect([run.exit, run.isRestored]).toEqual([exit, true]);
    expect(await home.read("copr")).not.toContain("token");
  });
});

describe("logout", () => {
  test("removes what proves who one is, and nothing else", async () => {
    await home.write("copr", `; mine\n${block()}`);
    const cache = join(home.directory, ".cache/copr");
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, `${new URL(sandbox.url).host}-session`), JSON.stringify({ name: "a", session: "c", expiration: 9e9 }));
    const { exitCode, stdout } = await home.run(["logout"]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^The API token was removed from .*\nThe Kerberos login was forgotten.\n$/),
    ]);
    expect(await home.read("copr")).toBe(`; mine\n[copr-cli]\nusername = alice\ncopr_url = ${sandbox.url}\nencrypted = no\n`);
    expect(await readdir(cache)).toEqual([]);
    const again = await home.run(["logout", "--json"]);
    expectSchema("copr-cli-logout.json", again.stdout);
    expect(JSON.parse(again.stdout)).toMatchObject({ token: false, session: false });
    expect(await home.run(["logout", "--instance", "none"])).toMatchObject({ stdout: expect.stringContaining("There was no login") });
  });
});

test("what is typed or read is in no process's command line or environment", async () => {
  let seen: string[] | undefined;
  const slow = await webServer((response) => {
    void processesMentioning(account.token).then((found) => {
      seen = found;
      sendJson(response, { id: 1, name: "alice" });
    });
  });
  const stdin = block().replace(sandbox.url, slow.url);
  expect(await home.run(["login", "--with-token"], { stdin })).toMatchObject({ exitCode: 0 });
  expect(seen).toEqual([]);
});

async function readWithPython(text: string): Promise<unknown> {
  const file = join(await temporaryDirectory(), "copr");
  await writeFile(file, text);
  return askPython("import configparser\np = configparser.ConfigParser()\np.read(given)\nanswer = dict(p['copr-cli'])", file);
}
