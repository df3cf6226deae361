import { closedPort } from "../../support/closed-port.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTransport, type Transport } from "../../../src/core/http/transport.ts";
import { type StateChange, type WatchOptions, watchBuilds } from "../../../src/core/builds/watch.ts";
import { type Handler, sendJson, type WebServer, webServer } from "../../support/web-server.ts";

interface Watched {
  server: WebServer;
  changes: StateChange[];
  troubles: string[];
  /** Milliseconds between the requests. */
  pauses: number[];
}

/** Watches builds of a server to their end. */
async function watch(ids: number[], handler: Handler, options: WatchOptions = {}): Promise<Watched> {
  const times: number[] = [];
  const server = await webServer((...exchange) => {
    times.push(performance.now());
    return handler(...exchange);
  });
  const troubles: string[] = [];
  const changes: StateChange[] = [];
  for await (const change of watchBuilds(transportTo(server.url), ids, {
    intervalMs: 10,
    onTrouble: (why) => troubles.push(why),
    ...options,
  }))
    changes.push(change);
  return { server, changes, troubles, pauses: times.slice(1).map((time, index) => time - (times[index] as number)) };
}

function transportTo(coprUrl: string): Transport {
  const transport = createTransport({ coprUrl, userAgent: "test", environment: {} });
  onTestFinished(() => transport.close());
  return transport;
}

const build = (id: number, state: string) => ({ id, state, ownername: "me", projectname: "hello" });
const idIn = (url: string): number => Number(url.split("/").at(-1));

describe("a watch", () => {
  test("tells each change of state once, until the end", async () => {
    const states = ["pending", "pending", "running", "running", "succeeded"];
    const { changes, troubles } = await watch([7], (response, _, number) => sendJson(response, build(7, states[number - 1] ?? "none")));
    expect(changes).toEqual(["pending", "running", "succeeded"].map((state) => ({ id: 7, state })));
    expect(troubles).toEqual([]);
  });

  test("of a server that was never reached ends at once", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const changes = watchBuilds(transportTo(url), [7], { intervalMs: 10, onTrouble: () => expect.unreachable() });
    await expect(changes[Symbol.asyncIterator]().next()).rejects.toThrow(`Unable to connect to ${url}/api_3/.`);
  });

  test.each([
    ["a page of a proxy", (response: Parameters<Handler>[0]) => response.writeHead(502).end("<html>Bad gateway</html>")],
    ["a page with status 200", (response: Parameters<Handler>[0]) => response.end("<html>Maintenance</html>")],
    ["an answer that breaks off", (response: Parameters<Handler>[0]) => response.destroy()],
    ["too many requests", (response: Parameters<Handler>[0]) => sendJson(response, { error: "slow down" }, 429)],
  ])("survives %s, and says so once", async (_name, fail) => {
    const { changes, troubles } = await watch([7], (response, _request, number) =>
      number === 2 || number === 3 ? fail(response) : sendJson(response, build(7, number === 1 ? "running" : "succeeded")),
    );
    expect(changes.map(({ state }) => state)).toEqual(["running", "succeeded"]);
    expect(troubles).toHaveLength(1);
  });

  test("leaves a server alone for as long as it asks", async () => {
    const { pauses } = await watch([7], (response, _request, number) => {
      if (number === 1) response.writeHead(429, { "retry-after": "3", "content-type": "application/json" }).end('{"error": "slow down"}');
      else sendJson(response, build(7, "succeeded"));
    });
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(2990);
  });

  test("gives up when a server is away for too long", async () => {
    const fail: Handler = (response) => sendJson(response, { error: "in trouble" }, 503);
    await expect(watch([7], fail, { maxOutageMs: 500 })).rejects.toThrow("in trouble");
  });

  test("throws what is said of a build that is not there", async () => {
    const refuse: Handler = (response) => sendJson(response, { error: "Build 7 does not exist." }, 404);
    await expect(watch([7], refuse)).rejects.toThrow("Build 7 does not exist.");
  });

  test("asks for many builds by list", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => index + 1);
    const { server, changes } = await watch(ids, (response, { url }) => {
      if (!url.includes("/build/list")) return sendJson(response, build(idIn(url), "succeeded"));
      const items = url.includes("offset=0") || !url.includes("offset=") ? ids.map((id) => build(id, "succeeded")) : [];
      return sendJson(response, { items, meta: {} });
    });
    expect(new Set(changes.map(({ id }) => id)).size).toBe(50);
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });
});
