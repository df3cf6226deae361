import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { type DownloadRequest, downloadResults, type DownloadResult } from "../../../src/core/builds/download.ts";
import { createTransport } from "../../../src/core/http/transport.ts";
import { output } from "../../support/program.ts";
import { canMount } from "../../support/small-disk.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { type Handler, type WebServer, webServer } from "../../support/web-server.ts";

const CHANGED = "Thu, 01 Jan 2026 00:00:00 GMT";
const mayMount = await canMount();

/** A result directory that lists these links; `file` answers everything else. */
async function results(hrefs: readonly string[], file: Handler): Promise<WebServer> {
  return webServer((response, request, number) => {
    if (request.url === "/r/") return sendListing(response, hrefs);
    return file(response, request, number);
  });
}

function sendListing(response: ServerResponse, hrefs: readonly string[]): void {
  response.writeHead(200, { "content-type": "text/html" }).end(hrefs.map((href) => `<a href="${href}">x</a>`).join("\n"));
}

async function download(server: WebServer, directory: string, more: Partial<DownloadRequest> = {}): Promise<DownloadResult> {
  const transport = createTransport({ coprUrl: server.url, userAgent: "test", environment: {} });
  onTestFinished(() => transport.close());
  return downloadResults(transport, { url: `${server.url}/r/`, chroot: "c", directory, wanted: {}, ...more });
}

const ok: Handler = (response) => response.end("content");

test("names that leave the directory or no file can have are refused, and the rest is fetched", async () => {
  const hostile = [
    "%2e%2e%2fup",
    "..%2Fup",
    "%2Fetc%2Fup",
    "a%00b",
    "a%1b%5b2Jb",
    "a%c2%9b2Jb",
    "%ff",
    "%2e%2e%2F%2e%2e%2Fup",
    "n".repeat(400),
  ];
  const elsewhere = ["../up", "/up", "../../etc/up", "http://example.org/r/up", "//example.org/up", "file:///etc/up", "?C=N", "#x"];
  const server = await results([...hostile, "good.log", ...elsewhere], ok);
  const directory = join(await temporaryDirectory(), "inner", "out");
  const { failed, missing } = await download(server, directory);
  expect(failed.map((url) => url.slice(`${server.url}/r/`.length))).toEqual(hostile);
  expect([missing, readdirSync(directory), readdirSync(join(directory, ".."))]).toEqual([[], ["good.log"], ["out"]]);
  expect(server.requests.map(({ url }) => url)).toEqual(["/r/", "/r/good.log"]);
});

test("a listing may come packed", async () => {
  const server = await webServer((response, { url }) => {
    if (url !== "/r/") return response.end("content");
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" });
    return response.end(gzipSync('<a href="good.log">x</a>'));
  });
  const directory = await temporaryDirectory();
  expect(await download(server, directory)).toEqual({ failed: [], missing: [] });
  expect(readdirSync(directory)).toEqual(["good.log"]);
});

test("two names do not share a half file", async () => {
  const server = await results(["x", "x.part"], (response, { url }) => response.end(url));
  const directory = await temporaryDirectory();
  expect(await download(server, directory)).toEqual({ failed: [`${server.url}/r/x.part`], missing: [] });
  expect(readFileSync(join(directory, "x"), "utf8")).toBe("/r/x");
});

test("a server that invents directories for ever is stopped", async () => {
  const server = await webServer((response) =>
    sendListing(
      response,
      Array.from({ length: 30 }, (_, index) => `d${index}/`),
    ),
  );
  await expect(download(server, await temporaryDirectory())).rejects.toThrow("There are too many directories in http:");
  expect(server.requests.length).toBeLessThan(600);
});

/** Answers as a web server does that knows ranges and times. */
function ranged(content: string, modified: string): Handler {
  return (response, { headers }) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? Number.NaN);
    response.setHeader("last-modified", modified);
    if (Number.isNaN(from) || headers["if-range"] !== modified) return response.end(content);
    if (from >= content.length) return response.writeHead(416).end();
    return response.writeHead(206, { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }).end(content.slice(from));
  };
}

async function withHalf(content: string, modified: string): Promise<string> {
  const directory = await temporaryDirectory();
  writeFileSync(join(directory, "f.part"), content);
  utimesSync(join(directory, "f.part"), new Date(), new Date(modified));
  return directory;
}

test("a half file is continued", async () => {
  const server = await results(["f"], ranged("0123456789", CHANGED));
  const directory = await withHalf("01234", CHANGED);
  expect(await download(server, directory)).toEqual({ failed: [], missing: [] });
  expect([readFileSync(join(directory, "f"), "utf8"), readdirSync(directory)]).toEqual(["0123456789", ["f"]]);
  expect(server.requests[1]?.headers.range).toBe("bytes=5-");
});

test.each([
  ["longer", "abcdefghijklm"],
  ["shorter", "ab"],
])("a half file whose file has changed since, and is %s, is begun anew", async (_, content) => {
  const server = await results(["f"], ranged(content, "Fri, 02 Jan 2026 00:00:00 GMT"));
  const directory = await withHalf("01234", CHANGED);
  expect(await download(server, directory)).toEqual({ failed: [], missing: [] });
  expect(readFileSync(join(directory, "f"), "utf8")).toBe(content);
});

test("a server that sends another part than was asked for is not believed", async () => {
  const server = await results(["f"], (response, { headers }) => {
    if (headers.range === undefined) return response.end("0123456789");
    return response.writeHead(206, { "content-range": "bytes 2-9/10" }).end("23456789");
  });
  const directory = await withHalf("01234", CHANGED);
  expect(await download(server, directory)).toEqual({ failed: [], missing: [] });
  expect(readFileSync(join(directory, "f"), "utf8")).toBe("0123456789");
});

test("a connection that breaks is continued where it broke, and the time of the server kept meanwhile", async () => {
  const whole = ranged("0123456789", CHANGED);
  const server = await results(["f"], (response, request, number) => {
    if (number > 2) return whole(response, request, number);
    response.writeHead(200, { "content-length": 10, "last-modified": CHANGED }).write("01234");
    return setTimeout(() => response.destroy(), 200);
  });
  const directory = await temporaryDirectory();
  expect(await download(server, directory)).toEqual({ failed: [], missing: [] });
  expect(readFileSync(join(directory, "f"), "utf8")).toBe("0123456789");
  expect(server.requests.at(-1)?.headers).toMatchObject({ range: "bytes=5-", "if-range": CHANGED });
});

test("a server that announces more, or less, than it sends is found out", async () => {
  const server = await results(["more", "less"], (response, { url }) => {
    response.writeHead(200, { "content-length": url === "/r/more" ? 100 : 3 });
    response.socket?.end("0123456789");
  });
  const directory = await temporaryDirectory();
  const { failed } = await download(server, directory);
  expect(failed).toContain(`${server.url}/r/more`);
  expect(existsSync(join(directory, "more"))).toBe(false);
});

test("a package of Pulp's is taken from where the frontend says it is, else from the listing", async () => {
  const server = await webServer((response, { url }) => {
    if (url === "/c/") sendListing(response, ["a-1-1.noarch.rpm", "b-1-1.noarch.rpm", "build.log"]);
    else if (url === "/c-devel/b-1-1.noarch.rpm" || url === "/c-devel/d-1-1.noarch.rpm") response.writeHead(404).end();
    else response.end(url);
  });
  const directory = await temporaryDirectory();
  const packages = ["a", "b", "c", "d"].map((name) => ({ name, epoch: null, version: "1", release: "1", arch: "noarch" }));
  const result = await download(server, directory, { url: `${server.url}/c/`, pulp: { packages, isDevel: true } });
  const missing = ["b", "d"].map((name) => ({ url: `${server.url}/c-devel/${name}-1-1.noarch.rpm` }));
  expect(result).toEqual({ failed: [], missing: expect.arrayContaining(missing) });
  expect(result.missing).toHaveLength(2);
  expect(Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]))).toEqual({
    "a-1-1.noarch.rpm": "/c-devel/a-1-1.noarch.rpm",
    "b-1-1.noarch.rpm": "/c/b-1-1.noarch.rpm",
    "c-1-1.noarch.rpm": "/c-devel/c-1-1.noarch.rpm",
    "build.log": "/c/build.log",
  });
});

test("redirects in a circle end", async () => {
  const server = await results(["f"], (response) => response.writeHead(302, { location: "/r/f" }).end());
  expect((await download(server, await temporaryDirectory())).failed).toEqual([`${server.url}/r/f`]);
  expect(server.requests.length).toBeLessThan(30);
});

test("a place that can't be written to is one sentence", async () => {
  const directory = await temporaryDirectory();
  writeFileSync(join(directory, "file"), "");
  await expect(download(await results(["f"], ok), join(directory, "file"))).rejects.toThrow(/^Cannot make the directory '.*file': /);
  mkdirSync(join(directory, "f"));
  await expect(download(await results(["f"], ok), directory)).rejects.toThrow(/^Cannot write '.*\/f': is a directory$/);
});

test.skipIf(!mayMount)("a full disk is one sentence, and what is whole stays (needs the right to mount)", async () => {
  const directory = await temporaryDirectory();
  await output(["mount", "-t", "tmpfs", "-o", "size=1m", "none", directory]);
  onTestFinished(async () => void (await output(["umount", "--lazy", directory])));
  const server = await results(["small", "big"], (response, { url }) => {
    if (url === "/r/small") return response.end("x");
    return setTimeout(() => response.end(Buffer.alloc(4 * 1024 ** 2)), 300);
  });
  await expect(download(server, directory)).rejects.toThrow(/^Cannot write '.*\/big': no space left on the disk$/);
  expect(statSync(join(directory, "small")).size).toBe(1);
});
