import { closedPort } from "../support/closed-port.ts";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { dateInDays } from "../support/account-home.ts";
import { type KerberosFrontend, kerberosFrontend } from "../support/kerberos-frontend.ts";
import { installKerberos, kerberosModules } from "../support/kerberos-package.ts";
import { type Kdc, startKdc } from "../support/kdc.ts";
import { bin, type Outcome, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { runOnTerminal } from "../support/terminal-run.ts";

let kdc: Kdc | undefined;
let problem: string | undefined;
let env: Record<string, string>;
let home: string;
let frontend: KerberosFrontend;

beforeAll(async () => {
  problem = await installKerberos();
  if (problem !== undefined) return;
  kdc = await startKdc({ port: await closedPort(), users: ["jane"], services: ["HTTP/localhost"], robots: ["robot/builder.example"] });
  // The server's half runs in this process.
  for (const name of ["KRB5_CONFIG", "KRB5_KTNAME", "KRB5RCACHENAME"]) vi.stubEnv(name, kdc.env[name]);
}, 300_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await kdc?.close();
});
beforeEach(async ({ skip }) => {
  if (problem !== undefined) skip(problem);
  home = await temporaryDirectory();
  frontend = await kerberosFrontend();
  env = { ...realm().env, HOME: home, NODE_PATH: kerberosModules };
  await realm().logout();
});

const realm = (): Kdc => kdc as Kdc;
const copr = (...words: string[]): Promise<Outcome> => runProgram([...bin.cli, ...words], { env });
const configText = (): Promise<string> => readFile(join(home, ".config/copr"), "utf8");
const requests = (): string[] => frontend.requests.map(({ method, url }) => `${method} ${url}`);
const login = (...words: string[]): Promise<Outcome> => copr("login", "--url", frontend.url, ...words);

test("a ticket gets the token that the page shows, which stays good on other machines", async () => {
  frontend.tokens.set("jane", { login: "janes-login", token: "janes&token<1>", expiration: dateInDays(60) });
  await realm().login("jane");
  const { exitCode, stdout, stderr } = await login();
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(`You are jane at ${frontend.url}. ${home}/.config/copr has the API token, which is good until ${dateInDays(60)}.\n`);
  expect(await configText()).toContain("login = janes-login\nusername = jane\ntoken = janes&token<1>\n");
  expect(requests()).toEqual(["GET /api_3/gssapi_login/", "GET /api/", "GET /api_3/auth-check"]);
  await realm().logout();
  expect(await copr("auth-status", "--check")).toMatchObject({ exitCode: 0 });
});

test.each([
  ["has expired", dateInDays(-1)],
  ["expires soon", dateInDays(3)],
  ["was never made", undefined],
])("where the shown token %s a new one is made, which is told", async (_, expiration) => {
  if (expiration === undefined) frontend.hasPage = false;
  else frontend.tokens.set("jane", { login: "janes-login", token: "janes-token", expiration });
  await realm().login("jane");
  const { exitCode, stdout } = await login("--json");
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ method: "kerberos", is_new: true, username: "jane", expiration: "2999-01-02" }),
  ]);
  expect(requests()).toContain("POST /api_3/api-token");
  expect(await configText()).toContain("token = token-of-jane-1\n");
});

test("a robot's keytab does", async () => {
  env["KRB5_CLIENT_KTNAME"] = realm().robotKeytab;
  expect(await login("--instance", "robot")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("void") });
});

test("a ticket that is refused is no reason to write, and at a terminal a person may still paste", async () => {
  await realm().login("jane");
  frontend.refused.push("jane");
  expect(await login()).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("invalid krb5 username") });
  await expect(configText()).rejects.toThrow("ENOENT");
  frontend.tokens.set("jane", { login: "janes-login", token: "janes-token", expiration: dateInDays(60) });
  const run = await runOnTerminal([...bin.cli, "login", "--url", frontend.url], {
    env: { ...env, PATH: env["PATH"] as string },
    steps: [
      { until: "is shown): " },
      { type: "janes-login\r" },
      { until: "the token: " },
      { type: "janes-token\r" },
      { until: "You are jane" },
    ],
  });
  expect([run.exit, run.raw]).toEqual([0, expect.stringContaining("invalid krb5 username")]);
});

test("gssapi = no keeps tickets out of it; without one nothing is asked of the server", async () => {
  await mkdir(join(home, ".config"), { recursive: true });
  await writeFile(join(home, ".config/copr"), `[copr-cli]\ncopr_url = ${frontend.url}\nencrypted = no\ngssapi = no\n`);
  await realm().login("jane");
  expect(await copr("login")).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("--with-token") });
  expect(requests()).toEqual([]);
});

test("the doctor sees tickets, and what is wrong with them", async () => {
  const kerberos = async () => {
    const { stdout } = await runProgram([...bin.cli, "doctor", "--json"], { env: { ...env, COPR_URL: frontend.url } });
    return (JSON.parse(stdout) as { name: string }[]).find(({ name }) => name === "kerberos");
  };
  expect(await kerberos()).toMatchObject({ state: "skipped", message: expect.stringContaining("neither") });
  await realm().login("jane");
  expect(await kerberos()).toMatchObject({ state: "ok", message: expect.stringContaining("of jane") });
  frontend.url = "http://127.0.0.2:5000";
  expect(await kerberos()).toMatchObject({ state: "failed", message: expect.stringContaining("not found in Kerberos database") });
});
