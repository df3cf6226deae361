import { expect, onTestFinished, test } from "vitest";
import { listBuilds } from "../../../src/core/api/builds.ts";
import { createTransport } from "../../../src/core/http/transport.ts";
import { sendJson, webServer } from "../../support/web-server.ts";

test("each build of a status comes once, though the frontend's pages overlap", async () => {
  const builds = Array.from({ length: 21 }, (_, index) => ({ id: 21 - index, state: index % 3 === 0 ? "succeeded" : "failed" }));
  // As the real one does it: the offset counts all builds, the limit those with the status.
  const server = await webServer((response, { url }) => {
    const query = new URL(url, "http://x").searchParams;
    const [limit, offset, status] = [Number(query.get("limit")), Number(query.get("offset") ?? 0), query.get("status")];
    const items = builds.slice(offset).filter(({ state }) => status === null || state === status);
    sendJson(response, { items: items.slice(0, limit), meta: { limit, offset } });
  });
  const transport = createTransport({ coprUrl: server.url, userAgent: "test", environment: {} });
  onTestFinished(() => transport.close());
  const idsOf = async (filter: Parameters<typeof listBuilds>[2]): Promise<number[]> => {
    const ids: number[] = [];
    for await (const { id } of listBuilds(transport, { ownername: "me", projectname: "hello" }, filter)) ids.push(id);
    return ids;
  };
  const failed = builds.filter(({ state }) => state === "failed").map(({ id }) => id);
  expect(await idsOf({ status: "failed", limit: 2 })).toEqual(failed);
  expect(await idsOf({ limit: 4 })).toEqual(builds.map(({ id }) => id));
});

test.each([
  ["tells where its pages begin", 0, "failed"],
  ["tells where its pages begin", 0, undefined],
  ["does not", undefined, undefined],
])("a list of a server that knows but the first page ends with that, when it %s", async (_, offset, status) => {
  const server = await webServer((response) => sendJson(response, { items: [{ id: 1, state: "failed" }], meta: { offset } }));
  const transport = createTransport({ coprUrl: server.url, userAgent: "test", environment: {} });
  onTestFinished(() => transport.close());
  const ids: number[] = [];
  const builds = listBuilds(transport, { ownername: "me", projectname: "hello" }, status === undefined ? {} : { status });
  for await (const { id } of builds) ids.push(id);
  expect([ids, server.requests.length]).toEqual([[1], 2]);
});
