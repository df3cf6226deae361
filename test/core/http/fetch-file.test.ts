import { closedPort } from "../../support/closed-port.ts";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { CoprError, RequestError } from "../../../src/core/errors.ts";
import { fetchText, fetchToFile } from "../../../src/core/http/fetch-file.ts";
import { addressesWithoutSecrets, secretsOf, withoutSecrets } from "../../../src/core/text/without-secrets.ts";
import { createTransport, type Transport } from "../../../src/core/http/transport.ts";
import { secureServer } from "../../support/secure-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { rawServer, webServer } from "../../support/web-server.ts";

function newTransport(): Transport {
  const transport = createTransport({ coprUrl: "http://127.0.0.1", userAgent: "copr test", environment: {} });
  onTestFinished(() => transport.close());
  return transport;
}

const plain = { maxBytes: 1000 };

describe("fetchText", () => {
  test("gets an answer, asking for plain bytes", async () => {
    const server = await webServer((response) => response.end("grüße"));
    expect(await fetchText(newTransport(), `${server.url}/a?b=c`, plain)).toBe("grüße");
    expect(server.requests[0]).toMatchObject({
      method: "GET",
      url: "/a?b=c",
      headers: { "accept-encoding": "identity", "user-agent": "copr test" },
    });
  });

  test("a server that does not begin its answer in time is asked again", async () => {
    const server = await webServer((response, _request, number) => number > 1 && response.end("at last"));
    const reasons: string[] = [];
    const options = { ...plain, answerLimitMs: 300, onRetry: (_attempt: number, reason: string) => reasons.push(reason) };
    expect(await fetchText(newTransport(), server.url, options)).toBe("at last");
    expect(reasons).toEqual([`Cannot fetch ${server.url}: no answer in time`]);
  });

  test("C26: an answer that was asked for over TLS is not taken from a plain server", async () => {
    const plainServer = await webServer((response) => response.end("changed on its way"));
    const { server, certificate } = await secureServer((response) => response.writeHead(302, { location: `${plainServer.url}/x` }).end());
    const environment = { SSL_CERT_FILE: certificate };
    const transport = createTransport({ coprUrl: server.url, userAgent: "copr test", environment });
    onTestFinished(() => transport.close());
    await expect(fetchText(transport, server.url, plain)).rejects.toThrow(
      `${server.url} redirects to the unprotected ${plainServer.url}/x`,
    );
  });

  test("an answer of just the limit is fine, one byte more is an error at once", async () => {
    const server = await webServer((response) => response.end("x".repeat(100)));
    expect(await fetchText(newTransport(), server.url, { maxBytes: 100 })).toHaveLength(100);
    await expect(fetchText(newTransport(), server.url, { maxBytes: 99 })).rejects.toThrow("is larger than 99 bytes");
    expect(server.requests).toHaveLength(2);
  });

  test("an endless answer is broken off", async () => {
    const server = await webServer((response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    await expect(fetchText(newTransport(), server.url, { maxBytes: 1024 * 1024 })).rejects.toThrow(CoprError);
  });

  test.each([503, 500, 408, 429])("%i is tried again", async (status) => {
    const server = await webServer((response, _, number) => response.writeHead(number === 1 ? status : 200).end("fine"));
    const retries: [number, string][] = [];
    const text = await fetchText(newTransport(), server.url, { ...plain, onRetry: (...retry) => retries.push(retry) });
    expect([text, server.requests.length]).toEqual(["fine", 2]);
    expect(retries).toEqual([[1, `The server answered ${status} for ${server.url}`]]);
  });

  test.each([404, 403, 400, 401, 304, 204, 206])("%i is not tried again", async (status) => {
    const server = await webServer((response) => response.writeHead(status).end());
    const failure = fetchText(newTransport(), server.url, plain);
    await expect(failure).rejects.toThrow(RequestError);
    await expect(failure).rejects.toMatchObject({ status, message: `The server answered ${status} for ${server.url}` });
    expect(server.requests).toHaveLength(1);
  });

  test("the number of tries is kept to", async () => {
    const server = await webServer((response) => response.writeHead(502).end());
    await expect(fetchText(newTransport(), server.url, { ...plain, attempts: 2 })).rejects.toMatchObject({ status: 502 });
    expect(server.requests).toHaveLength(2);
  });

  test("an outage of some seconds passes", async () => {
    const ends = Date.now() + 3500;
    const server = await webServer((response) => response.writeHead(Date.now() < ends ? 503 : 200).end("fine"));
    expect(await fetchText(newTransport(), server.url, { ...plain, attempts: 3 })).toBe("fine");
    expect(server.requests).toHaveLength(3);
  });

  test("a port that is closed is told in words, without the password", async () => {
    const address = `127.0.0.1:${await closedPort()}/x`;
    const failure = fetchText(newTransport(), `http://bob:geheim@${address}`, { ...plain, attempts: 1 });
    await expect(failure).rejects.toThrow(RequestError);
    await expect(failure).rejects.toMatchObject({ message: `Cannot fetch http://${address}: the connection was refused`, status: 0 });
  });

  test("a server that can't be understood or trusted is told by its name", async () => {
    const fails = (url: string, why: string | RegExp, environment = {}): Promise<void> => {
      const transport = createTransport({ coprUrl: url, userAgent: "copr test", environment });
      onTestFinished(() => transport.close());
      return expect(fetchText(transport, url, plain)).rejects.toThrow(why);
    };
    const chatty = await rawServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n"));
    const { host } = new URL(chatty);
    await fails(chatty, `Cannot fetch ${chatty}: ${host} does not answer in HTTP`);
    await fails(`https://${host}/x`, new RegExp(`^Cannot fetch https://${host}/x: ${host} does not answer in TLS \\(ERR_SSL_\\w+\\)$`));
    const { server, certificate } = await secureServer((response) => response.end("x"));
    const name = new URL(server.url).host;
    await fails(server.url, new RegExp(`: the certificate of ${name} is not trusted \\(\\w*SELF_SIGNED\\w*\\)$`));
    const elsewhere = server.url.replace("127.0.0.1", "localhost");
    const trusted = { SSL_CERT_FILE: certificate };
    await fails(elsewhere, /: the certificate of localhost:\d+ is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)$/, trusted);
    const old = await secureServer((response) => response.end("x"), { days: -1 });
    const sending = await webServer((response) => response.writeHead(302, { location: old.server.url }).end());
    const why = `Cannot fetch ${sending.url}: the certificate of ${new URL(old.server.url).host} is not trusted (CERT_HAS_EXPIRED)`;
    await fails(sending.url, why, { SSL_CERT_FILE: old.certificate });
  });

  test("no status tells the password", async () => {
    const server = await webServer((response) => response.writeHead(404).end());
    const failure = fetchText(newTransport(), server.url.replace("//", "//bob:geheim@"), plain);
    await expect(failure).rejects.toThrow(`The server answered 404 for ${server.url}`);
  });

  test("an abort ends the wait between tries", async () => {
    const server = await webServer((response) => response.writeHead(503).end());
    const controller = new AbortController();
    const failure = fetchText(newTransport(), server.url, {
      ...plain,
      signal: controller.signal,
      onRetry: () => controller.abort(new CoprError("stop")),
    });
    await expect(failure).rejects.toThrow("stop");
    expect(server.requests).toHaveLength(1);
  });

  test("an endless page of an error is not waited for", async () => {
    let isOver = false;
    const server = await webServer((response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response
        .on("drain", more)
        .on("close", () => (isOver = true))
        .writeHead(404);
      more();
    });
    await expect(fetchText(newTransport(), server.url, plain)).rejects.toMatchObject({ status: 404 });
    await vi.waitFor(() => expect(isOver).toBe(true), 5000);
  });

  test.each(["ftp://127.0.0.1/x", "file:///etc/passwd", "data:,x"])("%s is no address for it", async (url) => {
    await expect(fetchText(newTransport(), url, { ...plain, attempts: 1 })).rejects.toThrow(CoprError);
  });
});

describe("fetchToFile", () => {
  test("writes the bytes as they come", async () => {
    const directory = await temporaryDirectory();
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const server = await webServer((response) => response.end(content));
    await fetchToFile(newTransport(), server.url, join(directory, "x"), { maxBytes: content.length });
    expect((await readFile(join(directory, "x"))).equals(content)).toBe(true);
  });

  test("an answer that breaks off is fetched again from the start", async () => {
    const directory = await temporaryDirectory();
    const server = await webServer((response, _, number) => {
      response.writeHead(200, { "content-length": 10 }).write("01234");
      if (number === 1) setTimeout(() => response.destroy(), 50);
      else response.end("56789");
    });
    const retries: string[] = [];
    await fetchToFile(newTransport(), server.url, join(directory, "x"), { ...plain, onRetry: (_, reason) => retries.push(reason) });
    expect(await readFile(join(directory, "x"), "utf8")).toBe("0123456789");
    expect(retries).toEqual([`Cannot fetch ${server.url}: the connection was broken off`]);
  });

  test.each([
    ["breaks off", { "content-length": "10" }],
    ["breaks off in a chunk", { "transfer-encoding": "chunked" }],
  ])("nothing is left of an answer that always %s", async (_, headers) => {
    const directory = await temporaryDirectory();
    const server = await webServer((response) => {
      response.writeHead(200, headers).write("01234");
      setTimeout(() => response.destroy(), 50);
    });
    const failure = fetchToFile(newTransport(), server.url, join(directory, "x"), { ...plain, attempts: 1 });
    await expect(failure).rejects.toThrow(RequestError);
    expect(await readdir(directory)).toEqual([]);
  });

  test("nothing is left of an answer that is too large", async () => {
    const directory = await temporaryDirectory();
    const server = await webServer((response) => response.end("x".repeat(2000)));
    await expect(fetchToFile(newTransport(), server.url, join(directory, "x"), plain)).rejects.toThrow("is larger than 1000 bytes");
    expect([await readdir(directory), server.requests.length]).toEqual([[], 1]);
  });

  test.each(["file", "link", "dangling link", "directory"])("a %s in its place is not touched", async (kind) => {
    const directory = await temporaryDirectory();
    const path = kind === "directory" ? directory : join(directory, "x");
    await writeFile(join(directory, "kept"), "kept");
    if (kind === "file") await writeFile(path, "kept");
    if (kind === "link") await symlink("kept", path);
    if (kind === "dangling link") await symlink("not-there", path);
    const before = await readdir(directory);
    const server = await webServer((response) => response.end("new"));
    await expect(fetchToFile(newTransport(), server.url, path, plain)).rejects.toThrow(`Cannot write '${path}'`);
    expect(await readFile(join(directory, "kept"), "utf8")).toBe("kept");
    expect([await readdir(directory), server.requests.length]).toEqual([before, 1]);
  });
});

test.each([
  ["https://bob:geheim@h/x", "https://h/x"],
  ["https://token@h/x?y=z", "https://h/x?y=***"],
  ["https://h/x?token=a%20b&n=1#/x.src.rpm", "https://h/x?token=***&n=***#/x.src.rpm"],
  ["https://h/x?X-Amz-Signature=a=b==&sig=?&", "https://h/x?X-Amz-Signature=***&sig=***&"],
  ["https://h/x?geheim", "https://h/x?***"],
  ["https://h?a=b\nc", "https://h?a=***"],
  ["https://h/x?", "https://h/x?"],
  ["https://h/x?a=", "https://h/x?a="],
  ["https://h/x#?a=b", "https://h/x#?a=***"],
  ["https://h/x?a#access_token=b&c&d=e", "https://h/x?***#access_token=***&c&d=***"],
  ["https://h/x#section", "https://h/x#section"],
  ["/srv/x?a=b", "/srv/x?a=b"],
  ["https://bob:ge@heim@h/x", "https://h/x"],
  ["https://bob:ge heim@h/x", "https://h/x"],
  ["https://h/x@y", "https://h/x@y"],
  ["https://h?x=@y", "https://h?x=***"],
  ["ssh://git@h/x", "ssh://h/x"],
  ["git@h:x", "git@h:x"],
  ["/srv/a@b", "/srv/a@b"],
])("%s without secrets is %s", (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown);
});

test("the addresses in a text without secrets", () => {
  expect(addressesWithoutSecrets("Submodule 's' (http://u:pw@h/s?a=b) 'ssh://git@h', see <https://h/#t=x>, a://b@ c@d")).toBe(
    "Submodule 's' (http://h/s?a=*** 'ssh://h', see <https://h/#t=***>, a:// c@d",
  );
});

test.each([
  ["https://bob:ge%20heim@h/x?token=abc%2Fdef&n=1&", ["ge%20heim", "ge heim", "abc%2Fdef", "abc/def", "abc%2fdef", "Ym9iOmdlIGhlaW0="]],
  ["https://h/x?sig=a+b/c=#t=geheim", ["a+b/c=", "a%2Bb%2Fc%3D", "a%2bb%2fc%3d", "geheim"]],
  ["https://u:abc@h/x?token=xyz&n=1#section", ["token=xyz", ":abc@", "dTphYmM="]],
  ["https://h/x?secret-token", ["secret-token"]],
  ["https://git@h/x", []],
  ["https://h/x?sig=%E0%A4%A", ["%E0%A4%A", "%25E0%25A4%25A"]],
  ["/srv/x?token=abcdef", []],
])("what %s must keep to itself is %j", (url, texts) => {
  expect(secretsOf(url)).toEqual(texts);
});
