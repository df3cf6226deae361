import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { apiPage } from "./api-page.ts";
import { addBuildChrootRoutes } from "./api/build-chroot.ts";
import { addBuildCreateRoutes } from "./api/build-create.ts";
import { addBuildRoutes } from "./api/build.ts";
import { addGeneralRoutes } from "./api/general.ts";
import { addMonitorRoutes } from "./api/monitor.ts";
import { addPackageRoutes } from "./api/package.ts";
import { addPermissionRoutes } from "./api/permissions.ts";
import { addProjectChrootRoutes } from "./api/project-chroot.ts";
import { addProjectRoutes } from "./api/project.ts";
import { addRpmRepoRoutes } from "./api/rpm-repo.ts";
import { backendRouter } from "./backend.ts";
import { serveGit } from "./git-http.ts";
import { answer, Router } from "./routing.ts";
import { sendText, serveFile } from "./static-files.ts";
import type { World } from "./world.ts";

/** One request as the tests see it afterwards. */
export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  bodyBytes: number;
}

export interface ServedDirectories {
  uploads: string;
  repositories: string;
  lookaside: string;
  results: string;
}

const apiRouter = new Router();
for (const addRoutes of [
  addGeneralRoutes,
  addProjectRoutes,
  addPermissionRoutes,
  addProjectChrootRoutes,
  addBuildCreateRoutes,
  addBuildRoutes,
  addBuildChrootRoutes,
  addPackageRoutes,
  addMonitorRoutes,
  addRpmRepoRoutes,
]) {
  addRoutes(apiRouter);
}

/** Answers requests of all four servers; the world comes later because it must know the port. */
export function createSandboxServer(world: () => World, directories: ServedDirectories, requests: RecordedRequest[]): Server {
  return createServer((request, response) => {
    const record = recordRequest(request);
    requests.push(record);
    const body = new PassThrough();
    body.on("data", (chunk: Buffer) => (record.bodyBytes += chunk.length)).pause();
    request.on("error", (error) => body.destroy(error)).pipe(body);
    serve(world(), directories, request, body, response)
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else sendText(response, 500, String(error));
      })
      // What a route left unread must go, or the connection cannot be used again.
      .finally(() => body.resume());
  });
}

async function serve(
  world: World,
  directories: ServedDirectories,
  request: IncomingMessage,
  body: PassThrough,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search, searchParams } = new URL(request.url ?? "/", world.url);
  const [, prefix = "", path = "/"] = /^\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  const call = {
    world,
    request,
    response,
    body,
    query: searchParams,
    parameters: {},
    uploadsDirectory: directories.uploads,
  };
  switch (prefix) {
    case "api_3":
      // The real server needs a length: uploads of unknown size are turned away.
      if (request.headers["transfer-encoding"] !== undefined) return refuseChunked(response);
      return await answer(apiRouter, path, call);
    case "api":
      return showApiPage(world, response);
    case "backend":
      response.setHeader("Copr-FE-BE-API-Version", "9");
      return await answer(backendRouter, path, call);
    case "tmp":
      return await serveFile(directories.uploads, path, request, response);
    case "lookaside":
      return await serveFile(directories.lookaside, path, request, response);
    case "results":
      return await serveFile(directories.results, path, request, response);
    case "git":
      return await serveGit(directories.repositories, path, search.slice(1), request, body, response);
    default:
      return sendText(response, 404, "Not Found");
  }
}

function showApiPage(world: World, response: ServerResponse): void {
  const [account] = world.accounts;
  if (account === undefined) return sendText(response, 404, "Not Found");
  response.writeHead(200, { "Content-Type": "text/html" }).end(apiPage(world.url, account));
}

function refuseChunked(response: ServerResponse): void {
  response.setHeader("Connection", "close");
  sendText(response, 411, "Length Required");
}

function recordRequest(request: IncomingMessage): RecordedRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: Object.fromEntries(headers) as Record<string, string>,
    bodyBytes: 0,
  };
}
