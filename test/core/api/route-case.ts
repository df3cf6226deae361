import { readdirSync, readFileSync } from "node:fs";
import type { Client } from "../../../src/core/index.ts";
import type { Exchange, RecordedRequest } from "../../support/recorded-server.ts";

/** A call of a function of the library, and what goes over the wire. */
export interface RouteCase {
  /** Method and path, as in `test/fixtures/api-v3-routes.json`. */
  route: string;
  /** Requests that are expected, in order, and their answers. */
  exchanges: readonly Exchange[];
  /** `directory` holds the files of a recorded upload. */
  call(client: Client, directory: string): Promise<unknown>;
  /** Fields of the result, or of its first item. */
  fields: readonly string[];
  /** What the function makes of the answer, where it is neither the answer nor its items. */
  result?: unknown;
}

type Item<T> = T extends readonly (infer One)[] ? One : T;

/** A case whose fields the compiler knows in the function's result. */
export function routeCase<T>(
  route: string,
  exchanges: readonly Exchange[],
  call: (client: Client, directory: string) => Promise<T>,
  fields: readonly (keyof Item<T> & string)[],
  result?: unknown,
): RouteCase {
  return { route, exchanges, call, fields, ...(result === undefined ? {} : { result }) };
}

/** The successful exchanges of one route in a recording; `changes` make those of its twin of them. */
export function recorded(name: string, route: string, changes: Partial<RecordedRequest> = {}): Exchange[] {
  const found = exchangesOf(`${name}.json`).filter(({ request, response }) => isOfRoute(request, route) && response.status === 200);
  if (found.length === 0) throw new Error(`${route} was not recorded in ${name}`);
  return found.map(({ request, response }) => ({ request: { ...request, ...changes }, response }));
}

/** The first answer to a route in a recording. */
export function recordedAnswer(name: string, route: string): unknown {
  return recorded(name, route)[0]?.response.body.json;
}

/** An exchange that nobody recorded, with an answer as the contract has it, or as another route gave it. */
export function unrecorded(
  request: { method?: string; path: string; auth?: boolean; json?: unknown },
  answer: unknown,
  response: { status?: number; headers?: Record<string, string> } = {},
): Exchange[] {
  const { method = "GET", path, auth = false, json } = request;
  return [
    {
      request: { method, path: `/api_3${path}`, auth: auth ? "basic" : null, body: json === undefined ? null : { json } },
      response: { status: 200, headers: { "content-type": "application/json" }, ...response, body: { json: answer } },
    },
  ];
}

const transcripts = new URL("../../fixtures/transcripts/", import.meta.url);

/** Everything that was ever asked of the recorded frontend. */
export function recordedExchanges(): Exchange[] {
  return readdirSync(transcripts).flatMap(exchangesOf);
}

function exchangesOf(file: string): Exchange[] {
  return (JSON.parse(readFileSync(new URL(file, transcripts), "utf8")) as { exchanges: Exchange[] }).exchanges;
}

/** Whether a request is of a route, `METHOD /path/<variable>/<int:number>`. */
export function isOfRoute(request: { method: string; path: string }, route: string): boolean {
  const [method, path = ""] = route.split(" ");
  const pattern = path
    .replace(/\/$/, "")
    .replaceAll(/<int:\w+>/g, "\\d+")
    .replaceAll(/<\w+>/g, "[^/]+");
  return request.method === method && new RegExp(`^${pattern}/?$`).test(request.path.split("?", 1)[0] as string);
}

/** Everything that a paged list yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
