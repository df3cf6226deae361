import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createClient } from "../../../src/core/index.ts";
import { comparableRecording, type Exchange, serveRecording } from "../../support/recorded-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { isOfRoute, recordedExchanges, type RouteCase } from "./route-case.ts";
import { buildChrootRoutes } from "./routes/build-chroots.ts";
import { buildRoutes } from "./routes/builds.ts";
import { generalRoutes } from "./routes/general.ts";
import { packageRoutes } from "./routes/packages.ts";
import { permissionRoutes } from "./routes/permissions.ts";
import { projectRoutes } from "./routes/projects.ts";

const cases: readonly RouteCase[] = [
  ...generalRoutes,
  ...projectRoutes,
  ...permissionRoutes,
  ...buildRoutes,
  ...buildChrootRoutes,
  ...packageRoutes,
];

/** Every method and path of API v3, read off the frontend's source. */
const routes = JSON.parse(readFileSync(new URL("../../fixtures/api-v3-routes.json", import.meta.url), "utf8")) as string[];

test("every route of API v3 has a function and a case here", () => {
  expect(routes).toHaveLength(67);
  expect([...new Set(cases.map(({ route }) => route))].toSorted()).toEqual(routes.toSorted());
});

test("every function and type of the API has a docstring", () => {
  const directory = new URL("../../../src/core/api/", import.meta.url);
  for (const file of readdirSync(directory).filter((name) => name !== "index.ts")) {
    const text = readFileSync(new URL(file, directory), "utf8");
    expect([file, ...text.matchAll(/(?<!\*\/\n)^export .*/gm)].map(String)).toEqual([file]);
  }
});

const frontend = recordedExchanges();

/** A route counts as recorded when the frontend once answered it well. */
const isRecorded = (route: string): boolean =>
  frontend.some(({ request, response }) => isOfRoute(request, route) && response.status === 200);

test.each(routes.filter(isRecorded))("%s is tested against what was recorded", (route) => {
  const recordings = frontend.map((exchange) => JSON.stringify(exchange));
  for (const { exchanges } of cases.filter((one) => one.route === route)) {
    for (const exchange of exchanges) expect(recordings).toContain(JSON.stringify(exchange));
  }
});

describe("function of", () => {
  test.each(cases.map((one) => [one.route, one] as const))("%s", async (route, { exchanges, call, fields, result: expected }) => {
    const server = await serveRecording(exchanges, resolve);
    onTestFinished(() => server.close());
    const client = createClient({ url: server.url, login: "LOGIN", token: "TOKEN" });
    onTestFinished(() => client.close());
    const directory = await temporaryDirectory();
    await writeUploads(directory, exchanges);

    const result = await call(client, directory);

    const requests = exchanges.map(({ request }) => comparableRecording(request));
    expect(withoutNull(server.requests)).toEqual(withoutNull(requests));
    for (const request of server.requests) expect(isOfRoute(request, route)).toBe(true);
    expect(result).toEqual(JSON.parse(resolve(JSON.stringify(expected ?? resultOf(exchanges, result)), server.url)));
    const [item] = [result].flat() as [object];
    for (const field of fields) expect(item).toHaveProperty([field]);
  });
});

/** The answer as it is, or the items of all pages. */
function resultOf(exchanges: readonly Exchange[], result: unknown): unknown {
  const answers = exchanges.map(({ response }) => response.body.json);
  return Array.isArray(result) ? answers.flatMap((answer) => (answer as { items: unknown[] }).items) : answers[0];
}

function resolve(text: string, url: string): string {
  return text.replaceAll("{URL}", url).replaceAll("{RESULTS}", `${url}/storage`);
}

/** The frontend takes null for a field that was not sent. */
function withoutNull(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) => item ?? undefined);
}

/** The files that were uploaded when the recording was made. */
async function writeUploads(directory: string, exchanges: readonly Exchange[]): Promise<void> {
  for (const { headers, base64, text } of exchanges.flatMap(({ request }) => request.body?.multipart ?? [])) {
    const filename = /filename="(.*)"/.exec(headers.map(([, value]) => value).join(" "))?.[1] as string;
    if (filename !== "json")
      await writeFile(join(directory, filename), base64 === undefined ? (text ?? "") : Buffer.from(base64, "base64"));
  }
}
