import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { BuildState } from "../../../src/core/api/types.ts";
import { type BuildLogsRequest, followBuildLogs } from "../../../src/core/builds/build-logs.ts";
import { followLog, type LogEvent, type LogRequest } from "../../../src/core/builds/logs.ts";
import { createTransport, type Transport } from "../../../src/core/http/transport.ts";
import { type BuildServer, buildServer } from "../../support/build-server.ts";

function transportTo({ url }: { url: string }): Transport {
  const transport = createTransport({ coprUrl: url, userAgent: "test", environment: {} });
  onTestFinished(() => transport.close());
  return transport;
}

const quick = { pace: { leastMs: 5, mostMs: 10 }, stateIntervalMs: 20, firstWaitMs: 5 };

/** Events as short words; `at` does something when one of them comes. */
async function heard(events: AsyncIterable<LogEvent>, at: Record<string, () => void> = {}): Promise<string[]> {
  const words: string[] = [];
  for await (const event of events) {
    const word = describeEvent(event);
    if (event.kind !== "pause" || !words.includes(word)) words.push(word);
    const step = at[word];
    delete at[word];
    step?.();
  }
  return words;
}

function describeEvent(event: LogEvent): string {
  const what = {
    begin: () => "",
    bytes: (one: LogEvent) => ` ${one.kind === "bytes" ? `${one.offset} ${JSON.stringify(one.bytes.toString())}` : ""}`,
    anew: () => "",
    pause: () => "",
    waiting: () => ` ${event.kind === "waiting" ? event.state : ""}`,
    trouble: () => "",
    end: () => ` ${event.kind === "end" ? `${event.state}${event.isMissing ? " missing" : ""}` : ""}`,
  }[event.kind](event);
  return `${event.chroot} ${event.kind}${what}`;
}

const one = (server: BuildServer, request: Partial<LogRequest> = {}, at = {}): Promise<string[]> =>
  heard(followLog(transportTo(server), { buildId: 7, chroot: "a", ...quick, ...request }), at);
const some = (server: BuildServer, request: Partial<BuildLogsRequest> = {}, at = {}): Promise<string[]> =>
  heard(followBuildLogs(transportTo(server), { buildId: 7, ...quick, ...request }), at);

describe("the log of a chroot", () => {
  test("is read as it is now, whatever the build does", async () => {
    const server = await buildServer({ a: { state: "running", files: { "builder-live.log": "x\n", "build.log.gz": gzipSync("y\n") } } });
    expect(await one(server)).toEqual(['a bytes 0 "x\\n"', "a pause", "a end running"]);
    expect(await one(server, { log: "build.log" })).toEqual(['a bytes 0 "y\\n"', "a pause", "a end running"]);
    expect(await one(server, { log: "root.log" })).toEqual(["a end running missing"]);
  });

  test.each<BuildState>(["succeeded", "failed", "canceled", "skipped"])("is followed until the chroot has %s", async (state) => {
    const server = await buildServer({ a: { state: "running", files: { "builder-live.log": "x\n" } } });
    const { a } = server.build.chroots as { a: NonNullable<(typeof server.build.chroots)["a"]> };
    const words = await one(
      server,
      { follow: true },
      {
        "a pause": () => {
          a.files["builder-live.log"] = "x\ny\n";
          a.state = state;
        },
      },
    );
    expect(words).toEqual(['a bytes 0 "x\\n"', "a pause", 'a bytes 2 "y\\n"', `a end ${state}`]);
  });

  test("is waited for while there is no directory, and no file", async () => {
    const server = await buildServer({ a: { state: "pending", files: {}, hasNoDirectory: true } });
    const { a } = server.build.chroots as { a: NonNullable<(typeof server.build.chroots)["a"]> };
    const words = await one(
      server,
      { follow: true },
      {
        "a waiting pending": () => Object.assign(a, { hasNoDirectory: false, state: "starting" }),
        "a waiting starting": () => Object.assign(a, { state: "running", files: { "builder-live.log": "x\n" } }),
        'a bytes 0 "x\\n"': () => Object.assign(a, { state: "succeeded", files: { "builder-live.log.gz": gzipSync("x\nend\n") } }),
      },
    );
    expect(words).toEqual([
      "a waiting pending",
      "a waiting starting",
      'a bytes 0 "x\\n"',
      "a pause",
      'a bytes 2 "end\\n"',
      "a end succeeded",
    ]);
  });

  test("asks for the state seldom, and at once when the log was packed", async () => {
    const server = await buildServer({ a: { state: "running", files: { "builder-live.log": "x\n" } } });
    const { a } = server.build.chroots as { a: NonNullable<(typeof server.build.chroots)["a"]> };
    const asked = (): number => server.requests.filter(({ url }) => url.startsWith("/api_3/")).length;
    let before = 0;
    const started = performance.now();
    await one(
      server,
      { follow: true, stateIntervalMs: 30_000 },
      {
        "a pause": () =>
          setTimeout(() => {
            before = asked();
            Object.assign(a, { state: "failed", files: { "builder-live.log.gz": gzipSync("x\nend\n") } });
          }, 200),
      },
    );
    expect([before, asked()]).toEqual([1, 2]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("of a build that is deleted while it is followed ends in a sentence", async () => {
    const server = await buildServer({ a: { state: "running", files: { "builder-live.log": "x\n" } } });
    const deleted = one(server, { follow: true }, { "a pause": () => (server.build.isDeleted = true) });
    await expect(deleted).rejects.toMatchObject({ message: "Build 7 was deleted.", exitCode: 4 });
    await expect(one(server)).rejects.toMatchObject({ message: "Build 7 does not exist.", exitCode: 1 });
  });

  test("goes on while the frontend is in trouble, and tells it once", async () => {
    const server = await buildServer({ a: { state: "running", files: { "builder-live.log": "x\n" } } });
    const { a } = server.build.chroots as { a: NonNullable<(typeof server.build.chroots)["a"]> };
    const words = await one(
      server,
      { follow: true },
      {
        "a pause": () => (server.build.isInTrouble = true),
        "a trouble": () => {
          a.files["builder-live.log"] = "x\ny\n";
          setTimeout(() => Object.assign(server.build, { isInTrouble: false }), 100);
        },
        'a bytes 2 "y\\n"': () => (a.state = "succeeded"),
      },
    );
    expect(words).toEqual(['a bytes 0 "x\\n"', "a pause", "a trouble", 'a bytes 2 "y\\n"', "a end succeeded"]);
  });

  test.each(["", ".", "..", "../x", "a/b", "a\\b", "a\nb", "a\u009bb"])("named %j is refused before any request for it", async (log) => {
    const server = await buildServer({ a: { state: "running", files: {} } });
    await expect(one(server, { log })).rejects.toMatchObject({ exitCode: 2 });
    expect(server.requests).toEqual([]);
  });

  test("is no part of an address by itself", async () => {
    const server = await buildServer({ a: { state: "running", files: { "x?y#z %2e": "x" } } });
    expect(await one(server, { log: "x?y#z %2e" })).toContain('a bytes 0 "x"');
  });

  test("has an address that is one", async () => {
    const server = await buildServer({ a: { state: "running", files: {}, resultUrl: "file:///etc/" } });
    await expect(one(server)).rejects.toMatchObject({ exitCode: 5, message: expect.stringContaining('"file:///etc/"') });
  });

  test("of a chroot the build does not have names those it has", async () => {
    const server = await buildServer({ a: { state: "running", files: {} }, b: { state: "running", files: {} } });
    await expect(one(server, { chroot: "c", follow: true })).rejects.toMatchObject({ exitCode: 2, hint: "It has a, b." });
  });
});

describe("without the name of a chroot", () => {
  const log = { "builder-live.log": "x\n" };

  test.each<[string, Record<string, BuildState>, string]>([
    ["the only one", { a: "succeeded" }, "a"],
    ["the only one that failed", { a: "succeeded", b: "failed", c: "running" }, "b"],
  ])("%s is meant", async (_, states, expected) => {
    const chroots = Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { state, files: log }]));
    const words = await some(await buildServer(chroots, { state: "succeeded", files: {} }));
    expect(words[1]).toBe(`${expected} bytes 0 "x\\n"`);
  });

  test.each<[string, BuildState, BuildState]>([
    ["failed", "failed", "failed"],
    ["canceled", "canceled", "canceled"],
    ["still going on", "running", "waiting"],
  ])("the SRPM phase is meant when it is %s", async (_, source, state) => {
    const server = await buildServer({ a: { state, files: {}, hasNoDirectory: true } }, { state: source, files: log });
    expect((await some(server))[1]).toBe('srpm-builds bytes 0 "x\\n"');
  });

  test.each<[string, Record<string, BuildState>]>([
    ["none failed", { a: "succeeded", b: "running" }],
    ["several failed", { a: "failed", b: "failed" }],
  ])("it is an error when %s", async (_, states) => {
    const chroots = Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { state, files: log }]));
    await expect(some(await buildServer(chroots))).rejects.toMatchObject({
      exitCode: 2,
      message: "Build 7 has several chroots: name one, or 'all'",
      parts: Object.entries({ "srpm-builds": "succeeded", ...states }).map(([name, state]) => expect.objectContaining({ name, state })),
    });
  });

  test("a frontend that knows nothing of the SRPM phase does not matter", async () => {
    const server = await buildServer({ a: { state: "failed", files: log } }, { state: "succeeded", files: {}, hasNoDirectory: true });
    expect((await some(server))[1]).toBe('a bytes 0 "x\\n"');
  });
});

describe("several logs", () => {
  test("from the SRPM phase on, the chroots are followed when they are known", async () => {
    const server = await buildServer({}, { state: "pending", files: {}, hasNoDirectory: true });
    const { source, chroots } = server.build;
    const words = await some(
      server,
      { follow: true },
      {
        "srpm-builds waiting pending": () =>
          Object.assign(source, { hasNoDirectory: false, state: "running", files: { "builder-live.log": "source\n" } }),
        'srpm-builds bytes 0 "source\\n"': () => {
          source.state = "succeeded";
          chroots["a"] = { state: "running", files: { "builder-live.log": "x\n" } };
        },
        "a pause": () => Object.assign(chroots["a"] as object, { state: "succeeded" }),
      },
    );
    expect(words).toEqual([
      "srpm-builds begin",
      "srpm-builds waiting pending",
      'srpm-builds bytes 0 "source\\n"',
      "srpm-builds pause",
      "srpm-builds end succeeded",
      "a begin",
      'a bytes 0 "x\\n"',
      "a pause",
      "a end succeeded",
    ]);
  });

  test("a SRPM phase that fails is the end", async () => {
    const server = await buildServer({ a: { state: "waiting", files: {} } }, { state: "running", files: { "builder-live.log": "s\n" } });
    const fail = () => {
      server.build.source.state = "failed";
      Object.assign(server.build.chroots["a"] as object, { state: "failed" });
    };
    const words = await some(server, { follow: true, chroot: "all" }, { 'srpm-builds bytes 0 "s\\n"': fail });
    expect(words.at(-1)).toBe("srpm-builds end failed");
  });

  test("all are read one after another, or followed together to the end of each", async () => {
    const files = { "builder-live.log": "x\n" };
    const server = await buildServer(
      { a: { state: "running", files: { ...files } }, b: { state: "running", files: {} } },
      { state: "succeeded", files },
    );
    expect(await some(server, { chroot: "all" })).toEqual([
      "srpm-builds begin",
      'srpm-builds bytes 0 "x\\n"',
      "srpm-builds pause",
      "srpm-builds end succeeded",
      "a begin",
      'a bytes 0 "x\\n"',
      "a pause",
      "a end running",
      "b begin",
      "b end running missing",
    ]);
    const { a, b } = server.build.chroots as Record<"a" | "b", NonNullable<(typeof server.build.chroots)["a"]>>;
    const words = await some(
      server,
      { chroot: "all", follow: true },
      {
        "a pause": () => Object.assign(b, { files: { "builder-live.log": "y\n" } }),
        'b bytes 0 "y\\n"': () => Object.assign(a, { state: "failed", files: { "builder-live.log": "x\nend\n" } }),
        "a end failed": () => (b.state = "succeeded"),
      },
    );
    expect(words.filter((word) => word.startsWith("a "))).toEqual([
      "a begin",
      'a bytes 0 "x\\n"',
      "a pause",
      'a bytes 2 "end\\n"',
      "a end failed",
    ]);
    expect(words.filter((word) => word.startsWith("b "))).toEqual(["b begin", 'b bytes 0 "y\\n"', "b pause", "b end succeeded"]);
  });

  test.each([true, false])("followed together cost no more requests than one, whether they grow (%s) or not", async (doGrow) => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const running = () => ({ state: "running" as BuildState, files: { "builder-live.log": "x\n" } });
    const server = await buildServer(Object.fromEntries(names.map((name) => [name, running()])), {
      state: "succeeded",
      files: {},
      hasNoDirectory: true,
    });
    const looks = (): number => server.requests.filter(({ url }) => url.startsWith("/results/")).length;
    const all = Object.values(server.build.chroots);
    const grow = setInterval(() => all.forEach(({ files }) => doGrow && (files["builder-live.log"] += "y\n")), 5);
    onTestFinished(() => clearInterval(grow));
    const leastMs = 5;
    const mark = () => ({ looks: looks(), at: performance.now() });
    const marks = [mark()];
    setTimeout(() => marks.push(mark()), 1000);
    setTimeout(() => {
      marks.push(mark());
      clearInterval(grow);
      for (const chroot of all) Object.assign(chroot, { state: "succeeded" });
    }, 1500);
    const words = await some(server, { follow: true, chroot: "all", pace: { leastMs, mostMs: 10 } });
    const [start, middle, end] = marks as [ReturnType<typeof mark>, ReturnType<typeof mark>, ReturnType<typeof mark>];
    expect(end.looks - start.looks).toBeLessThanOrEqual((end.at - start.at) / leastMs + 9);
    // Of logs that rest, each is left alone for longer than until its turn comes.
    if (!doGrow) expect(end.looks - middle.looks).toBeLessThan((0.85 * (end.at - middle.at)) / leastMs);
    expect(words.filter((word) => word.endsWith("end succeeded")).length).toBe(names.length);
    for (const [at, name] of names.entries()) {
      const told = words
        .filter((word) => word.startsWith(`${name} bytes`))
        .map((word) => JSON.parse(word.slice(word.indexOf('"'))) as string);
      expect(told.join("")).toBe(all[at]?.files["builder-live.log"]);
    }
  });
});
