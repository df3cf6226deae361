import { closedPort } from "../../support/closed-port.ts";
import { createServer } from "node:http";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Credentials } from "../../../src/core/http/authorization.ts";
import { AuthenticationError, CoprError, RequestError, ResponseError, TimeoutError } from "../../../src/core/errors.ts";
import { filePart, jsonPart, multipart } from "../../../src/core/http/multipart.ts";
import { type ApiRequest, createTransport, type Transport, type TransportOptions } from "../../../src/core/http/transport.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { sendJson, webServer } from "../../support/web-server.ts";

/** Logs in with `first`, and with `second` after a 401. */
const credentials: Credentials = {
  headers: async (renew) => ({ authorization: `Basic ${renew ? "second" : "first"}`, cookie: "session=x" }),
  username: async () => "bob",
};

function transportTo(coprUrl: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ coprUrl, userAgent: "copr test/1", credentials, retryDelayMs: 20, environment: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function upload(): Promise<ApiRequest & { multipart: NonNullable<ApiRequest["multipart"]> }> {
  const path = join(await temporaryDirectory(), "hello.src.rpm");
  await writeFile(path, Buffer.alloc(1_500_000, "rpm bytes"));
  const body = multipart([await filePart("pkgs", path, "application/x-rpm"), jsonPart({ projectname: "prj" })]);
  return { method: "POST", path: ["build", "create", "upload"], multipart: body, auth: true };
}

const get: ApiRequest = { method: "GET", path: ["build", 1] };
const post: ApiRequest = { method: "POST", path: ["build", "cancel", 1], json: { a: 1 }, auth: true };

describe("what is sent", () => {
  test("a GET", async () => {
    const server = await webServer((response) => sendJson(response, { id: 1 }));
    expect(await transportTo(`${server.url}/`).call(get)).toEqual({ id: 1 });
    expect(server.requests).toMatchObject([{ method: "GET", url: "/api_3/build/1", headers: { "user-agent": "copr test/1" } }]);
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("a POST with JSON, and one with nothing, have a length", async () => {
    const server = await webServer((response) => sendJson(response, {}));
    await transportTo(server.url).call(post);
    await transportTo(server.url).call({ method: "POST", path: ["x"] });
    expect(server.requests.map(({ headers, body }) => [headers["content-type"], headers["content-length"], body.toString()])).toEqual([
      ["application/json", "7", '{"a":1}'],
      [undefined, "0", ""],
    ]);
    expect(server.requests[0]?.headers.authorization).toBe("Basic first");
  });

  test.each([
    [{ ownername: "@group", projectname: "prj:pr:1" }, "?ownername=%40group&projectname=prj%3Apr%3A1"],
    [{ a: true, b: false, c: null, d: undefined, e: 0, f: "" }, "?a=True&b=False&e=0&f="],
    [{ chroots: ["a", "b c", "d&e=f"] }, "?chroots=a&chroots=b+c&chroots=d%26e%3Df"],
    [{}, ""],
  ])("query %j", async (query, sent) => {
    const server = await webServer((response) => sendJson(response, {}));
    await transportTo(server.url).call({ ...get, query });
    expect(server.requests[0]?.url).toBe(`/api_3/build/1${sent}`);
  });

  test.each([
    [["project-chroot", "@group", "prj:dir"], "/api_3/project-chroot/@group/prj:dir"],
    [["a", "b/c", "d?e#f"], "/api_3/a/b/c/d%3Fe%23f"],
    [["a", "x\r\nHost: evil"], "/api_3/a/x%0D%0AHost:%20evil"],
    [["a", "grüße"], "/api_3/a/gr%C3%BC%C3%9Fe"],
  ])("path %j", async (path, sent) => {
    const server = await webServer((response) => sendJson(response, {}));
    await transportTo(server.url).call({ ...get, path });
    expect(server.requests[0]?.url).toBe(sent);
  });

  test.each([[[".."]], [["a", "..", "..", "b"]], [["a", ".", "b"]], [["build", "../../x"]]])("path %j is refused", async (path) => {
    const server = await webServer((response) => sendJson(response, {}));
    await expect(transportTo(server.url).call({ ...get, path })).rejects.toThrow(/^'\.\.?' can't be a name$/);
    expect(server.requests).toEqual([]);
  });
});

describe("uploads", () => {
  test("the body comes whole, with its length", async () => {
    const request = await upload();
    const server = await webServer((response) => sendJson(response, { id: 1 }));
    const progress: number[] = [];
    await transportTo(server.url).call({ ...request, onProgress: (sent) => progress.push(sent) });
    const [seen] = server.requests;
    expect(seen?.headers["transfer-encoding"]).toBeUndefined();
    expect(Number(seen?.headers["content-length"])).toBe(request.multipart.contentLength);
    expect(seen?.body).toHaveLength(request.multipart.contentLength);
    expect(progress.at(-1)).toBe(1_500_000);
    const form = await new Response(seen?.body, { headers: { "content-type": request.multipart.contentType } }).formData();
    expect([...form.keys()]).toEqual(["pkgs", "json"]);
  });

  test("after a 401 it is sent again whole, with new credentials", async () => {
    const request = await upload();
    const server = await webServer((response, _, number) =>
      sendJson(response, number === 1 ? { error: "login" } : { id: 1 }, number === 1 ? 401 : 200),
    );
    expect(await transportTo(server.url, { attempts: 3 }).call(request)).toEqual({ id: 1 });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Basic first", "Basic second"]);
    expect(server.requests[1]?.body.equals(server.requests[0]?.body as Buffer)).toBe(true);
    expect(server.requests[1]?.body).toHaveLength(request.multipart.contentLength);
  });

  test("a 401 that stays is the answer", async () => {
    const server = await webServer((response) => sendJson(response, { error: "Login invalid/expired." }, 401));
    await expect(transportTo(server.url, { attempts: 3 }).call(post)).rejects.toMatchObject({
      message: "Login invalid/expired.",
      status: 401,
    });
    expect(server.requests).toHaveLength(3);
  });
});

describe("broken connections", () => {
  const reset = (): ReturnType<typeof webServer> => webServer((response) => response.socket?.destroy());

  test.each([
    [post, 1],
    [{ ...post, json: undefined }, 1],
    [get, 3],
    [{ ...get, method: "PUT" as const }, 3],
  ])("%j is sent %i times to a server that breaks off", async (request, times) => {
    const server = await reset();
    const failure = transportTo(server.url, { attempts: 3 }).call(request);
    await expect(failure).rejects.toMatchObject({ message: `Unable to connect to ${server.url}/api_3/.`, exitCode: 1, status: 0 });
    expect(server.requests).toHaveLength(times);
  });

  test("an upload is not sent twice when the server breaks off in the middle", async () => {
    let connections = 0;
    const server = createServer((incoming) => incoming.once("data", () => incoming.destroy()));
    server.on("connection", () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    await expect(transportTo(`http://127.0.0.1:${port}`, { attempts: 3 }).call(await upload())).rejects.toThrow("broke during the upload");
    expect(connections).toBe(1);
  });

  test.each([get, post])("%j waits for a server that starts late", async (request) => {
    const port = await closedPort();
    const answer = transportTo(`http://127.0.0.1:${port}`, { attempts: 50, retryDelayMs: 50 }).call(request);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const server = await webServer((response) => sendJson(response, { id: 1 }), { port });
    expect(await answer).toEqual({ id: 1 });
    expect(server.requests).toHaveLength(1);
  });

  test("a closed port is told in one sentence", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await expect(transportTo(url).call(get)).rejects.toThrow(RequestError);
    await expect(transportTo(url).call(get)).rejects.toThrow(`Unable to connect to ${url}/api_3/.`);
  });

  test("what speaks no HTTP is told", async () => {
    const { createServer: createTcpServer } = await import("node:net");
    const server = createTcpServer((socket) => socket.end("220 mail ready\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    await expect(transportTo(`http://127.0.0.1:${port}`).call(get)).rejects.toThrow("does not answer in HTTP");
  });

  test("an abort ends a call", async () => {
    const server = await webServer(() => undefined);
    const failure = transportTo(server.url).call({ ...get, signal: AbortSignal.timeout(100) });
    await expect(failure).rejects.toThrow("aborted due to timeout");
  });
});

const html = "<html><h1>Gateway</h1></html>";

describe("answers", () => {
  test.each<[string, number, string, new (message: string) => CoprError, number, string]>([
    ["a web page", 200, html, RequestError, 1, "Response is not in JSON format, there is probably a bug in the API code."],
    ["an error page", 500, html, RequestError, 1, "Response is not in JSON format, there is probably a bug in the API code."],
    ["a page of a gateway", 504, html, TimeoutError, 3, "Gateway Timeout\nConsider using pagination for large queries."],
    ["a timeout in JSON", 504, '{"error": "too slow"}', TimeoutError, 3, "too slow"],
    ["nothing allowed", 403, '{"error": "Only owners may"}', AuthenticationError, 7, "Only owners may"],
    ["nothing found", 404, '{"error": "no such build"}', RequestError, 1, "no such build"],
    ["errors of fields", 400, '{"error": {"name": ["bad"]}}', RequestError, 1, '{"name":["bad"]}'],
    ["an error with a good status", 200, '{"error": "odd"}', RequestError, 1, "odd"],
    ["a status without a sentence", 404, "{}", RequestError, 1, "The frontend answered 404 Not Found"],
    ["nothing", 200, "", RequestError, 1, "Response is not in JSON format"],
    ["null", 200, "null", RequestError, 1, "The frontend answered nothing, which is no answer"],
    ["a list", 200, '[{"id": 1}]', RequestError, 1, "The frontend answered a bare list, which is no answer"],
    ["a field of another kind", 200, '{"items": [{"chroots": {"c": {"state": []}}}]}', ResponseError, 5, "its 'state' is no text"],
    ["a number", 200, "42", RequestError, 1, "The frontend answered 42, which is no answer"],
    ["half of JSON", 200, '{"id": 1', RequestError, 1, "Response is not in JSON format"],
  ])("%s", async (_, status, text, type, exitCode, message) => {
    const server = await webServer((response) => response.writeHead(status).end(text));
    const failure = transportTo(server.url).call(get);
    await expect(failure).rejects.toThrow(type);
    await expect(failure).rejects.toMatchObject({ exitCode, message: expect.stringContaining(message) });
  });

  test("fields that are not known here stay in the answer", async () => {
    const server = await webServer((response) => sendJson(response, { new_field: { deep: [1] } }));
    expect(await transportTo(server.url).call(get)).toEqual({ new_field: { deep: [1] } });
  });

  test("get gives any status, with its body", async () => {
    const server = await webServer((response) => response.writeHead(404, { "x-test": "1" }).end("gone"));
    const { status, headers, body, url } = await transportTo(server.url).get(`${server.url}/x?y`);
    expect([status, headers["x-test"], await body.toArray(), url]).toEqual([404, "1", [Buffer.from("gone")], `${server.url}/x?y`]);
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });
});
