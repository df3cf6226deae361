import { closedPort } from "../../support/closed-port.ts";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FileEvent, type FollowFileOptions, followFile } from "../../../src/core/http/followed-file.ts";
import { createTransport, type Transport } from "../../../src/core/http/transport.ts";
import { type ServedFile, serveFile } from "../../support/served-file.ts";
import { type Handler, type WebServer, webServer } from "../../support/web-server.ts";

const TEXT = Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join("");

function transportTo({ url }: { url: string }): Transport {
  const credentials = { headers: async () => ({ authorization: "secret" }), username: async () => "me" };
  const transport = createTransport({ coprUrl: url, userAgent: "test", environment: {}, credentials });
  onTestFinished(() => transport.close());
  return transport;
}

/** What a file's readers were told. */
class Told {
  text = "";
  readonly kinds: string[] = [];
  readonly reasons: string[] = [];

  take(event: FileEvent): void {
    if (this.kinds.at(-1) !== event.kind) this.kinds.push(event.kind);
    if (event.kind === "trouble") this.reasons.push(event.reason);
    if (event.kind === "anew") this.text = "";
    if (event.kind !== "bytes") return;
    if (this.text === "") this.first = event.offset;
    if (event.offset !== this.first + this.text.length) throw new Error(`${event.offset} follows ${this.first + this.text.length}`);
    this.text += event.bytes.toString("latin1");
  }

  /** Offset of the first byte. */
  first = 0;
}

async function read(server: WebServer, options: FollowFileOptions = {}): Promise<Told> {
  const told = new Told();
  for await (const event of followFile(transportTo(server), `${server.url}/log`, { firstWaitMs: 5, ...options })) told.take(event);
  return told;
}

/** Follows a file; each time all of it was told, the next step changes something. After the last step it is over. */
async function follow(server: WebServer, steps: (() => void)[], options: FollowFileOptions = {}): Promise<Told> {
  const isOver = (): boolean => {
    steps.shift()?.();
    return steps.length === 0;
  };
  return read(server, { isOver, pace: { leastMs: 5, mostMs: 10 }, ...options });
}

/** A server with a plain file, and perhaps a packed one. */
async function serve(plain: ServedFile, packed: ServedFile = { content: undefined }): Promise<WebServer> {
  return webServer((response, request) => serveFile(response, request, request.url.startsWith("/log.gz") ? packed : plain));
}

const ranges = ({ requests }: WebServer): (string | undefined)[] => requests.map(({ headers }) => headers.range);

describe("reading once", () => {
  test("a file comes whole, from an offset, or not at all", async () => {
    const server = await serve({ content: TEXT });
    expect((await read(server)).text).toBe(TEXT);
    const rest = await read(server, { fromOffset: 100_000 });
    expect([rest.first, rest.text]).toEqual([100_000, TEXT.slice(100_000)]);
    expect((await read(server, { fromOffset: TEXT.length })).kinds).toEqual(["pause"]);
    expect(ranges(server)).toEqual([undefined, "bytes=100000-", `bytes=${TEXT.length}-`]);
    const none = await serve({ content: undefined });
    expect((await read(none)).kinds).toEqual(["pause"]);
    expect(none.requests.map(({ url }) => url)).toEqual(["/log", "/log.gz"]);
  });

  test.each([
    ["a packed file", gzipSync(TEXT), {}],
    ["one that is declared as packed", gzipSync(TEXT), { "content-encoding": "gzip" }],
    ["one that was packed again on its way", gzipSync(gzipSync(TEXT)), { "content-encoding": "gzip" }],
    ["one of several parts", Buffer.concat([gzipSync(TEXT.slice(0, 7)), gzipSync(TEXT.slice(7))]), {}],
  ])("%s stands in for the plain one", async (_, content, headers) => {
    const server = await serve({ content: undefined }, { content, headers });
    expect((await read(server)).text).toBe(TEXT);
    const rest = await read(server, { fromOffset: 100_000 });
    expect([rest.first, rest.text]).toEqual([100_000, TEXT.slice(100_000)]);
  });

  test("a plain file that is sent to a packed one is unpacked, and never taken in parts", async () => {
    const packed = { content: gzipSync(TEXT) };
    const server = await webServer((response, request) => {
      if (request.url === "/log") response.writeHead(302, { location: "/log.gz" }).end();
      else serveFile(response, request, packed);
    });
    expect((await read(server, { fromOffset: 20 })).text).toBe(TEXT.slice(20));
    expect((await read(server, { tailLines: 2 })).text).toBe("line 39998\nline 39999\n");
  });

  test("a server that ignores ranges is read over", async () => {
    const server = await serve({ content: TEXT, ignoresRanges: true, hidesSize: true });
    const rest = await read(server, { fromOffset: 100_000 });
    expect([rest.first, rest.text]).toEqual([100_000, TEXT.slice(100_000)]);
  });

  test("a server that sends another part than was asked for is not believed", async () => {
    const server = await webServer((response, { headers }) => {
      if (headers.range === undefined) return response.end("0123456789");
      return response.writeHead(206, { "content-range": "bytes 2-9/10" }).end("23456789");
    });
    expect((await read(server, { fromOffset: 5 })).text).toBe("56789");
  });

  test("an offset behind the end means another file, which is told from its beginning", async () => {
    for (const ignoresRanges of [false, true]) {
      const told = await read(await serve({ content: "short\n", ignoresRanges, hidesSize: ignoresRanges }), { fromOffset: 100 });
      expect([told.kinds, told.text]).toEqual([["anew", "bytes", "pause"], "short\n"]);
    }
  });

  test("a server that contradicts itself for ever is given up", async () => {
    const server = await webServer((response, { headers }) => {
      if (headers.range === undefined) response.writeHead(206, { "content-range": "bytes 1-2/3" }).end("bc");
      else response.writeHead(416, { "content-range": "bytes */3" }).end();
    });
    await expect(read(server, { fromOffset: 5 })).rejects.toThrow(/^http:.*\/log changes faster than it can be read$/);
  });

  test("what can't be unpacked, or is no answer, is one sentence", async () => {
    const half = await serve({ content: undefined }, { content: gzipSync(randomBytes(100_000)).subarray(0, 60_000) });
    await expect(read(half, { maxOutageMs: 20 })).rejects.toThrow(/^http:.*\/log broke off: unexpected end of file$/);
    const odd = await serve({ content: TEXT, headers: { "content-encoding": "br" } });
    await expect(read(odd)).rejects.toThrow(/\/log comes packed as 'br', which was not asked for$/);
    const never = await webServer((response) => response.writeHead(416).end());
    await expect(read(never)).rejects.toThrow(/^The server answered 416 for/);
    const server = await webServer((response) => response.writeHead(400).end());
    await expect(read(server)).rejects.toThrow(/^The server answered 400 for http:.*\/log$/);
    await expect(read({ ...server, url: `http://127.0.0.1:${await closedPort()}` }, { maxOutageMs: 20 })).rejects.toThrow(
      /^Unable to connect to http:.*\/log\.$/,
    );
  });
});

describe("the last lines", () => {
  const long = `${TEXT}${"x".repeat(300_000)}\nlast`;
  const packed = { content: gzipSync(long) };

  test.each([
    ["by ranges", { content: long }, {}],
    ["without ranges", { content: long, ignoresRanges: true }, {}],
    ["of a packed file", { content: undefined }, packed],
  ])("%s", async (_, plain: ServedFile, other) => {
    const server = await serve(plain, { content: undefined, ...other });
    for (const lines of [0, 1, 2, 3, 1000, 40_001, 40_002, 50_000]) {
      const { text, first } = await read(server, { tailLines: lines });
      const expected = lines === 0 ? "" : long.split("\n").slice(-lines).join("\n");
      expect(text === expected).toBe(true);
      expect(lines === 0 || first === long.length - expected.length).toBe(true);
    }
  });

  test("end with a line end or without, and may be all there are", async () => {
    for (const ignoresRanges of [false, true]) {
      const tail = async (content: string, tailLines: number) => (await read(await serve({ content, ignoresRanges }), { tailLines })).text;
      expect(await tail("a\nb\n", 1)).toBe("b\n");
      expect(await tail("a\nb", 1)).toBe("b");
      expect(await tail("\n\n\n", 2)).toBe("\n\n");
      expect(await tail("a\n", 9)).toBe("a\n");
      expect(await tail("", 1)).toBe("");
    }
  });

  test("of a large file are found by asking for little of it", async () => {
    const server = await serve({ content: "0123456789\n".repeat(2_000_000) });
    expect((await read(server, { tailLines: 3 })).text).toBe("0123456789\n".repeat(3));
    expect(ranges(server)).toEqual(["bytes=-65536", "bytes=21999967-"]);
  });

  test("are not looked for for ever where lines are that long", async () => {
    const server = await serve({ content: Buffer.alloc(80 * 1024 ** 2, "x").fill("\n", 0, 1) });
    const { text, first } = await read(server, { tailLines: 1 });
    expect([text.length, first]).toEqual([80 * 1024 ** 2 - 1, 1]);
    expect(server.requests.length).toBeLessThan(70);
  });

  test("are read again where they are too many to hold", async () => {
    const content = "0123456789\n".repeat(300_000);
    const server = await serve({ content: undefined }, { content: gzipSync(content) });
    const { text, first } = await read(server, { tailLines: 200_000 });
    expect([text.length, first]).toEqual([2_200_000, 1_100_000]);
  });

  test("are followed by what comes", async () => {
    const file: ServedFile = { content: "a\nb\nc\n" };
    const told = await follow(await serve(file), [() => (file.content += "d\n"), () => undefined], { tailLines: 1 });
    expect([told.text, told.first]).toEqual(["c\nd\n", 4]);
  });
});

describe("following", () => {
  test("goes on where it was, with a request for each look, and reads once more at the end", async () => {
    const file: ServedFile = { content: "" };
    const server = await serve(file);
    const told = await follow(server, [
      () => (file.content = "a\n"),
      () => undefined,
      () => (file.content += "b\n"),
      () => (file.content += "last\n"),
    ]);
    expect([told.text, told.kinds.includes("anew")]).toEqual(["a\nb\nlast\n", false]);
    expect(server.requests).toHaveLength(5);
  });

  test("waits for a file that is not there yet", async () => {
    const file: ServedFile = { content: undefined };
    const told = await follow(await serve(file), [() => undefined, () => (file.content = "a\n"), () => undefined]);
    expect([told.text, told.kinds]).toEqual(["a\n", ["pause", "bytes", "pause"]]);
  });

  test("a file of an exact offset that ends there has nothing new", async () => {
    const file: ServedFile = { content: "12345" };
    const server = await serve(file);
    const told = await follow(server, [() => undefined, () => (file.content += "6"), () => undefined], { fromOffset: 5 });
    expect([told.text, told.first, told.kinds.includes("anew")]).toEqual(["6", 5, false]);
    // A server may say it without a size.
    const terse = await webServer((response) => response.writeHead(416).end());
    expect((await follow(terse, [() => undefined], { fromOffset: 5 })).kinds).toEqual(["pause"]);
  });

  test.each([
    ["shorter", "new\n"],
    ["as long", "bbbb\nbbbb\n"],
    ["longer already", `${"b".repeat(700)}\n`],
    ["empty", ""],
  ])("a file that is written anew, and is %s, is told from its beginning", async (_, content) => {
    for (const shape of [{}, { ignoresRanges: true, hidesSize: true }]) {
      const file: ServedFile = { content: "aaaa\naaaa\n", ...shape };
      const told = await follow(await serve(file), [() => (file.content = content), () => undefined, () => (file.content += "end\n")]);
      expect([told.text, told.kinds.filter((kind) => kind === "anew")]).toEqual([`${content}end\n`, ["anew"]]);
    }
  });

  test("a file that became shorter is told so also by a server that says nothing of its size", async () => {
    let content = "aaaa\naaaa\n";
    const server = await webServer((response, { headers }) => {
      const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
      if (headers.range === undefined) response.end(content);
      else if (from >= content.length) response.writeHead(416).end();
      else response.writeHead(206, { "content-range": `bytes ${from}-${content.length - 1}/*` }).end(content.slice(from));
    });
    const told = await follow(server, [() => (content = ""), () => (content = "b\n"), () => (content += "c\n")]);
    expect([told.text, told.kinds.filter((kind) => kind === "anew")]).toEqual(["b\nc\n", ["anew"]]);
  });

  test.each([
    ["the same text", "one\ntwo\n"],
    ["more of it", "one\ntwo\nthree\n"],
  ])("a packed file with %s takes the place of the plain one", async (_, whole) => {
    const plain: ServedFile = { content: "one\ntwo\n" };
    const packed: ServedFile = { content: undefined, headers: { etag: '"1"' } };
    const signs: boolean[] = [];
    const isOver = (isPacked: boolean): boolean => {
      signs.push(isPacked);
      plain.content = undefined;
      packed.content = gzipSync(whole);
      return signs.length === 4;
    };
    const told = await read(await serve(plain, packed), { isOver, pace: { leastMs: 5, mostMs: 10 } });
    expect([told.text, told.kinds.includes("anew"), signs]).toEqual([whole, false, [false, true, true, true]]);
  });

  test("a packed file is not taken for the same when its text is another, nor read again when it is the same", async () => {
    const plain: ServedFile = { content: "one\ntwo\n" };
    const packed: ServedFile = { content: undefined, headers: { etag: '"1"' }, ignoresRanges: true };
    const server = await serve(plain, packed);
    const told = await follow(server, [
      () => {
        plain.content = undefined;
        packed.content = gzipSync("two\nthree\nfour\n");
      },
      () => undefined,
    ]);
    expect([told.text, told.kinds]).toEqual(["two\nthree\nfour\n", ["bytes", "pause", "anew", "bytes", "pause"]]);
  });

  test("a file that is being packed may be out of sight for a moment at the end", async () => {
    const plain: ServedFile = { content: "one\n" };
    const packed: ServedFile = { content: undefined };
    let misses = 0;
    const server = await webServer((response, request) => {
      if (request.url === "/log.gz" && ++misses === 2) packed.content = gzipSync("one\ntwo\n");
      serveFile(response, request, request.url === "/log" ? plain : packed);
    });
    const told = await follow(server, [() => (plain.content = undefined)]);
    expect(told.text).toBe("one\ntwo\n");
  });

  test("a plain file that comes back is followed on", async () => {
    const plain: ServedFile = { content: "one\n" };
    const packed: ServedFile = { content: undefined };
    const told = await follow(await serve(plain, packed), [
      () => {
        plain.content = undefined;
        packed.content = gzipSync("one\ntwo\n");
      },
      () => (plain.content = "one\ntwo\nthree\n"),
      () => undefined,
    ]);
    expect([told.text, told.kinds.includes("anew")]).toEqual(["one\ntwo\nthree\n", false]);
  });
});

describe("an outage", () => {
  const broken: Record<string, Handler> = {
    "a connection that is refused after the request": (response) => response.destroy(),
    "a server error": (response) => response.writeHead(503).end("<html>"),
    "too many requests": (response) => response.writeHead(429, { "retry-after": "0" }).end(),
    "an answer that breaks off": (response) => {
      response.writeHead(200, { "content-length": TEXT.length });
      response.write(TEXT.slice(0, 70_000));
      setTimeout(() => response.destroy(), 100);
    },
    "a packed answer that breaks off": (response) => {
      response.writeHead(200);
      response.end(gzipSync(TEXT).subarray(0, 5000));
    },
  };

  test.each(Object.entries(broken))("%s is survived without a byte lost or told twice", async (_, fail) => {
    const file = { content: TEXT };
    for (const options of [{}, { isOver: () => true, pace: { leastMs: 5 } }]) {
      const server = await webServer((response, request, number) => {
        if (number <= 2) return fail(response, request, number);
        return serveFile(response, request, file);
      });
      const told = await read(server, options);
      expect(told.text === TEXT).toBe(true);
      expect([told.reasons.length > 0, told.kinds.includes("anew")]).toEqual([true, false]);
    }
  });

  test("is told once, waited for as long as the server asks, and ends at the limit", async () => {
    const times: number[] = [];
    const server = await webServer((response, _, number) => {
      times.push(performance.now());
      response.writeHead(429, number === 1 ? { "retry-after": "1" } : {}).end();
    });
    await expect(read(server, { isOver: () => false, maxOutageMs: 1200, pace: { leastMs: 5 } })).rejects.toThrow(
      /^The server answered 429 for/,
    );
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(990);
    expect(times.length).toBeGreaterThan(3);
  });

  test("ends with the signal", async () => {
    const server = await webServer((response) => response.writeHead(503).end());
    const signal = AbortSignal.timeout(50);
    await expect(read(server, { isOver: () => false, firstWaitMs: 60_000, signal })).rejects.toThrow(/aborted|timeout/i);
  });
});

describe("manners", () => {
  test("requests keep their distance, and more of it while nothing comes", async () => {
    const times: number[] = [];
    const file: ServedFile = { content: "" };
    const server = await webServer((response, request) => {
      times.push(performance.now());
      serveFile(response, request, file);
    });
    const steps = [...Array.from({ length: 4 }, () => () => undefined), () => (file.content = "a\n"), () => undefined, () => undefined];
    await follow(server, steps, { pace: { leastMs: 100, mostMs: 250 } });
    const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
    // When they arrive is a matter of the machine as well: without distance, 4 pauses take 20 ms, without growth 400.
    expect(Math.min(...pauses)).toBeGreaterThan(50);
    expect((times[4] as number) - (times[0] as number)).toBeGreaterThan(600);
  });

  test("a storage host gets the range, and no credentials", async () => {
    const storage = await serve({ content: TEXT });
    const server = await webServer((response) => response.writeHead(302, { location: `${storage.url}/log?signature=x` }).end());
    const { text } = await read(server, { fromOffset: 100_000 });
    expect(text === TEXT.slice(100_000)).toBe(true);
    for (const { headers } of [...server.requests, ...storage.requests]) expect(headers).not.toHaveProperty("authorization");
    expect(storage.requests[0]?.headers.range).toBe("bytes=100000-");
  });
});
