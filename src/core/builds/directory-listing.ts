import type { Readable } from "node:stream";
import { CoprError } from "../errors.ts";
import { unpack } from "../http/unpacked.ts";

/** Whether an answer can be a listing: result servers send HTML for directories. */
export function isDirectoryListing(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return String(headers["content-type"] ?? "").startsWith("text/html");
}

/**
 * Addresses linked from a web server's directory listing (Apache, lighttpd, nginx) that lie directly below it.
 * Sub-directories end in `/`. It may come packed, by servers and proxies that do not ask whether one wants that.
 * Links elsewhere, as to the parent or for sorting, are left out.
 */
export async function readListing(body: Readable, url: string): Promise<string[]> {
  const base = new URL("./", url);
  const found = new Set<string>();
  for (const [, quoted, single] of (await textOf(body, url)).matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
    const href = (quoted ?? single ?? "").replaceAll("&amp;", "&");
    if (href.startsWith("?") || href.startsWith("#") || !URL.canParse(href, base.href)) continue;
    const target = new URL(href, base);
    if (target.origin !== base.origin || target.search !== "" || !target.pathname.startsWith(base.pathname)) continue;
    const rest = target.pathname.slice(base.pathname.length);
    if (/^[^/]+\/?$/.test(rest)) found.add(target.href.replace(/#.*$/, ""));
  }
  return [...found];
}

const MAX_LISTING_BYTES = 64 * 1024 * 1024;

async function textOf(body: Readable, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await unpack(body)).bytes) {
    size += chunk.length;
    if (size > MAX_LISTING_BYTES) throw new CoprError(`The listing of ${url} is too long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
