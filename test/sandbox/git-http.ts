import { spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Git's smart HTTP through git's own CGI program, read-only: cloning with a depth needs no less. */
export async function serveGit(
  root: string,
  path: string,
  query: string,
  request: IncomingMessage,
  body: Readable,
  response: ServerResponse,
): Promise<void> {
  const cgi = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(path),
      QUERY_STRING: query,
      REMOTE_ADDR: "127.0.0.1",
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: request.headers["content-length"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  // The program may answer without reading all of its input.
  pipeline(body, cgi.stdin).catch(() => undefined);
  await once(cgi, "spawn");
  await relay(cgi.stdout, response);
}

/** Turns the CGI answer, headers and body in one stream, into an HTTP answer. */
async function relay(output: Readable, response: ServerResponse): Promise<void> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (response.headersSent) {
      if (!response.write(chunk)) await once(response, "drain");
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    writeHead(response, head.toString("latin1", 0, end));
    response.write(head.subarray(end + 4));
  }
  if (!response.headersSent) response.writeHead(500);
  response.end();
}

function writeHead(response: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.appendHeader(name, value);
  }
  response.writeHead(status);
}
