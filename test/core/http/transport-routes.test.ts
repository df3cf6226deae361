import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Credentials } from "../../../src/core/http/authorization.ts";
import { CoprError, RequestError } from "../../../src/core/errors.ts";
import { type ApiRequest, createTransport, type Transport, type TransportOptions } from "../../../src/core/http/transport.ts";
import { sendJson, type WebServer, webServer } from "../../support/web-server.ts";
import { secureServer } from "../../support/secure-server.ts";

const credentials: Credentials = {
  headers: async () => ({ authorization: "Basic secret", cookie: "session=secret" }),
  username: async () => "bob",
};

function transportTo(coprUrl: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ coprUrl, userAgent: "copr test/1", credentials, environment: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

const get: ApiRequest = { method: "GET", path: ["x"], auth: true };
const post: ApiRequest = { method: "POST", path: ["x"], json: { a: 1 }, auth: true };

/** Sends every request below `/api_3` on to an address. */
const redirecting = (status: number, location: string): Promise<WebServer> =>
  webServer((response, { url }) => (url === "/api_3/x" ? response.writeHead(status, { location }).end() : sendJson(response, { url })));

describe("redirects", () => {
  test.each([
    [301, "GET", ""],
    [302, "GET", ""],
    [303, "GET", ""],
    [307, "POST", '{"a":1}'],
    [308, "POST", '{"a":1}'],
  ])("a POST answered with %i becomes a %s", async (status, method, body) => {
    const server = await redirecting(status, "/new?a=b");
    expect(await transportTo(server.url).call(post)).toEqual({ url: "/new?a=b" });
    const [, second] = server.requests;
    expect([second?.method, second?.body.toString(), second?.headers.authorization]).toEqual([method, body, "Basic secret"]);
    if (method === "GET") expect(second?.headers["content-length"]).toBeUndefined();
  });

  test.each([301, 302, 303, 307, 308])("a GET answered with %i stays one", async (status) => {
    const server = await redirecting(status, "/new");
    await transportTo(server.url).call(get);
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  test.each([302, 307])("no credentials go to another server (%i)", async (status) => {
    const other = await webServer((response) => sendJson(response, { id: 1 }));
    const server = await redirecting(status, `${other.url}/new`);
    expect(await transportTo(server.url).call(post)).toEqual({ id: 1 });
    expect(server.requests[0]?.headers.cookie).toBe("session=secret");
    expect(other.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(other.requests[0]?.headers).not.toHaveProperty("cookie");
  });

  test("nor back again from there", async () => {
    const server = await webServer((response, { url }) =>
      url === "/api_3/x" ? response.writeHead(302, { location: other.url }).end() : sendJson(response, {}),
    );
    const other = await webServer((response) => response.writeHead(302, { location: `${server.url}/end` }).end());
    await transportTo(server.url).call(get);
    expect(server.requests[1]?.url).toBe("/end");
    expect(server.requests[1]?.headers).not.toHaveProperty("authorization");
  });

  test("a circle ends", async () => {
    const server = await webServer((response) => response.writeHead(302, { location: "/api_3/x" }).end());
    await expect(transportTo(server.url).call(get)).rejects.toThrow(RequestError);
    await expect(transportTo(server.url).call(get)).rejects.toThrow("Too many redirects");
    expect(server.requests).toHaveLength(12);
  });

  test.each(["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:1"])("to %s is refused", async (location) => {
    const server = await redirecting(302, location);
    await expect(transportTo(server.url).call(get)).rejects.toThrow("Refusing the redirect to");
    expect(server.requests).toHaveLength(1);
  });

  test("get follows none when it may follow none", async () => {
    const server = await redirecting(302, "/new");
    const { status, headers } = await transportTo(server.url).get(`${server.url}/api_3/x`, { maxRedirects: 0 });
    expect([status, headers["location"], server.requests.length]).toEqual([302, "/new", 1]);
  });

  test("get tells the last address", async () => {
    const server = await redirecting(302, "new");
    expect(await transportTo(server.url).get(`${server.url}/api_3/x`)).toMatchObject({ status: 200, url: `${server.url}/api_3/new` });
  });
});

describe("proxies", () => {
  test.each(["http_proxy", "HTTP_PROXY", "all_proxy"])("%s is used", async (variable) => {
    const proxy = await webServer((response) => sendJson(response, { from: "proxy" }));
    expect(await transportTo("http://copr.invalid", { environment: { [variable]: proxy.url } }).call(get)).toEqual({ from: "proxy" });
    expect(proxy.requests).toMatchObject([{ url: "http://copr.invalid/api_3/x", headers: { host: "copr.invalid" } }]);
  });

  test.each(["no_proxy", "NO_PROXY"])("%s is kept to", async (variable) => {
    const proxy = await webServer((response) => sendJson(response, {}));
    const server = await webServer((response) => sendJson(response, { from: "server" }));
    const environment = { http_proxy: proxy.url, [variable]: "example.com,127.0.0.1" };
    expect(await transportTo(server.url, { environment }).call(get)).toEqual({ from: "server" });
    expect(proxy.requests).toEqual([]);
  });
});

describe("https", () => {
  test("a certificate nobody vouches for is refused, with a hint", async () => {
    const { server } = await secureServer((response) => sendJson(response, { id: 1 }));
    const failure = transportTo(server.url).call(get);
    await expect(failure).rejects.toThrow(/its certificate is not trusted \(\w*SELF_SIGNED\w*\)/);
    await expect(failure).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining("REQUESTS_CA_BUNDLE") });
    expect(server.requests).toEqual([]);
  });

  test("a server without TLS has no certificate that could be trusted", async () => {
    const server = await webServer((response) => sendJson(response, { id: 1 }));
    const failure = transportTo(server.url.replace("http:", "https:")).call(get);
    await expect(failure).rejects.toThrow(/^https:\S+ does not answer in TLS \(ERR_SSL_\w+\)\.$/);
    await expect(failure).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining("http://") });
  });

  test.each(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])("%s makes it trusted", async (variable) => {
    const { server, certificate } = await secureServer((response) => sendJson(response, { id: 1 }));
    expect(await transportTo(server.url, { environment: { [variable]: certificate } }).call(get)).toEqual({ id: 1 });
  });

  test("a file of certificates that is not there is told", async () => {
    const environment = { SSL_CERT_FILE: "/nowhere/ca.pem" };
    const failure = createTransport({ coprUrl: "https://127.0.0.1:1", userAgent: "copr test/1", environment }).call(get);
    await expect(failure).rejects.toThrow(CoprError);
    await expect(failure).rejects.toThrow("Cannot read the certificates in '/nowhere/ca.pem'");
  });

  test("a transport that never worked can be closed", async () => {
    const environment = { SSL_CERT_FILE: "/nowhere/ca.pem" };
    const transport = createTransport({ coprUrl: "https://127.0.0.1:1", userAgent: "copr test/1", environment });
    await transport.call(get).catch(() => undefined);
    await transport.close();
  });

  test("through a proxy the tunnel is asked for, and the credentials go inside it", async () => {
    const { server, certificate } = await secureServer((response) => sendJson(response, { id: 1 }));
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      const tunnel = connect(server.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        tunnel.pipe(socket).pipe(tunnel);
      });
      for (const end of [tunnel, socket]) end.on("error", () => undefined);
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    onTestFinished(() => void proxy.close());
    const environment = { https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, SSL_CERT_FILE: certificate };
    expect(await transportTo(server.url, { environment }).call(get)).toEqual({ id: 1 });
    expect(asked).toEqual([`127.0.0.1:${server.port} undefined`]);
    expect(server.requests[0]?.headers.authorization).toBe("Basic secret");
  });
});

test("the log tells each exchange without secrets", async () => {
  const lines: string[] = [];
  const server = await redirecting(302, "/new?signature=secret");
  const transport = transportTo(server.url, { log: (line) => lines.push(line) });
  await transport.call({ ...get, query: { a: "b" } }).catch(() => undefined);
  await transport.get(`${server.url}/file?signature=secret`);
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.at(-1)).toBe(`GET ${server.url}/file 200`);
  expect(lines.join("\n")).not.toContain("Basic");
});
