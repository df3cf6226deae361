import { closedPort } from "../support/closed-port.ts";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { type AccountHome, accountHome, dateInDays } from "../support/account-home.ts";
import { expectSchema } from "../support/schemas.ts";
import { secureServer } from "../support/secure-server.ts";
import { type Handler, sendJson, webServer } from "../support/web-server.ts";

let home: AccountHome;
beforeEach(async () => {
  home = await accountHome();
});

/** As much of a frontend as a doctor looks at; the token `good-token` is good. */
const frontend: Handler = (response, { url, headers }) => {
  const isGood = Buffer.from((headers.authorization ?? "").slice(6), "base64").toString() === "some-login:good-token";
  if (url === "/api_3/") sendJson(response, { version: 3 });
  else if (!isGood) sendJson(response, { error: "Login invalid/expired." }, 401);
  else sendJson(response, { id: 1, name: "alice" });
};

const config = (url: string, more = "", token = "good-token"): string =>
  `[copr-cli]\ncopr_url = ${url}\nencrypted = no\nusername = alice\nlogin = some-login\ntoken = ${token}\n${more}`;

/** What the doctor finds, by what was looked at, and the exit status. */
async function examine(env: Record<string, string> = {}, words: readonly string[] = []) {
  const { exitCode, stdout, stderr } = await home.run(["doctor", "--json", ...words], { env });
  expect(stderr).toBe("");
  expectSchema("copr-cli-doctor.json", stdout);
  const findings = JSON.parse(stdout) as Finding[];
  expect(exitCode).toBe(findings.some(({ state }) => state === "failed") ? 1 : 0);
  expect(stdout).not.toMatch(/good-token|some-login|proxy-password/);
  return { exitCode, ...Object.fromEntries(findings.map(({ name, ...finding }) => [name, finding])) };
}

const found = (state: Finding["state"], message = "", advice = "") => ({
  state,
  message: expect.stringContaining(message),
  ...(advice === "" ? {} : { advice: expect.stringContaining(advice) }),
});

describe("with a frontend as it should be", () => {
  test("a good configuration is fine, in a line a check", async () => {
    const { url } = await webServer(frontend);
    const path = await home.write("copr", config(url, `# expiration date: ${dateInDays(100)}\n`));
    const { exitCode, stdout, stderr } = await home.run(["doctor"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 9)).toEqual([
      expect.stringMatching(/^ok {7}versions {7}This is copr-cli \d\S* on Node.js \d/),
      `ok       configuration  ${path} names ${url}.`,
      `ok       privacy        Only its owner can read ${path}.`,
      "ok       proxy          Requests go to the server without a proxy.",
      `ok       server         ${url} answers, with version 3 of the API.`,
      "ok       clock          This machine's clock agrees with the server's.",
      "skipped  certificate    The connection is not encrypted, and stays on this machine.",
      `ok       token          The server accepts the API token of alice. It is good until ${dateInDays(100)} (in 100 days).`,
      "skipped  kerberos       It is not needed beside an API token.",
    ]);
    expect(lines.slice(9).map((line) => line.slice(9, 24).trim())).toEqual(["rpmbuild", "git", "fedpkg", "mock"]);
  });

  test("tools that are missing are named with their package", async () => {
    const { url } = await webServer(frontend);
    await home.write("copr.d/here", config(url));
    await writeFile(join(home.directory, "mock"), "", { mode: 0o755 });
    expect(await examine({ PATH: home.directory }, ["--instance", "here"])).toMatchObject({
      exitCode: 0,
      configuration: found("ok", "the instance 'here'"),
      rpmbuild: found("warning", "not installed", "dnf install rpm-build"),
      git: found("warning"),
      mock: found("ok", `${home.directory}/mock`),
      token: found("ok", "Nothing tells when it expires."),
    });
  });

  test.each([
    ["expires soon", dateInDays(5), "good-token", found("warning", "(in 5 days)", "new-api-token")],
    ["has expired", dateInDays(-3), "old-token", found("failed", "(3 days ago)", "copr-cli login")],
    ["is void", dateInDays(50), "void-token", found("failed", "does not accept", "copr-cli login")],
  ])("a token that %s", async (_, date, token, expected) => {
    const { url } = await webServer(frontend);
    await home.write("copr", config(url, `# expiration date: ${date}\n`, token));
    expect(await examine()).toMatchObject({ server: found("ok"), token: expected });
  });

  test.each([
    [-3600, "behind", "failed"],
    [3600, "ahead of", "failed"],
    [120, "ahead of", "warning"],
  ] as const)("a clock that is %i seconds off", async (seconds, where, state) => {
    const { url } = await webServer((response, request, number) => {
      response.setHeader("date", new Date(Date.now() - seconds * 1000).toUTCString());
      frontend(response, request, number);
    });
    await home.write("copr", config(url));
    expect(await examine()).toMatchObject({ clock: found(state, where, "set-ntp") });
  });

  test.each([
    ["can't be found", "no-such-store show copr", "The program 'no-such-store' is not installed", "Install it"],
    ["fails", "false", "exit status 1", "Run it by hand"],
    ["has no end", "'cat", "a quote without an end", "Mend /"],
    ["prints a void token", "echo void-token", "does not accept the API token", "Let the program of the token_command"],
  ])("a token_command that %s", async (_, command, message, advice) => {
    const { url } = await webServer(frontend);
    await home.write("copr", config(url, `token_command = ${command}\n`).replace("token = good-token\n", ""));
    expect(await examine()).toMatchObject({ token: found("failed", message, advice), server: found("ok") });
  });

  test("a void token of the environment is not to be renewed in the file", async () => {
    const { url } = await webServer(frontend);
    const env = { COPR_URL: url, COPR_LOGIN: "some-login", COPR_TOKEN: "void-token" };
    expect(await examine(env)).toMatchObject({ token: found("failed", "does not accept", "unset them") });
  });

  test("a token of somebody else, and one that others may read", async () => {
    const { url } = await webServer(frontend);
    await chmod(await home.write("copr", config(url).replace("alice", "bob")), 0o644);
    expect(await examine()).toMatchObject({
      privacy: found("failed", "can read the API token", "chmod 600"),
      token: found("warning", "of alice"),
    });
  });

  test("no configuration, one of the environment, one that can't be read", async () => {
    const { url } = await webServer(frontend);
    expect(await examine({ COPR_URL: url })).toMatchObject({
      configuration: found("warning", "no configuration", "copr-cli login"),
      exitCode: 0,
    });
    const env = { COPR_URL: url, COPR_LOGIN: "some-login", COPR_TOKEN: "good-token" };
    expect(await examine(env)).toMatchObject({ configuration: found("ok", "environment"), token: found("ok", "alice") });
    await home.write("copr", "[copr-cli]\nlogin\n");
    expect(await examine()).toMatchObject({ configuration: found("failed", "parsing errors"), server: found("skipped") });
    expect(await examine({ COPR_TOKEN: "good-token" })).toMatchObject({ configuration: found("failed", "half an API token") });
  });
});

describe("with a server that is none", () => {
  test("a wall against bots, another web site, trouble, nobody", async () => {
    const pages: [status: number, page: string, message: string][] = [
      [200, "<!doctype html><title>Making sure you're not a bot!</title>", "bot wall"],
      [403, "<html><script src=/.within.website/x/cmd/anubis/></html>", "bot wall"],
      [200, "<html><h1>It works!</h1></html>", "the address is wrong"],
      [404, '{"error": "no such page"}', "the address is wrong"],
      [502, "<html>Bad Gateway</html>", "has trouble (HTTP 502)"],
    ];
    let page = pages[0];
    const { url, requests } = await webServer((response) => response.writeHead(page?.[0] ?? 500).end(page?.[1]));
    await home.write("copr", config(url));
    for (page of pages) {
      expect(await examine()).toMatchObject({ server: found("failed", page[2]), token: found("skipped"), clock: found("ok") });
    }
    // None of them is shown the token.
    expect(requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    await home.write("copr", config(`http://127.0.0.1:${await closedPort()}`, `# expiration date: ${dateInDays(-1)}\n`));
    expect(await examine()).toMatchObject({ server: found("failed", "Unable to connect"), token: found("failed", "yesterday") });
  });

  test("a proxy in the way, whose password nobody sees", async () => {
    const { url } = await webServer(frontend);
    await home.write("copr", config(url));
    const proxy = `http://me:proxy-password@127.0.0.1:${await closedPort()}`;
    expect(await examine({ http_proxy: proxy })).toMatchObject({
      proxy: found("warning", `the proxy ${proxy.replace("me:proxy-password@", "")}`, "no_proxy=127.0.0.1"),
      server: found("failed"),
    });
    expect(await examine({ http_proxy: proxy, no_proxy: "127.0.0.1" })).toMatchObject({
      proxy: found("ok", "without"),
      server: found("ok"),
    });
  });
});

describe("the certificate", () => {
  const write = async (url: string) => home.write("copr", config(url));

  test("of an authority that is not known, then trusted; for another name; a file that is no use", async () => {
    const { server, certificate } = await secureServer(frontend);
    await write(server.url);
    expect(await examine()).toMatchObject({
      certificate: found("failed", "whom this machine does not trust", "REQUESTS_CA_BUNDLE"),
      server: found("failed"),
    });
    expect(await examine({ REQUESTS_CA_BUNDLE: certificate })).toMatchObject({
      certificate: found("warning", "expires in", "administrators"),
      server: found("ok"),
      token: found("ok"),
    });
    await write(server.url.replace("127.0.0.1", "localhost"));
    expect(await examine({ REQUESTS_CA_BUNDLE: certificate })).toMatchObject({
      certificate: found("failed", "is for IP Address:127.0.0.1, and not for localhost"),
    });
    const other = join(home.directory, "other.pem");
    await writeFile(other, await readFile((await secureServer(frontend)).certificate));
    await write(server.url);
    expect(await examine({ SSL_CERT_FILE: other })).toMatchObject({
      certificate: found("failed", "does not trust", `SSL_CERT_FILE names the file ${other}`),
    });
    expect(await examine({ SSL_CERT_FILE: "/none" })).toMatchObject({
      certificate: found("failed", "Cannot read the certificates in '/none': no such file or directory"),
    });
  });

  test("that has expired", async () => {
    const { server, certificate } = await secureServer(frontend, { days: -1 });
    await write(server.url);
    expect(await examine({ REQUESTS_CA_BUNDLE: certificate })).toMatchObject({ certificate: found("failed", "certificate expired on") });
  });

  test("that is good for long is fine", async () => {
    const { server, certificate } = await secureServer(frontend, { days: 90 });
    await write(server.url);
    expect(await examine({ REQUESTS_CA_BUNDLE: certificate })).toMatchObject({ certificate: found("ok", "trusted") });
  });
});
