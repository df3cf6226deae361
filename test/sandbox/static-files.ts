import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const contentTypes: Record<string, string> = {
  ".gz": "application/gzip",
  ".html": "text/html;charset=utf-8",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".rpm": "application/x-rpm",
  ".spec": "text/plain; charset=utf-8",
  ".xml": "application/xml",
};

/** Serves a directory tree like a web server of results: listings, ranges, dates. */
export async function serveFile(root: string, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const location = join(root, decodeURIComponent(path));
  const isInside = location === root || location.startsWith(root + sep);
  const found = isInside && !path.includes("\0") ? await stat(location).catch(() => null) : null;
  if (found === null || !(found.isFile() || found.isDirectory())) return sendText(response, 404, "Not Found");
  if (found.isDirectory()) return await serveDirectory(location, request, response);
  const headers = {
    "Accept-Ranges": "bytes",
    "Content-Type": contentTypes[extname(location)] ?? "application/octet-stream",
    "Last-Modified": found.mtime.toUTCString(),
    ETag: `"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`,
  };
  const range = byteRange(request.headers.range, found.size);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${found.size}`);
    return sendText(response, 416, "Range Not Satisfiable");
  }
  const { start, end } = range ?? { start: 0, end: found.size - 1 };
  if (range !== null) response.setHeader("Content-Range", `bytes ${start}-${end}/${found.size}`);
  response.writeHead(range === null ? 200 : 206, { ...headers, "Content-Length": end - start + 1 });
  if (request.method === "HEAD" || end < start) response.end();
  else await pipeline(createReadStream(location, { start, end }), response);
}

/** The part that a Range header asks for; null: all, also when the header is no single byte range. */
function byteRange(header: string | undefined, size: number) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || match[0] === "bytes=-") return null;
  const isSuffix = match[1] === "";
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start >= size || start > end ? "unsatisfiable" : { start, end };
}

async function serveDirectory(directory: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (!pathname.endsWith("/")) {
    response.writeHead(301, { Location: `${pathname}/`, "Content-Length": 0 }).end();
    return;
  }
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  const body = listing(decodeURIComponent(pathname), names);
  response.writeHead(200, { "Content-Type": "text/html;charset=utf-8", "Content-Length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Apache's plain listing; `wget -r` and our own download both follow its links. */
function listing(path: string, names: readonly string[]): string {
  const rows = names.map((name) => link(escapeHtml(encodeURI(name).replaceAll("#", "%23")), escapeHtml(name)));
  const title = `Index of ${escapeHtml(path.replace(/\/$/, ""))}`;
  return [
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">',
    `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n<h1>${title}</h1>`,
    `<ul>${link("../", "Parent Directory")}`,
    ...rows,
    "</ul>\n</body></html>\n",
  ].join("\n");
}

function link(target: string, text: string): string {
  return `<li><a href="${target}"> ${text}</a></li>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}
