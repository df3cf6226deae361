import { closedPort } from "../support/closed-port.ts";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type KerberosFrontend, kerberosFrontend } from "../support/kerberos-frontend.ts";
import { installKerberos, kerberosModules } from "../support/kerberos-package.ts";
import { type Kdc, startKdc } from "../support/kdc.ts";
import { bin, type Outcome, output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

let kdc: Kdc | undefined;
let problem: string | undefined;
let env: Record<string, string>;
let home: string;
let frontend: KerberosFrontend;

beforeAll(async () => {
  problem = await installKerberos();
  if (problem !== undefined) return;
  kdc = await startKdc({
    port: await closedPort(),
    users: ["jane", "joe"],
    services: ["HTTP/localhost", "HTTP/127.0.0.1"],
    robots: ["robot/builder.example"],
  });
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
  await configure(frontend.url);
  await realm().logout();
});

const realm = (): Kdc => kdc as Kdc;
const copr = (...words: string[]): Promise<Outcome> => runProgram([...bin.cli, ...words], { env });
const cachePath = (): string => join(home, `.cache/copr/${new URL(frontend.url).host}-session`);
const requests = (): string[] => frontend.requests.map(({ method, url }) => `${method} ${url.replace(/\?.*/, "")}`);

async function configure(coprUrl: string): Promise<void> {
  await mkdir(join(home, ".config"), { recursive: true });
  await writeFile(join(home, ".config/copr"), `[copr-cli]\ncopr_url = ${coprUrl}\nencrypted = no\n`, { mode: 0o600 });
}

async function keepSession(path: string, name: string, session: string, expiration = 9_999_999_999): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ name, session, expiration }));
}

const LOGIN = "GET /api_3/gssapi_login/";
const HEAD = "\nError: Operation requires API authentication. See the 'AUTHENTICATION' section in man copr-cli(1).\n\n";
const failedWith = (sentence: string, before = "") => ({ exitCode: 7, stdout: "", stderr: `${before}${HEAD}Error: ${sentence}\n` });
const NOBODY = "ERROR: Can't detect who are you.\n";

test("a ticket logs in, once: later runs need none", async () => {
  await realm().login("jane");
  const begin = Date.now() / 1000;
  expect(await copr("whoami")).toEqual({ exitCode: 0, stdout: "jane\n", stderr: "" });
  expect(frontend.requests[0]?.headers).toMatchObject({ authorization: expect.stringMatching(/^Negotiate YI/) });
  expect(frontend.requests[0]?.headers).not.toHaveProperty("cookie");

  const kept = await readFile(cachePath(), "utf8");
  const { expiration } = JSON.parse(kept) as { expiration: number };
  expect(kept).toBe(`{\n    "name": "jane",\n    "session": "cookie-1.of.jane",\n    "expiration": ${expiration}\n}\n`);
  expect(Math.abs(expiration - begin - 36_000)).toBeLessThan(60);
  expect((await stat(cachePath())).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(cachePath()))).mode & 0o777).toBe(0o700);

  await realm().logout();
  expect(await copr("whoami")).toMatchObject({ stdout: "jane\n" });
  expect(await copr("delete", "prj")).toEqual({ exitCode: 0, stdout: "Project prj has been deleted.\n", stderr: "" });
  expect(await copr("list")).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("'jane'") });
  expect(requests()).toEqual([LOGIN, "DELETE /api_3/project/delete/jane/prj", "GET /api_3/project/list"]);
  expect(frontend.requests[1]?.headers).toMatchObject({ cookie: "session=cookie-1.of.jane" });
  expect(frontend.requests[1]?.headers).not.toHaveProperty("authorization");
});

test("without a ticket it is said what to do, and nothing is sent", async () => {
  const sentence =
    `Can not get session for ${frontend.url} cookie via GSSAPI: No Kerberos credentials available ` +
    `(default cache: ${env["KRB5CCNAME"]}). Please get a Kerberos ticket (kinit), or use the API token (config file).`;
  expect(await copr("whoami")).toEqual(failedWith(sentence, NOBODY));
  expect(await copr("delete", "jane/prj")).toEqual(failedWith(sentence));
  expect(requests()).toEqual([]);
});

test("a robot's keytab does, without kinit", async () => {
  env["KRB5_CLIENT_KTNAME"] = realm().robotKeytab;
  expect(await copr("whoami")).toEqual({ exitCode: 0, stdout: "robot_builder.example\n", stderr: "" });
  expect(await copr("whoami")).toMatchObject({ stdout: "robot_builder.example\n" });
  expect(frontend.logins).toBe(1);
});

test("kinit as another user ends the session of the former one", async () => {
  await realm().login("jane");
  await copr("whoami");
  await realm().login("joe");
  expect(await copr("whoami")).toEqual({ exitCode: 0, stdout: "joe\n", stderr: "" });
  await realm().logout();
  expect(await copr("whoami")).toMatchObject({ stdout: "joe\n" });
  expect(frontend.logins).toBe(2);
});

test("tickets that are no use for this frontend do not end a session", async () => {
  await realm().login("joe");
  await configure("http://127.0.0.2:5000");
  await keepSession(join(home, ".cache/copr/127.0.0.2:5000-session"), "jane", "cookie");
  expect(await copr("whoami")).toEqual({ exitCode: 0, stdout: "jane\n", stderr: "" });
});

test("a server that Kerberos does not know is told", async () => {
  await realm().login("jane");
  await configure("http://127.0.0.2:5000");
  expect(await copr("whoami")).toEqual(
    failedWith(
      "Can not get session for http://127.0.0.2:5000 cookie via GSSAPI: Server HTTP/127.0.0.2@COPR.TEST not found in Kerberos database. " +
        "Please get a Kerberos ticket (kinit), or use the API token (config file).",
      NOBODY,
    ),
  );
});

test.each([
  ["has expired", async () => keepSession(cachePath(), "jane", "old", Date.now() / 1000 - 5)],
  ["is broken", async () => writeFile((await keepSession(cachePath(), "jane", "old"), cachePath()), '{"name": ')],
  ["the frontend has ended", async () => keepSession(cachePath(), "jane", "old")],
])("a new login is made for a session that %s", async (_, prepare) => {
  await prepare();
  await realm().login("jane");
  expect(await copr("delete", "prj")).toEqual({ exitCode: 0, stdout: "Project prj has been deleted.\n", stderr: "" });
  expect(frontend.logins).toBe(1);
  expect(requests().at(-1)).toBe("DELETE /api_3/project/delete/jane/prj");
  expect(JSON.parse(await readFile(cachePath(), "utf8"))).toMatchObject({ session: "cookie-1.of.jane" });
});

test("a frontend that ends every session is not logged in to again and again", async () => {
  frontend.isForgetful = true;
  await realm().login("jane");
  const { exitCode, stderr } = await copr("delete", "jane/prj");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("Error: Login invalid/expired.")]);
  expect(frontend.logins).toBe(2);
});

test("without a ticket an ended session is told as a missing ticket", async () => {
  await keepSession(cachePath(), "jane", "old");
  expect(await copr("delete", "jane/prj")).toMatchObject({
    exitCode: 7,
    stderr: expect.stringContaining("No Kerberos credentials available"),
  });
});

test("a user that the frontend refuses", async () => {
  frontend.refused.push("joe");
  await realm().login("joe");
  const sentence = "Can't log-in using GSSAPI: invalid krb5 username, contact administrators: joe@COPR.TEST";
  expect(await copr("whoami")).toEqual(failedWith(sentence, NOBODY));
  await expect(stat(cachePath())).rejects.toThrow("ENOENT");
});

test("a ticket that the web server can't read", async () => {
  await realm().login("jane");
  // The client keeps the ticket of a key that the server no longer has.
  await output(["kvno", "HTTP/localhost"], { env });
  await realm().changeKey("HTTP/localhost");
  expect(await copr("whoami")).toEqual(
    failedWith(
      `Can not get session for ${frontend.url} cookie via GSSAPI: the server does not accept this Kerberos ticket (HTTP 401).`,
      NOBODY,
    ),
  );
});

test("the server's own proof is checked if there is one", async () => {
  await realm().login("jane");
  frontend.proof = "oRQwEqADCgEAoQsGCSqGSIb3EgECAg==";
  expect(await copr("whoami")).toEqual(
    failedWith(
      `Can not get session for ${frontend.url} cookie via GSSAPI: the answer does not come from the server that the ticket is for.`,
      NOBODY,
    ),
  );
  await expect(stat(cachePath())).rejects.toThrow("ENOENT");
  frontend.proof = null;
  expect(await copr("whoami")).toMatchObject({ stdout: "jane\n" });
});

test("a frontend that is not there, or sends the login elsewhere on the same host", async () => {
  await realm().login("jane");
  await configure(`${frontend.url}/moved`);
  expect(await copr("whoami")).toMatchObject({ stdout: "jane\n" });
  const url = `http://localhost:${await closedPort()}`;
  await configure(url);
  expect(await copr("whoami")).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `${NOBODY}\nSomething went wrong:\nError: Unable to connect to ${url}/api_3/.\n`,
  });
});

test("--debug shows neither ticket nor cookie", async () => {
  await realm().login("jane");
  const { exitCode, stdout, stderr } = await copr("--debug", "delete", "prj");
  expect([exitCode, stdout]).toEqual([0, "Project prj has been deleted.\n"]);
  expect(stderr).toContain(`GET ${frontend.url}/api_3/gssapi_login/ 200`);
  expect(stderr).not.toMatch(/cookie-1|Negotiate|YII/);
});

test("programs that start at the same time log in once", async () => {
  await realm().login("jane");
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => copr("whoami")));
  expect(outcomes.map(({ stdout }) => stdout)).toEqual(Array(4).fill("jane\n"));
  expect(frontend.logins).toBe(1);
});

test("the golden cases of a Kerberos login", async () => {
  await realm().login("jane");
  const options = [
    "--gssapi",
    "--filter",
    "auth-config/kerberos",
    ...Object.entries(env).flatMap(([name, value]) => (name === "HOME" ? [] : ["--env", `${name}=${value}`])),
  ];
  const replay = fileURLToPath(new URL("../goldens/replay.mjs", import.meta.url));
  const { stdout } = await runProgram([process.execPath, replay, "--bin", bin.cli.map((word) => `"${word}"`).join(" "), ...options]);
  expect(stdout).toMatch(/^3 passed, 0 failed$/m);
});
