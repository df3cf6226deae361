import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as the recordings spell it. */
export interface RecordedRequest {
  method: string;
  /** With its query. */
  path: string;
  auth: string | null;
  body: RecordedBody | null;
}

interface RecordedBody {
  json?: unknown;
  multipart?: { headers: [string, string][]; bytes: number; json?: unknown; text?: string; base64?: string }[];
}

export interface Exchange {
  request: RecordedRequest;
  response: { status: number; headers: Record<string, string>; body: { json: unknown } };
}

/** A request in the form in which two of them are compared. */
export interface ComparableRequest {
  method: string;
  path: string;
  query: string[];
  hasAuth: boolean;
  body: unknown;
}

export interface RecordedServer {
  url: string;
  /** What came, in order. */
  requests: ComparableRequest[];
  close(): Promise<void>;
}

/** A frontend that gives the recorded answers, each once; `placeholders` become addresses of this server. */
export async function serveRecording(
  exchanges: readonly Exchange[],
  resolve: (text: string, url: string) => string,
): Promise<RecordedServer> {
  const open = [...exchanges];
  const requests: ComparableRequest[] = [];
  let url = "";
  const server = createServer((request, response) => {
    void (async () => {
      const came = await comparable(request);
      if (!/^\/api_3(\/|$)/.test(came.path)) return response.writeHead(200, { "content-type": "text/html" }).end("<html>Index of</html>");
      requests.push(came);
      const at = open.findIndex(({ request: { method, path } }) => method === came.method && pathOf(path) === came.path);
      const [exchange] = at < 0 ? [] : open.splice(at, 1);
      if (!exchange) return response.writeHead(500, { "content-type": "application/json" }).end('{"error": "not recorded"}');
      const { status, headers, body } = exchange.response;
      return response.writeHead(status, headers).end(resolve(JSON.stringify(body.json), url));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A recorded request in the form in which two of them are compared; `changes` go into its JSON body. */
export function comparableRecording({ method, path, auth, body }: RecordedRequest, changes?: object): ComparableRequest {
  const content = comparableRecordedBody(body);
  return {
    method,
    path: pathOf(path),
    query: queryOf(path),
    hasAuth: auth !== null,
    body: changes ? { ...(content as object), ...changes } : content,
  };
}

async function comparable(request: IncomingMessage): Promise<ComparableRequest> {
  const { method = "", url = "", headers } = request;
  const body = await buffer(request);
  return {
    method,
    path: pathOf(url),
    query: queryOf(url),
    hasAuth: headers.authorization !== undefined,
    body: await comparableBody(body, headers["content-type"] ?? ""),
  };
}

function pathOf(url: string): string {
  return decodeURIComponent(url.split("?", 1)[0] as string).replace(/\/$/, "");
}

function queryOf(url: string): string[] {
  return [...new URL(url, "http://x").searchParams].map(([key, value]) => `${key}=${value}`).sort();
}

function comparableRecordedBody(body: RecordedBody | null): unknown {
  if (!body?.multipart) return body?.json === undefined ? null : withoutLeak(body.json);
  return body.multipart.map(({ headers, json, text, base64 }) => ({
    ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    content: json ?? (base64 === undefined ? text : Buffer.from(base64, "base64").toString("latin1")),
  }));
}

async function comparableBody(body: Buffer, contentType: string): Promise<unknown> {
  if (body.length === 0) return null;
  if (!contentType.startsWith("multipart/")) return withoutLeak(JSON.parse(body.toString()));
  const boundary = `--${/boundary=(.*)/.exec(contentType)?.[1]}`;
  const parts = body.toString("latin1").split(boundary).slice(1, -1);
  return parts.map((part) => {
    const [head = "", ...rest] = part.slice(2).split("\r\n\r\n");
    const headers = Object.fromEntries(
      head.split("\r\n").map((line) => [line.split(":")[0]?.toLowerCase(), line.replace(/^[^:]*: */, "")]),
    );
    const content = rest.join("\r\n\r\n").slice(0, -2);
    return { ...headers, content: headers["content-type"] === "application/json" ? JSON.parse(content) : content };
  });
}

/** Upstream sends this key by mistake. */
function withoutLeak(json: unknown): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const { progress_callback: _, ...rest } = json as Record<string, unknown>;
  return rest;
}
