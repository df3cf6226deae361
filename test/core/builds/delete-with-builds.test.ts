import { expect, test } from "vitest";
import { createClient } from "../../../src/core/index.ts";
import { deleteProjectWithBuilds } from "../../../src/core/builds/delete-with-builds.ts";
import { sendJson, webServer } from "../../support/web-server.ts";

type Answer = [status: number, body: unknown];

/** A frontend whose builds stand, at each look, as the next list says; the last one stays. */
async function frontend(looks: Record<number, string>[], deletions: Answer[], cancels: Record<number, Answer> = {}) {
  let look = 0;
  const { url, requests } = await webServer((response, request) => {
    const [, action, id] = /^\/api_3\/(build\/cancel|build\/list|build|project\/delete)\/?(\d+)?/.exec(request.url) ?? [];
    const states = looks[Math.min(look, looks.length - 1)] ?? {};
    if (action === "build/list") {
      const isFirst = !request.url.includes("offset");
      if (isFirst) look += 1;
      const items = Object.entries(states).map(([number, state]) => ({ id: Number(number), state, project_dirname: "p", submitted_on: 1 }));
      return sendJson(response, { items: isFirst ? items : [], meta: { limit: 1000, offset: isFirst ? 0 : 1000 } });
    }
    if (action === "build/cancel") {
      const [status, body] = cancels[Number(id)] ?? [200, { id: Number(id), state: states[Number(id)] ?? "canceled" }];
      return sendJson(response, body, status);
    }
    if (action === "build") return sendJson(response, { id: Number(id), state: "succeeded" });
    const [status, body] = deletions.shift() ?? [200, { name: "p" }];
    return sendJson(response, body, status);
  });
  const canceled: string[] = [];
  const client = createClient({ url, login: "L", token: "T" });
  const run = (patienceMs = 60_000) =>
    deleteProjectWithBuilds(
      client,
      { ownername: "me", projectname: "p" },
      { intervalMs: 20, patienceMs, onCanceled: ({ id, state }) => canceled.push(`${id} ${state}`) },
    );
  return {
    run,
    canceled,
    changes: () => requests.filter(({ method }) => method !== "GET").map(({ method, url: path }) => `${method} ${path.split("?")[0]}`),
  };
}

const DELETE = "DELETE /api_3/project/delete/me/p";

test("builds that take a while to end are asked once, and waited for", async () => {
  const { run, canceled, changes } = await frontend(
    [{ 2: "running", 1: "succeeded" }, { 2: "running" }, { 2: "running" }, { 2: "canceled" }],
    [],
  );
  expect(await run()).toEqual({ name: "p" });
  expect([canceled, changes()]).toEqual([["2 running"], ["PUT /api_3/build/cancel/2", DELETE]]);
});

test("one that is submitted between the last look and the deletion is canceled, too", async () => {
  const busy: Answer = [400, { error: "Build(s) 3 are still running.\n" }];
  const { run, canceled, changes } = await frontend([{}, { 3: "pending" }, {}], [busy]);
  await run();
  expect([canceled, changes()]).toEqual([["3 canceled"], [DELETE, "PUT /api_3/build/cancel/3", DELETE]]);
});

test("one that ends by itself, or is deleted, is no failure", async () => {
  const cancels: Record<number, Answer> = { 5: [409, { error: "Cannot cancel build 5" }], 4: [404, { error: "Build 4 does not exist." }] };
  const { run, canceled } = await frontend([{ 5: "running", 4: "running" }, {}], [], cancels);
  await run();
  expect(canceled).toEqual(["5 succeeded"]);
});

test("what the frontend refuses else ends it, and so does a build without end", async () => {
  const denied = await frontend([{ 2: "running" }], [], { 2: [403, { error: "You are not allowed to cancel this build." }] });
  await expect(denied.run()).rejects.toThrow("You are not allowed to cancel this build.");
  const refused = await frontend([{}], [[400, { error: "This project is protected against deletion." }]]);
  await expect(refused.run()).rejects.toThrow("protected");
  const endless = await frontend([{ 2: "running" }], []);
  await expect(endless.run(100)).rejects.toThrow("Project me/p was not deleted: it has builds that do not end, or gets new ones.");
  expect([denied, refused, endless].map(({ changes }) => changes().filter((one) => one === DELETE).length)).toEqual([0, 1, 0]);
});
