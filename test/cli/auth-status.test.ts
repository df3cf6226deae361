import { closedPort } from "../support/closed-port.ts";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type AccountHome, accountHome, dateInDays } from "../support/account-home.ts";
import { expectSchema } from "../support/schemas.ts";
import { type SeenRequest, sendJson, type WebServer, webServer } from "../support/web-server.ts";

let home: AccountHome;
let server: WebServer;
/** The pairs that the server accepts, by their users' names. */
const pairs: Readonly<Record<string, string>> = {
  "file-login:file-token": "filer",
  "env-login:env-token": "robot",
  "file-login:told-token 'x'": "told",
};

beforeEach(async () => {
  home = await accountHome();
  server = await webServer((response, request) => {
    const name = pairs[pairOf(request) ?? ""];
    if (name === undefined) sendJson(response, { error: "Login invalid/expired. Please visit https://x/api" }, 401);
    else sendJson(response, { id: 1, name });
  });
});

function pairOf({ headers }: SeenRequest): string | undefined {
  const encoded = /^Basic (.+)$/.exec(headers.authorization ?? "")?.[1];
  return encoded && Buffer.from(encoded, "base64").toString();
}

const config = (more = "", token = "token = file-token\n"): string =>
  `[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\nusername = filer\nlogin = file-login\n${token}${more}`;
const nobody = async (): Promise<string> => `http://127.0.0.1:${await closedPort()}`;

describe("where an account comes from", () => {
  test("options go before the environment, that before the file", async () => {
    const named = await home.write("named", config().replace("filer", "named"));
    await home.write("copr", config());
    await home.write("copr.d/one", config().replace("filer", "one"));
    await home.write("copr.d/two", config().replace("filer", "two"));
    const whoami = async (words: string[], env: Record<string, string> = {}) => (await home.run([...words, "whoami"], { env })).stdout;
    expect(await whoami([])).toBe("filer\n");
    expect(await whoami([], { COPR_INSTANCE: "one" })).toBe("one\n");
    expect(await whoami([], { COPR_INSTANCE: "one", COPR_CONFIG: named })).toBe("named\n");
    expect(await whoami(["--instance", "two"], { COPR_INSTANCE: "one", COPR_CONFIG: named })).toBe("two\n");
    expect(await whoami(["--config", named], { COPR_INSTANCE: "one" })).toBe("named\n");
    expect(await whoami([], { COPR_USERNAME: "me" })).toBe("me\n");
    expect(await home.run(["--config", named, "--instance", "one", "whoami"])).toMatchObject({ exitCode: 2 });
    expect(await home.run(["whoami"], { env: { COPR_CONFIG: "/none" } })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("File /none"),
    });
    expect(await home.run(["whoami"], { env: { COPR_INSTANCE: "three" } })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("There are: one, two"),
    });
    expect(await home.run(["whoami"], { env: { COPR_INSTANCE: "../copr" } })).toMatchObject({ exitCode: 6 });
  });

  test("the environment does without a file, by itself or by files of secrets", async () => {
    const [login, token] = [join(home.directory, "login"), join(home.directory, "token")];
    await writeFile(login, "env-login\n");
    await writeFile(token, "env-token\n");
    for (const env of [
      { COPR_LOGIN: "env-login", COPR_TOKEN: "env-token" },
      { COPR_LOGIN_FILE: login, COPR_TOKEN_FILE: token },
      { COPR_LOGIN: "env-login", COPR_LOGIN_FILE: "/none", COPR_TOKEN: "", COPR_TOKEN_FILE: token },
    ]) {
      const asked = await home.run(["auth-status", "--check", "--json"], { env: { ...env, COPR_URL: server.url } });
      expect(asked).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.parse(asked.stdout)).toMatchObject({ username: "robot", source: "environment", path: null, state: "accepted" });
    }
    // Before the file, whole, and without its date.
    await home.write("copr", config(`# expiration date: ${dateInDays(1)}\n`));
    const env = { COPR_LOGIN: "env-login", COPR_TOKEN: "env-token" };
    expect(JSON.parse((await home.run(["auth-status", "--check", "--json"], { env })).stdout)).toMatchObject({
      username: "robot",
      expiration: null,
    });
    expect(await home.run(["new-api-token"], { env })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("from the environment"),
    });
  });

  test.each([
    [{ COPR_LOGIN: "some-login" }, "COPR_LOGIN without COPR_TOKEN"],
    [{ COPR_TOKEN: "some-token", COPR_LOGIN: "" }, "COPR_TOKEN without COPR_LOGIN"],
    [{ COPR_TOKEN: "some-token", COPR_LOGIN_FILE: "/none/login" }, "Cannot read '/none/login', the COPR_LOGIN_FILE"],
    [{ COPR_TOKEN: "some\ntoken", COPR_LOGIN: "some-login" }, "more than one line"],
    [{ COPR_URL: "ftp://user:some-token@host" }, "COPR_URL is not an http(s) address: ftp://host"],
  ])("%s is told in a sentence", async (env, sentence) => {
    await home.write("copr", config());
    const { exitCode, stdout, stderr } = await home.run(["whoami"], { env });
    expect([exitCode, stdout, stderr]).toEqual([6, "", expect.stringContaining(sentence)]);
    expect(stderr).not.toMatch(/some-(token|login)/);
  });

  test("a token_command tells the token, without a shell", async () => {
    await home.write("copr", config(`token_command = printf '%%s\\n' "told-token 'x'"\n`, ""));
    expect(await home.run(["auth-status", "--check"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("by the token_command of"),
    });
    const failing = join(home.directory, "failing");
    await writeFile(failing, "#!/bin/sh\necho printed-token; echo printed-token >&2; exit 3\n", { mode: 0o755 });
    for (const [command, sentence] of [
      [failing, "ended with exit status 3"],
      ["true", "printed nothing"],
      ["printf 'a-line\\nanother-line\\n'", "printed more than one line"],
      ["no-such-program-here x", "can't be used: The program 'no-such-program-here' is not installed"],
      ["echo 'a", "has a quote without an end"],
      [`echo ok$(touch ${home.directory}/shell); touch ${home.directory}/shell`, "does not accept"],
    ]) {
      await home.write("copr", config(`token_command = ${command}\n`, ""));
      const { exitCode, stderr } = await home.run(["--debug", "auth-status", "--check"]);
      expect([exitCode, stderr]).toEqual([sentence === "does not accept" ? 7 : 6, expect.stringContaining(sentence as string)]);
      expect(stderr).not.toMatch(/printed-token|a-line/);
    }
    expect(await readdir(home.directory)).not.toContain("shell");
    // It is not asked where nobody needs it.
    expect(await home.run(["whoami"])).toMatchObject({ stdout: "filer\n" });
  });
});

describe("auth-status", () => {
  test("asks nobody, and tells what there is", async () => {
    expect(await home.run(["auth-status"])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("There is no API token") });
    await home.write("copr", config(`# expiration date: ${dateInDays(20)}\n`));
    await home.write("copr.d/broken", "[other]\n");
    await home.write("copr.d/backup~", "");
    await home.write("copr.d/kerberos", `[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\n`);
    const { stdout } = await home.run(["auth-status"]);
    expect(stdout).toBe(
      `${server.url} as filer\n  API token of ${home.directory}/.config/copr, good until ${dateInDays(20)} (in 20 days)\n`,
    );
    const all = await home.run(["auth-status", "--all", "--json"], { env: { COPR_LOGIN: "env-login", COPR_TOKEN: "env-token" } });
    expectSchema("copr-cli-auth-status.json", all.stdout);
    expect(JSON.parse(all.stdout)).toMatchObject([
      { instance: null, method: "token", source: "file", days_left: 20, state: "unchecked" },
      { instance: "broken", state: "broken", message: expect.stringContaining("no [copr-cli] section") },
      { instance: "kerberos", method: "kerberos", expiration: null },
    ]);
    expect(server.requests).toEqual([]);
    expect(await home.run(["auth-status", "--all", "--check"])).toMatchObject({ exitCode: 6 });
  });

  test.each([
    [30, [], 0],
    [14, [], 0],
    [13, [], 8],
    [13, ["--days", "13"], 0],
    [40, ["--days", "41"], 8],
    [0, ["--days", "0"], 0],
    [-1, ["--days", "0"], 8],
  ])("--check of a token that is good for %i days, %j, ends with %i", async (days, options, exit) => {
    await home.write("copr", config(`# expiration date: ${dateInDays(days)}\n`));
    const { exitCode, stderr } = await home.run(["auth-status", "--check", ...options]);
    expect([exitCode, stderr]).toEqual([exit, ""]);
  });

  test("--check tells who can't be asked from who refuses", async () => {
    await home.write("copr", config().replace("file-token", "void-token"));
    const refused = await home.run(["auth-status", "--check", "--json"]);
    expect([refused.exitCode, JSON.parse(refused.stdout)]).toEqual([7, expect.objectContaining({ state: "refused" })]);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { kind: "authentication", exit_code: 7 } });
    await home.write("copr.d/good", config());
    expect(await home.run(["auth-status", "--check", "--all"])).toMatchObject({ exitCode: 7, stderr: "" });
    expect(await home.run(["auth-status", "--check", "--instance", "good"])).toMatchObject({ exitCode: 0 });
    await home.write("copr", `[copr-cli]\ncopr_url = ${server.url}\nencrypted = no\ngssapi = no\n`);
    expect(await home.run(["auth-status", "--check"])).toMatchObject({ exitCode: 7 });
  });
});

describe("the end of a token", () => {
  test("is told a day at a terminal, once, and nobody else", async () => {
    const path = await home.write("copr", config(`# expiration date: ${dateInDays(3)}\n`));
    const sentence = `The API token in ${path} expires in 3 days (${dateInDays(3)}): copr-cli new-api-token renews it.`;
    expect(await home.run(["whoami"])).toEqual({ exitCode: 0, stdout: "filer\n", stderr: "" });
    expect((await home.type(["whoami", "--json"], [])).raw).not.toContain("expires");
    const seen = async () => (await home.type(["whoami"], [])).history.join("");
    expect(await seen()).toBe(`${sentence}filer`);
    expect(await seen()).toBe("filer");
    const cache = join(home.directory, ".cache/copr");
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of await readdir(cache)) await utimes(join(cache, name), yesterday, yesterday);
    await home.write("copr", config(`# expiration date: ${dateInDays(-2)}\n`));
    expect(await seen()).toBe(`The API token in ${path} expired 2 days ago (${dateInDays(-2)}): copr-cli login gets a new one.filer`);
    await home.write("copr.d/later", config(`# expiration date: ${dateInDays(15)}\n`));
    expect((await home.type(["--instance", "later", "whoami"], [])).history).toEqual(["filer"]);
  });
});

test("an unreachable server is no refusal", async () => {
  await home.write("copr", config().replace(server.url, await nobody()));
  const { exitCode, stdout } = await home.run(["auth-status", "--check", "--json"]);
  expect([exitCode, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ state: "unreachable" })]);
});
