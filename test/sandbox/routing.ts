import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { ApiError } from "./api-error.ts";
import type { World } from "./world.ts";

/** One request on its way through a route. */
export interface Call {
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  /** The request's body; unlike the request itself it counts its bytes for the tests. */
  body: Readable;
  query: URLSearchParams;
  parameters: Record<string, string>;
  uploadsDirectory: string;
}

/** What a route returns is sent as JSON, unless it has answered itself. */
export type Handler = (call: Call) => unknown;

interface Route {
  method: string;
  pattern: RegExp;
  handler: Handler;
}

/** Routes of one prefix. `:id` matches a number, any other `:name` one path segment. */
export class Router {
  private readonly routes: Route[] = [];

  onGet(path: string, handler: Handler): void {
    this.on("GET", path, handler);
  }

  onPost(path: string, handler: Handler): void {
    this.on("POST", path, handler);
  }

  /** PUT with its deprecated POST twin, which warns in a header. */
  onPut(path: string, handler: Handler): void {
    this.on("PUT", path, handler);
    this.on("POST", path, deprecated("PUT", "POST", handler));
  }

  /** DELETE with its deprecated POST twin. */
  onDelete(path: string, handler: Handler): void {
    this.on("DELETE", path, handler);
    this.on("POST", path, deprecated("DELETE", "POST", handler));
  }

  on(method: string, path: string, handler: Handler): void {
    const source = path.replaceAll(/:(\w+)/g, (_, name: string) => `(?<${name}>${name === "id" ? "\\d+" : "[^/]+"})`);
    this.routes.push({ method, pattern: new RegExp(`^${source}/?$`), handler });
  }

  /** The route for a path and the values of its parameters; a trailing slash makes no difference. */
  find(method: string, path: string): { handler: Handler; parameters: Record<string, string> } {
    const matching = this.routes.filter((route) => route.pattern.test(path));
    if (matching.length === 0) throw new ApiError(404, "Such API endpoint doesn't exist");
    const route = matching.find((each) => each.method === method);
    if (route === undefined) throw new ApiError(405, "The method is not allowed for the requested URL.");
    const groups = Object.entries(route.pattern.exec(path)?.groups ?? {});
    const parameters = groups.map(([name, value]) => [name, decodeURIComponent(value)]);
    return { handler: route.handler, parameters: Object.fromEntries(parameters) as Record<string, string> };
  }
}

export function deprecated(better: string, worse: string, handler: Handler): Handler {
  return (call) => {
    call.response.setHeader("Warning", `This method is deprecated: Use ${better} method instead of ${worse}`);
    return handler(call);
  };
}

export function parameter(call: Call, name: string): string {
  const value = call.parameters[name];
  if (value === undefined) throw new Error(`route without :${name}`);
  return value;
}

export function queryArgument(call: Call, name: string): string {
  const value = call.query.get(name);
  if (value === null) throw new ApiError(400, `Missing argument ${name}`);
  return value;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(`${JSON.stringify(value)}\n`);
}

/** Runs a route and sends its answer or its error. */
export async function answer(router: Router, path: string, call: Call): Promise<void> {
  try {
    const { handler, parameters } = router.find(call.request.method ?? "GET", path);
    const result = await handler({ ...call, parameters });
    if (!call.response.headersSent) sendJson(call.response, 200, result);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    sendJson(call.response, error.status, { ...error.fields, error: error.message });
  }
}
