import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A frontend for the benchmarks: a process of its own, so that it costs all clients the same. Argument: what it serves.
const [scene] = process.argv.slice(2);
const FILES = 500;
const FILE_BYTES = Math.floor(1024 ** 3 / FILES);
const project = (id: number) => ({
  id,
  name: `project-${id}`,
  ownername: "me",
  full_name: `me/project-${id}`,
  description: "A project of fifty.",
  additional_repos: [],
  chroot_repos: Object.fromEntries(
    ["rawhide", "43", "42"].map((name) => [`fedora-${name}-x86_64`, `https://example.org/results/me/project-${id}/fedora-${name}-x86_64/`]),
  ),
});
const build = (id: number, state: string) => ({
  id,
  state,
  projectname: "prj",
  ownername: "me",
  project_dirname: "prj",
  chroots: [],
  source_package: { name: "hello", url: null, version: null },
});

/** Answers of `/monitor` for 2,000 packages in 5 chroots, 10,000 builds, one of ten of which failed. */
const monitored = JSON.stringify({
  packages: Array.from({ length: 2000 }, (_, row) => ({
    name: `python-package-${row}`,
    chroots: Object.fromEntries(
      Array.from({ length: 5 }, (__, column) => [
        `fedora-${40 + column}-x86_64`,
        {
          build_id: row * 5 + column + 1,
          pkg_version: `1.${row}-${column}`,
          state: (row + column) % 10 === 0 ? "failed" : "succeeded",
          status: 1,
        },
      ]),
    ),
  })),
});

let requests = 0;
const body = Buffer.alloc(FILE_BYTES, "x");
const lines = Buffer.from(
  Array.from({ length: 10_000 }, (_, line) => `gcc -O2 -g -c -o obj/file${line}.o src/file${line}.c ${"-Wall ".repeat(line % 9)}\n`).join(
    "",
  ),
);
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => answer(request, response));
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("message", () => process.send?.(requests));

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests += 1;
  const { pathname } = new URL(request.url ?? "/", "http://x");
  if (scene === "plan") return void setTimeout(servePlanned, 50, pathname, response);
  if (pathname.endsWith(".log")) return serveLog(Number(/(\d+)\.log$/.exec(pathname)?.[1]), response);
  if (scene === "log") return serveFiles(pathname, response);
  if (scene === "files") return serveFiles(pathname, response);
  const json = (value: unknown): void => void response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  if (pathname.endsWith("/project/list")) return json({ items: Array.from({ length: 50 }, (_, id) => project(id)), meta: {} });
  if (scene === "builds" && pathname.endsWith("/build/list")) {
    const { searchParams } = new URL(request.url ?? "/", "http://x");
    const [offset, limit] = [Number(searchParams.get("offset") ?? 0), Number(searchParams.get("limit"))];
    const items = Array.from({ length: Math.max(0, Math.min(limit, 50_000 - offset)) }, (_, at) => build(50_000 - offset - at, "failed"));
    return json({ items, meta: { limit, offset, order: "id", order_type: "DESC" } });
  }
  if (pathname.endsWith("/monitor")) return void response.setHeader("content-type", "application/json").end(monitored);
  if (pathname.endsWith("/build-chroot/list")) {
    return json({ items: [{ name: "fedora-43-x86_64", state: "running", started_on: 1, ended_on: null, result_url: null }], meta: {} });
  }
  if (pathname.endsWith("/build/list")) {
    const isFirst = new URL(request.url ?? "/", "http://x").searchParams.get("offset") === null;
    const items = isFirst ? Array.from({ length: 200 }, (_, id) => build(id + 1, "running")) : [];
    return json({ items, meta: { limit: null, offset: 0, order: "id", order_type: "ASC" } });
  }
  return json(build(Number(/\d+$/.exec(pathname)?.[0] ?? 1), scene === "watch" ? "running" : "pending"));
}

/** A project of 500 packages and 20 chroots, which is what the file of plan.ts says. */
function servePlanned(pathname: string, response: ServerResponse): void {
  const json = (value: unknown): void => void response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  if (pathname.endsWith("/package/list")) {
    const source_dict = { type: "git", clone_url: "https://example.org/x.git", committish: "main", source_build_method: "rpkg" };
    const names = Array.from({ length: 500 }, (_, at) => `package-${at}`);
    const items = names.map((name) => ({ name, source_type: "scm", source_dict, auto_rebuild: true }));
    return json({ items, meta: { limit: 1000, offset: 0, order: "id", order_type: "ASC" } });
  }
  if (pathname.includes("/permissions/")) return json({ permissions: { bob: { builder: "approved", admin: "nothing" } } });
  if (pathname.endsWith("/project-chroot")) return json({ mock_chroot: "fedora-1-x86_64", additional_packages: ["gcc"], comps_name: null });
  const chroots = Array.from({ length: 20 }, (_, at) => [`fedora-${at}-x86_64`, ""]);
  return json({ ...project(1), chroot_repos: Object.fromEntries(chroots) });
}

/** Lines of a build, as many bytes as are asked for, made of one block: nothing lies on a disk. */
function serveLog(bytes: number, response: ServerResponse): void {
  response.writeHead(200, { "content-length": bytes, "content-type": "text/plain" });
  let left = bytes;
  const send = (): void => {
    for (let isWanted = true; isWanted && left > 0; left -= lines.length) isWanted = response.write(lines.subarray(0, left));
    if (left <= 0) response.end();
  };
  response.on("drain", send);
  send();
}

function serveFiles(pathname: string, response: ServerResponse): void {
  const url = `http://${String(response.req.headers.host)}/results/me/prj/c/00000001-hello/`;
  const json = (value: unknown): void => void response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  if (pathname.endsWith("/build/1")) return json(build(1, "succeeded"));
  if (pathname.includes("source-chroot")) return json({ state: "succeeded", result_url: url });
  if (pathname.endsWith("/build-chroot/list")) return json({ items: [{ name: "c", state: "succeeded", result_url: url }], meta: {} });
  if (pathname.endsWith("/project")) return json({ ...project(1), storage: "backend", devel_mode: false });
  if (pathname.includes("built-packages")) return json({});
  if (pathname.endsWith("/robots.txt")) return void response.writeHead(404).end();
  if (!pathname.endsWith("/"))
    return void response.writeHead(200, { "content-length": body.length, "content-type": "application/octet-stream" }).end(body);
  const links = Array.from({ length: FILES }, (_, index) => `<a href="file-${index}.log.gz">file-${index}.log.gz</a>`).join("\n");
  response.setHeader("content-type", "text/html").end(`<html><body>${links}</body></html>`);
}
