import { closedPort } from "../support/closed-port.ts";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type AccountHome, accountHome } from "../support/account-home.ts";
import { eventually } from "../support/processes.ts";
import { sendJson, type WebServer, webServer } from "../support/web-server.ts";

const login = "l0gin+half/of=it";
const token = `t0ken"with\\odd%chars`;
const password = "pr0xy-passw0rd";
const cookie = "c00kie.of-a-session";
const basic = Buffer.from(`${login}:${token}`).toString("base64");
/** Each as it is, and as it may be spelled in JSON, in an address and in the file. */
const secrets = [login, token, password, cookie, basic].flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  secret.replaceAll("%", "%%"),
]);

let home: AccountHome;
let server: WebServer;

/** A server that tells everything it hears, in each way that a client may print. */
beforeEach(async () => {
  home = await accountHome();
  server = await webServer((response, { url, headers }) => {
    const heard = [headers.authorization, headers.cookie, headers["proxy-authorization"]].map(
      (header = "") => `${header} ${decoded(header)}`,
    );
    const said = heard.join(" ");
    const known = `${login} ${token}`;
    if (url.includes("/project/list")) sendJson(response, { items: [{ name: known, full_name: known, description: known }], meta: {} });
    else if (url.includes("page")) response.writeHead(500).end(`<html><body>${said}</body></html>`);
    else if (url.includes("refused")) sendJson(response, { error: said }, 403);
    else if (url.includes("odd")) sendJson(response, { items: [known] });
    else sendJson(response, { error: said }, 401);
  });
});

function decoded(header: string): string {
  return Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString()
    .replace(":", " ");
}

function config({ url = server.url, credentials = `login = ${login}\ntoken = ${token.replaceAll("%", "%%")}\n`, more = "" } = {}): string {
  return `[copr-cli]\ncopr_url = ${url}\nencrypted = no\nusername = alice\n${credentials}${more}`;
}

interface Situation {
  words: readonly string[];
  config?: string;
  env?: Record<string, string>;
  stdin?: string;
  exit: number;
}

test("no secret is printed, whatever goes wrong", async () => {
  const closed = await closedPort();
  const printing = join(home.directory, "printing");
  await writeFile(printing, `#!/bin/sh\nprintf '%s' '${token}'\necho '${token}' >&2\nexit $1\n`, { mode: 0o755 });
  const crash = join(home.directory, "crash.cjs");
  await writeFile(crash, `setTimeout(() => { throw new Error("about " + ${JSON.stringify(token)}) }, 300);\n`);
  const rejection = join(home.directory, "rejection.cjs");
  await writeFile(
    rejection,
    `setTimeout(() => Promise.reject(Object.assign(new TypeError(${JSON.stringify(`x ${basic} ${token}`)}))), 300);\n`,
  );
  const waiting = await webServer(() => undefined);

  const inEnvironment = { COPR_URL: server.url, COPR_USERNAME: "alice", COPR_LOGIN: login, COPR_TOKEN: token };
  const withCommand = (status: number): string => config({ credentials: `login = ${login}\ntoken_command = ${printing} ${status}\n` });
  const proxy = (port: number) => ({ http_proxy: `http://me:${password}@127.0.0.1:${port}` });
  const each = (words: readonly string[], exit: number): Situation[] => [
    { words: ["--debug", ...words], exit, config: config() },
    { words: [...words, "--json"], exit, env: inEnvironment },
  ];
  const situations: Situation[] = [
    ...each(["create", "hello", "--chroot", "c"], 1),
    ...each(["delete", "alice/refused"], 7),
    ...each(["delete", "alice/page"], 1),
    ...each(["list", "alice"], 0),
    ...each(["list-builds", "alice/odd"], 5),
    ...each(["auth-status", "--check"], 7),
    ...each(["doctor"], 1),
    ...each(["new-webhook-secret", "alice/x"], 3),
    { words: ["--debug", "delete", "x"], exit: 1, config: withCommand(0) },
    { words: ["--debug", "delete", "x"], exit: 6, config: withCommand(3) },
    { words: ["--debug", "delete", "x"], exit: 1, config: config({ url: `http://alice:${password}@127.0.0.1:${closed}` }) },
    { words: ["--debug", "delete", "x", "--json"], exit: 1, config: config(), env: proxy(closed) },
    { words: ["--debug", "doctor"], exit: 1, config: config(), env: proxy(server.port) },
    { words: ["whoami"], exit: 6, config: config({ url: `ftp://alice:${password}@host` }) },
    { words: ["whoami"], exit: 6, config: config({ more: "gssapi = perhaps\n" }) },
    { words: ["whoami"], exit: 6, config: config({ more: `token = ${token}\n` }) },
    { words: ["whoami"], exit: 6, config: config({ more: `${token}\n` }) },
    { words: ["--debug", "login", "--with-token"], exit: 7, stdin: config() },
    { words: ["--debug", "login", "--with-token", "--json"], exit: 6, stdin: `${config()}${token}\n` },
    { words: ["--debug", "logout"], exit: 0, config: config() },
    { words: ["get", "alice/x"], exit: 1, config: config({ url: waiting.url }), env: { NODE_OPTIONS: `--require="${crash}"` } },
    {
      words: ["get", "alice/x", "--json"],
      exit: 1,
      config: config({ url: waiting.url }),
      env: { NODE_OPTIONS: `--require="${rejection}"` },
    },
  ];
  const cache = join(home.directory, ".cache/copr");
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, `127.0.0.1:${server.port}-session`), JSON.stringify({ name: "alice", session: cookie, expiration: 9e9 }));
  situations.push({ words: ["--debug", "delete", "refused"], exit: 7, config: config({ credentials: "" }) });

  let masked = 0;
  for (let at = 0; at < situations.length; at += 4) {
    await Promise.all(
      situations.slice(at, at + 4).map(async ({ words, config: text, env = {}, stdin = "", exit }, number) => {
        const path = join(home.directory, `config-${at + number}`);
        if (text !== undefined) await writeFile(path, text, { mode: 0o600 });
        const named = text === undefined ? {} : { COPR_CONFIG: path };
        const { exitCode, stdout, stderr } = await home.run(words, { env: { ...named, ...env }, stdin });
        const printed = stdout + stderr;
        expect([words.join(" "), exitCode, secrets.filter((secret) => printed.includes(secret)), printed.length > 0]).toEqual([
          words.join(" "),
          exit,
          [],
          true,
        ]);
        if (printed.includes("***")) masked += 1;
      }),
    );
  }
  // Otherwise the server would not have told them.
  expect(masked).toBeGreaterThan(9);
}, 200_000);

test("programs that copr-cli starts get no secret, neither as an argument nor in the environment", async () => {
  const told = join(home.directory, "told");
  const browser = join(home.directory, "browser");
  await writeFile(
    browser,
    `#!/bin/sh\ncat /proc/$$/environ /proc/$$/cmdline /proc/[0-9]*/cmdline >'${told}.part' 2>/dev/null; mv '${told}.part' '${told}'\n`,
    { mode: 0o755 },
  );
  const env = { COPR_URL: server.url, COPR_LOGIN: login, COPR_TOKEN: token, BROWSER: browser, DISPLAY: ":0" };
  expect(await home.run(["open", "alice/x"], { env })).toMatchObject({ exitCode: 0 });
  let text = "";
  await eventually("the browser has run", async () => (text = await readFile(told, "latin1").catch(() => "")) !== "");
  expect(text).toContain("COPR_URL=");
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

test("what a command is there to print is printed", async () => {
  const forge = await webServer((response) => sendJson(response, { id: 1, webhook_secret: "11111111-2222-3333-4444-555555555555" }));
  await home.write("copr", config({ url: forge.url }));
  const { stdout } = await home.run(["new-webhook-secret", "alice/x"], { stdin: "yes\n" });
  expect(stdout).toContain("Generated new token: 11111111-2222-3333-4444-555555555555\n");
});
