import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A request as it came in. */
export interface SeenRequest {
  method: string;
  /** Path and query, undecoded. */
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface WebServer {
  /** Without a slash at its end. */
  url: string;
  port: number;
  requests: SeenRequest[];
}

/** Answers a request; `number` counts from 1. */
export type Handler = (response: ServerResponse, request: SeenRequest, number: number) => unknown;

export interface WebServerOptions {
  port?: number;
  /** Key and certificate make it an https server. */
  tls?: ServerOptions;
}

/** A real server on loopback until the test has finished. */
export async function webServer(handler: Handler, { port = 0, tls }: WebServerOptions = {}): Promise<WebServer> {
  const requests: SeenRequest[] = [];
  const listener: RequestListener = async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const seen = { method, url, headers, body: await buffer(incoming) };
    handler(response, seen, requests.push(seen));
  };
  const server: Server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: actual } = server.address() as AddressInfo;
  return { url: `${tls ? "https" : "http"}://127.0.0.1:${actual}`, port: actual, requests };
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** A server of raw bytes, which begins to talk when it is asked; resolves to its address. */
export async function rawServer(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.once("data", () => talk(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
