import { closedPort } from "../../support/closed-port.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  AuthenticationError,
  buildUpload,
  cancelBuild,
  type Client,
  ConfigurationError,
  CoprError,
  createClient,
  createClientFromConfig,
  deleteProject,
  editProject,
  forkProject,
  getPackage,
  gssapiLogin,
  gssapiWebLogin,
  listBuilds,
  newWebhookSecret,
  RequestError,
  TimeoutError,
} from "../../../src/core/index.ts";
import { type Exchange, serveRecording } from "../../support/recorded-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { sendJson, webServer } from "../../support/web-server.ts";
import { all, isOfRoute, recordedExchanges } from "./route-case.ts";

function clientOf(url: string): Client {
  const client = createClient({ url, login: "LOGIN", token: "TOKEN", attempts: 1 });
  onTestFinished(() => client.close());
  return client;
}

const project = { ownername: "alice", projectname: "proj1" };

/** A call of each kind of method. */
const calls: Readonly<Record<string, (client: Client, directory: string) => Promise<unknown>>> = {
  GET: (client) => getPackage(client, project, "nosuch"),
  "GET of pages": (client) => all(listBuilds(client, project)),
  PUT: (client) => editProject(client, project, { description: "Changed" }),
  DELETE: (client) => deleteProject(client, project),
  POST: (client) => forkProject(client, project, { name: "copy", ownername: "alice", confirm: false }),
  "POST without a body": (client) => newWebhookSecret(client, project),
  "POST of a file": async (client, directory) => {
    const path = join(directory, "hello.spec");
    await writeFile(path, "Name: hello\n");
    return buildUpload(client, path, project);
  },
};

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(Object.entries(calls))("a %s", (_, call) => {
  test("answered with a proxy's page", async () => {
    const page = "<html><h1>502 Bad Gateway</h1></html>";
    const server = await webServer((response) => response.writeHead(502, { "content-type": "text/html" }).end(page));
    const error = await failureOf(call(clientOf(server.url), await temporaryDirectory()));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status: 502, page, message: expect.stringContaining("not in JSON format") });
    expect(server.requests).toHaveLength(1);
  });

  test("answered with 404", async () => {
    const server = await webServer((response) => sendJson(response, { error: "Project alice/proj1 does not exist." }, 404));
    const error = await failureOf(call(clientOf(server.url), await temporaryDirectory()));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status: 404, page: undefined, message: "Project alice/proj1 does not exist." });
  });

  test("answered with a proxy's 504", async () => {
    const server = await webServer((response) => response.writeHead(504, { "content-type": "text/html" }).end("<html></html>"));
    expect(await failureOf(call(clientOf(server.url), await temporaryDirectory()))).toBeInstanceOf(TimeoutError);
  });

  test("to nobody", async () => {
    const error = await failureOf(call(clientOf(`http://127.0.0.1:${await closedPort()}`), await temporaryDirectory()));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status: 0, message: expect.stringMatching(/^Unable to connect to http/) });
  });
});

/** The refusal of a route with this status, as the frontend worded it. */
function refusal(route: string, status: number): Exchange {
  const found = recordedExchanges().find(({ request, response }) => isOfRoute(request, route) && response.status === status);
  if (!found) throw new Error(`no answer ${status} of ${route} was recorded`);
  return found;
}

describe("the frontend's refusal", () => {
  test.each([
    ["GET /api_3/package/", 404, (client: Client) => getPackage(client, project, "nosuch")],
    ["PUT /api_3/build/cancel/<int:build_id>", 409, (client: Client) => cancelBuild(client, 1)],
    ["DELETE /api_3/project/delete/<ownername>/<projectname>", 404, (client: Client) => deleteProject(client, project)],
    [
      "POST /api_3/project/fork/<ownername>/<projectname>",
      400,
      (client: Client) => forkProject(client, project, { name: "proj1fork", ownername: "alice", confirm: false }),
    ],
  ])("of %s with %i is told in its words", async (route, status, call) => {
    const exchange = refusal(route, status);
    const { method, path } = exchange.request;
    const server = await webServer((response) => sendJson(response, exchange.response.body.json, status));
    const error = await failureOf(call(clientOf(server.url)));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status, message: (exchange.response.body.json as { error: string }).error });
    expect(isOfRoute({ method, path }, route)).toBe(true);
  });

  test("with 403 is an AuthenticationError", async () => {
    const exchange = refusal("PUT /api_3/build/cancel/<int:build_id>", 403);
    const server = await webServer((response) => sendJson(response, exchange.response.body.json, 403));
    const error = await failureOf(cancelBuild(clientOf(server.url), 3));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message).toBe((exchange.response.body.json as { error: string }).error);
  });
});

describe("a login by Kerberos", () => {
  test.each([gssapiLogin, gssapiWebLogin])("that is refused", async (login) => {
    const message = "Can't log-in using GSSAPI: Kerberos authentication failed (no credentials provided)";
    const server = await webServer((response) => sendJson(response, { error: message }, 403));
    const error = await failureOf(login(clientOf(server.url), "YIIC"));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message).toBe(message);
    expect(server.requests[0]?.headers["authorization"]).toBe("Negotiate YIIC");
  });

  test.each([gssapiLogin, gssapiWebLogin])("that starts no session", async (login) => {
    const server = await webServer((response) => sendJson(response, { id: 1, name: "alice" }));
    expect(await failureOf(login(clientOf(server.url), "YIIC"))).toBeInstanceOf(RequestError);
  });
});

describe("a client", () => {
  test("without a token reads, and asks for one otherwise before any request", async () => {
    const server = await serveRecording([refusal("GET /api_3/package/", 404)], (text) => text);
    onTestFinished(() => server.close());
    const client = createClient({ url: server.url });
    onTestFinished(() => client.close());
    expect(await failureOf(getPackage(client, project, "nosuch"))).toMatchObject({ status: 404 });
    expect(server.requests[0]?.hasAuth).toBe(false);
    const error = await failureOf(cancelBuild(client, 1));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message).toContain("createClient()");
    expect(server.requests).toHaveLength(1);
  });

  test.each([[{ url: "copr.example.org" }], [{ url: "file:///etc/passwd" }], [{ login: "L" }], [{ token: "T" }]])(
    "refuses the options %j",
    (options) => {
      expect(() => createClient(options)).toThrow(ConfigurationError);
    },
  );

  test("sends its program's name after 'copr'", async () => {
    const server = await webServer((response) => sendJson(response, { version: 3 }));
    for (const userAgent of [undefined, "release-bot/1.2"]) {
      const client = createClient({ url: server.url, ...(userAgent === undefined ? {} : { userAgent }) });
      onTestFinished(() => client.close());
      await client.call({ method: "GET", path: [] });
    }
    expect(server.requests.map(({ headers }) => headers["user-agent"])).toEqual([
      expect.stringMatching(/^copr copr-tools\/\d+\.\d+\.\d+$/),
      "copr release-bot/1.2",
    ]);
  });

  test("of a configuration file has its address and token", async () => {
    const server = await webServer((response) => sendJson(response, { id: 1, name: "alice" }));
    const path = join(await temporaryDirectory(), "copr");
    await writeFile(path, `[copr-cli]\nusername = alice\nlogin = L\ntoken = T\ncopr_url = ${server.url}\nencrypted = no\n`);
    const client = await createClientFromConfig(path);
    onTestFinished(() => client.close());
    expect(client.coprUrl).toBe(server.url);
    await client.call({ method: "GET", path: ["auth-check"], auth: true });
    expect(server.requests[0]?.headers["authorization"]).toBe(`Basic ${Buffer.from("L:T").toString("base64")}`);
    await expect(createClientFromConfig(`${path}.nosuch`)).rejects.toThrow(CoprError);
  });
});
