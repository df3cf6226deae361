import { type IncomingMessage, request as sendRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { type SeenRequest, type WebServer, webServer } from "./web-server.ts";

/**
 * What becomes of a request: the connection breaks before the server behind hears of it, after it has done what was asked, or
 * in the middle of its answer; its answer never arrives; or the proxy answers itself, and the server hears nothing, unless it
 * `isForwarded`.
 */
export type Fault = "before" | "after" | "middle" | "silence" | ProxyAnswer;

interface ProxyAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  isForwarded?: boolean;
}

/** A proxy before a real server until the test has finished; `fault` is asked for each request, which it counts from 1. */
export async function faultyProxy(target: string, fault: (request: SeenRequest, number: number) => Fault | undefined): Promise<WebServer> {
  return webServer(async (response, request, number) => {
    const chosen = fault(request, number);
    const socket = response.socket;
    if (chosen === "before") return void socket?.destroy();
    if (typeof chosen === "object") {
      const { status, headers, body = '{"error": "slow down"}', isForwarded = false } = chosen;
      if (isForwarded) await forward(target, request);
      return void response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    }
    const { head, body } = await forward(target, request);
    if (chosen === "silence") return undefined;
    if (chosen === "after") return void socket?.destroy();
    response.writeHead(head.statusCode ?? 500, { ...withoutFraming(head.headers), "content-length": body.length });
    if (chosen === undefined) return void response.end(body);
    return void response.write(body.subarray(0, body.length / 2), () => socket?.destroy());
  });
}

async function forward(target: string, { method, url, headers, body }: SeenRequest): Promise<{ head: IncomingMessage; body: Buffer }> {
  const head = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest(new URL(url, target), { method, headers: { ...headers, host: new URL(target).host } }, resolve)
      .on("error", reject)
      .end(body);
  });
  return { head, body: await buffer(head) };
}

function withoutFraming(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const { "transfer-encoding": _, connection: __, "keep-alive": ___, ...rest } = headers;
  return rest;
}
