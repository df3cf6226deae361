import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { InvalidTaskError, maxTaskBytes, parseBuildTask } from "../../src/core/task/build-task.ts";
import { fetchText, fetchToFile } from "../../src/core/http/fetch-file.ts";
import { createTransport, type Transport } from "../../src/core/http/transport.ts";
import { type BuilderHost, rpmTask, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { bin, runProgram } from "../support/program.ts";
import { taskContext } from "../support/task-context.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { rawServer, webServer } from "../support/web-server.ts";

function newTransport(): Transport {
  const transport = createTransport({ coprUrl: "", userAgent: "test" });
  onTestFinished(() => transport.close());
  return transport;
}
const once = { maxBytes: 1000, attempts: 1 };

describe("C26: redirects", () => {
  test.each(["file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://127.0.0.1/x", "data:,x", "javascript:0", "//[", "http://"])(
    "C26: to %j is refused",
    async (location) => {
      const server = await webServer((response) => response.writeHead(302, { location }).end());
      await expect(fetchText(newTransport(), server.url, once)).rejects.toThrow(
        /Refusing the redirect|redirects to an address that is none/,
      );
      expect(server.requests).toHaveLength(1);
    },
  );

  test("C26: there are five at most", async () => {
    const server = await webServer((response, { url }) => response.writeHead(302, { location: `${url}x` }).end());
    await expect(fetchText(newTransport(), server.url, once)).rejects.toThrow("Too many redirects");
    expect(server.requests).toHaveLength(6);
  });

  test("C26: a user name and password in one is sent to nobody", async () => {
    const target = await webServer((response) => response.end("text"));
    const location = target.url.replace("//", "//bob:geheim@");
    const server = await webServer((response) => response.writeHead(302, { location }).end());
    expect(await fetchText(newTransport(), server.url, once)).toBe("text");
    expect(JSON.stringify(target.requests[0]?.headers)).not.toMatch(/authorization|bob|geheim/i);
  });

  test("C26: its body is not waited for", async () => {
    const server = await webServer((response, { url }) => {
      if (url === "/x") return response.end("text");
      return response.writeHead(302, { location: "/x", "content-length": "1000000000" }).write("x".repeat(300_000));
    });
    expect(await fetchText(newTransport(), server.url, once)).toBe("text");
  });
});

describe("C37: answers", () => {
  test("C37: a drip ends at the task's deadline", async () => {
    const url = await rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 50);
      socket.once("close", () => clearInterval(timer));
    });
    const options = { ...once, maxBytes: 1e9, signal: AbortSignal.timeout(500) };
    const directory = await temporaryDirectory();
    await expect(fetchText(newTransport(), url, options)).rejects.toThrow(/abort|time/i);
    await expect(fetchToFile(newTransport(), url, join(directory, "x"), options)).rejects.toThrow(/abort|time/i);
    expect(await readdir(directory)).toEqual([]);
  });

  test.each<[string, string]>([
    ["a huge header", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(10_000_000)}\r\n\r\n`],
    ["endless headers", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(100_000)}`],
    ["no HTTP", "SSH-2.0-OpenSSH_9\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde"],
  ])("C37: %s is one sentence", async (_name, answer) => {
    const url = await rawServer((socket) => socket.write(answer));
    await expect(fetchText(newTransport(), url, once)).rejects.toThrow(/^Cannot fetch http:[^\n]*$/);
  });

  test("C37: a packed answer, which nobody asked for, stays packed", async () => {
    const server = await webServer((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    const text = await fetchText(newTransport(), server.url, { ...once, maxBytes: bomb.length });
    expect(text.length).toBeLessThanOrEqual(bomb.length);
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });
});

/** A gigabyte of zeros. Packing it whole would take seconds; many packings are one stream, too. */
const bomb = Buffer.concat(Array.from<Buffer>({ length: 64 }).fill(gzipSync(Buffer.alloc(16 * 1024 * 1024))));

describe("C37: the builder", () => {
  let host: BuilderHost;
  beforeAll(async () => {
    host = await startBuilderHost();
  });
  afterAll(() => host.close());

  test("C37: takes no bomb or endless body for a definition", async () => {
    const endless = await rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const pour = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 0x20)));
      };
      socket.on("drain", pour);
      pour();
    });
    const packed = await webServer((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    for (const [url, reason] of [
      [endless, /larger than 5242880 bytes/],
      [packed.url, /is not JSON/],
    ] as const) {
      const words = ["run", "--state-dir", host.stateDirectory, "--task-url", `${url}/backend/get-srpm-build-task/7`];
      const { exitCode, stdout } = await runProgram([...bin.builder, ...words]);
      expect(exitCode, stdout).toBe(1);
      expect((await host.status())["reason"]).toMatch(reason);
    }
  });

  test("C37: takes no endless body for a spec file", async () => {
    host.pages.set("/x.spec", { body: Buffer.alloc(11 * 1024 * 1024, 0x20) });
    expect((await host.runTask(srpmTask(`${host.url}/x.spec`))).exitCode).toBe(1);
    expect((await host.status())["reason"]).toMatch(/x\.spec is larger than 10485760 bytes/);
  });

  test("C30: definitions that are hostile as JSON fail with one sentence", async () => {
    const good = JSON.stringify(rpmTask({ url: "https://h/x", hash: "a" }));
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const keys = `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`).join()}}`;
    for (const text of [
      deep,
      `{"repos": ${deep}}`,
      keys,
      `{"__proto__": ${good}}`,
      good.replace('"alice"', "1e400"),
      good.slice(0, -1),
      "\u0000",
    ]) {
      const { exitCode, stdout, stderr } = await host.runTask(text);
      expect(exitCode).toBe(1);
      // Node may warn there of its own variables.
      expect(stderr).not.toMatch(/^\s+at |copr-builder/m);
      expect(stdout).toMatch(/\nCopr build error: The build definition [^\n]*\n$/);
    }
  });
});

describe("C30: a definition", () => {
  const base = rpmTask({ url: "https://h/x", hash: "a" });
  const parse = (values: object) => parseBuildTask(JSON.stringify({ ...base, ...values }));

  test("C30: is refused with values of another type, or too many of them", () => {
    const many = (count: number, value: unknown) => Array.from({ length: count }, () => value);
    const repository = { id: "a", name: "b", baseurl: "http://h/" };
    for (const values of [
      { timeout: "600" },
      { timeout: true },
      { enable_net: 1 },
      { enable_net: "true" },
      { repos: {} },
      { repos: many(501, repository) },
      { buildroot_pkgs: many(1001, "gcc") },
      { buildroot_pkgs: [["gcc"]] },
      { buildroot_pkgs: { length: 1, 0: "gcc" } },
      { git_hash: { toString: "a" } },
      { chroot: ["fedora-43-x86_64"] },
      { modules: { toggle: [{ __proto__: null, constructor: "x" }] } },
    ])
      expect(() => parse(values), JSON.stringify(values).slice(0, 80)).toThrow(InvalidTaskError);
    expect(() => parseBuildTask(" ".repeat(maxTaskBytes + 1))).toThrow("larger than");
  });

  test.each([
    "\u0000",
    "\n",
    "\r",
    "\t",
    "\u001b",
    "\u0085",
    "\u009b",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ud800",
    "\udc00",
  ])("C30: no text of it holds %j", (character) => {
    const repository = { id: "a", name: "b", baseurl: "http://h/" };
    for (const values of [
      { project_owner: `a${character}` },
      { project_name: `a${character}` },
      { project_dirname: `a${character}` },
      { package_name: `a${character}` },
      { package_version: `1${character}` },
      { git_repo: `https://h/${character}` },
      { git_hash: `a${character}` },
      { buildroot_pkgs: [`a${character}`] },
      { with_opts: [`a${character}`] },
      { tags: [`a${character}`] },
      { repos: [{ ...repository, id: `a${character}` }] },
      { repos: [{ ...repository, name: `a${character}` }] },
      { repos: [{ ...repository, baseurl: `http://h/${character}` }] },
      { modules: { toggle: [{ enable: `a${character}` }] } },
    ]) {
      expect(() => parse(values), JSON.stringify(values)).toThrow(InvalidTaskError);
      expect(() => parse(values)).toThrow(/^[ -~…]*$/);
    }
  });

  test("C30: the last of two equal keys counts, for us as for Python", () => {
    const text = JSON.stringify(base).replace("{", '{"chroot": "../../x", ');
    expect(parseBuildTask(text)).toMatchObject({ chroot: "fedora-43-x86_64" });
    expect(() => parseBuildTask(`${JSON.stringify(base).slice(0, -1)}, "chroot": "../../x"}`)).toThrow(
      "chroot is not the name of a chroot",
    );
  });

  test("C30: keys of prototypes are nobody's values", async () => {
    const text = JSON.stringify(base).replace("{", '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, ');
    const task = parseBuildTask(text);
    expect(["polluted" in task, "polluted" in {}, Object.getPrototypeOf(task) === Object.prototype]).toEqual([false, false, true]);
    expect((await taskContext()).settings).not.toHaveProperty("polluted");
  });
});
