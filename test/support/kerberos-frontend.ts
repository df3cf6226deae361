import type { ServerResponse } from "node:http";
import { loadKerberosPackage } from "./kerberos-package.ts";
import { type SeenRequest, sendJson, type WebServer, webServer } from "./web-server.ts";

/** What a test may change about the frontend while it runs. */
interface FrontendWorld {
  /** Users by the cookies that are good. */
  sessions: Map<string, string>;
  /** How often somebody proved who they are. */
  logins: number;
  /** Users that the frontend does not let in. */
  refused: string[];
  /** The server's own proof, in place of the right one; none when null. */
  proof?: string | null;
  /** No cookie is ever good enough. */
  isForgetful: boolean;
  /** The API tokens of the users, each a login and a token with its last day. */
  tokens: Map<string, { login: string; token: string; expiration: string }>;
  /** The page `/api/` shows the token, as a real frontend's does. */
  hasPage: boolean;
}

export interface KerberosFrontend extends WebServer, FrontendWorld {}

/** As much of a frontend as a login needs; the web server before it really speaks Negotiate, with a key of this process's KRB5_KTNAME. */
export async function kerberosFrontend(): Promise<KerberosFrontend> {
  const world: FrontendWorld = { sessions: new Map(), logins: 0, refused: [], isForgetful: false, tokens: new Map(), hasPage: true };
  const server = await webServer((response, request) => {
    answer(world, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return Object.assign(world, server, { url: server.url.replace("127.0.0.1", "localhost") });
}

async function answer(world: FrontendWorld, request: SeenRequest, response: ServerResponse): Promise<void> {
  const path = request.url.replace(/\?.*/, "");
  if (path === "/moved/api_3/gssapi_login/") {
    response.writeHead(302, { location: "/api_3/gssapi_login/" }).end();
  } else if (path === "/api_3/gssapi_login/") {
    await logIn(world, request, response);
  } else if (path === "/api/" && world.hasPage) {
    response.writeHead(200, { "content-type": "text/html" }).end(pageFor(world, request));
  } else if (path === "/api_3/api-token") {
    renewToken(world, request, response);
  } else if (path === "/api_3/auth-check") {
    const name = userOf(world, request) ?? ownerOf(world, request);
    sendJson(response, name === undefined ? { error: "Login invalid/expired." } : { id: 1, name }, name === undefined ? 401 : 200);
  } else if (path.startsWith("/api_3/project/delete/")) {
    const user = userOf(world, request);
    const [owner, name] = path.split("/").slice(-2);
    if (user === undefined) sendJson(response, { error: "Login invalid/expired. Please visit the page /api for a new one." }, 401);
    else if (owner !== user) sendJson(response, { error: `${user} can't delete projects of ${owner}` }, 403);
    else sendJson(response, { ownername: owner, name });
  } else if (path === "/api_3/project/list") {
    const owner = new URLSearchParams(request.url.replace(/.*\?/, "")).get("ownername");
    sendJson(response, { items: [], meta: { offset: 0, limit: 100 }, ownername: owner });
  } else {
    sendJson(response, { error: `no such route: ${path}` }, 404);
  }
}

async function logIn(world: FrontendWorld, { headers }: SeenRequest, response: ServerResponse): Promise<void> {
  const challenge = /^Negotiate (.+)$/.exec(headers.authorization ?? "")?.[1];
  const negotiation = await loadKerberosPackage().initializeServer("HTTP@localhost");
  const isProven = challenge !== undefined && (await negotiation.step(challenge).catch(() => false)) !== false;
  if (!isProven || !negotiation.contextComplete) {
    response.writeHead(401, { "www-authenticate": "Negotiate", "content-type": "text/html" }).end("<h1>Unauthorized</h1>");
    return;
  }
  const name = negotiation.username.replace(/@.*/, "").replace("/", "_");
  if (world.refused.includes(name)) {
    sendJson(response, { error: `Can't log-in using GSSAPI: invalid krb5 username, contact administrators: ${negotiation.username}` }, 403);
    return;
  }
  world.logins += 1;
  const session = `cookie-${world.logins}.of.${name}`;
  world.sessions.set(session, name);
  const proof = world.proof === undefined ? negotiation.response : world.proof;
  if (proof !== null) response.setHeader("www-authenticate", `Negotiate ${proof}`);
  response.setHeader("set-cookie", ["other=1; Path=/", `session=${session}; HttpOnly; Path=/; SameSite=Lax`]);
  sendJson(response, { id: world.logins, name });
}

function userOf(world: FrontendWorld, { headers }: SeenRequest): string | undefined {
  return world.isForgetful ? undefined : world.sessions.get(/^session=(.+)$/.exec(headers.cookie ?? "")?.[1] ?? "");
}

/** As the template of upstream's page has it, with what it shows to somebody who has not signed in. */
function pageFor(world: FrontendWorld, request: SeenRequest): string {
  const name = userOf(world, request);
  const unknown = "LOGIN_TO_REVEAL";
  const { login, token, expiration } = world.tokens.get(name ?? "") ?? { login: unknown, token: unknown, expiration: unknown };
  const lines = [
    `login = ${login}`,
    `username = ${name ?? unknown}`,
    `token = ${token}`,
    `copr_url = https://copr.example`,
    "",
    `# expiration date: ${expiration}`,
  ];
  return `<html><body><h1>Copr API</h1><pre style="font-size:120%">\n[copr-cli]\n${lines.join("\n").replaceAll("&", "&amp;").replaceAll("<", "&lt;")}\n</pre></body></html>`;
}

function renewToken(world: FrontendWorld, request: SeenRequest, response: ServerResponse): void {
  const name = userOf(world, request);
  if (name === undefined) return sendJson(response, { error: "Login invalid/expired." }, 401);
  const made = { login: `login-of-${name}-${world.logins}`, token: `token-of-${name}-${world.logins}`, expiration: "2999-01-02" };
  world.tokens.set(name, made);
  sendJson(response, { api_login: made.login, api_token: made.token, expiration: made.expiration });
}

function ownerOf(world: FrontendWorld, { headers }: SeenRequest): string | undefined {
  const pair = Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
  return [...world.tokens].find(([, { login, token }]) => `${login}:${token}` === pair)?.[0];
}
